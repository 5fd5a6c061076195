"""What was promised, and whether it was kept."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import indent


@dataclass(frozen=True)
class Check:
    """One promise.

    Attributes:
        subject: the plugin or the model that made it.
        promise: what should be so.
        reason: why it is not; empty where it is.
        detail: the traceback, where something unforeseen was raised.
    """

    subject: str
    promise: str
    reason: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether the promise was kept."""
        return not self.reason

    def __str__(self) -> str:
        if self.passed:
            return f"ok    {self.subject}: {self.promise}"
        return f"FAIL  {self.subject}: {self.promise}\n" + indent(f"{self.reason}\n{self.detail}".rstrip(), " " * 6)


@dataclass(frozen=True)
class Report:
    """Every check in the order made; `str(report)` is for people.

    Attributes:
        checks: those that passed and those that failed.
    """

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether all passed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Check, ...]:
        """Those that failed."""
        return tuple(check for check in self.checks if not check.passed)

    def __str__(self) -> str:
        verdict = "all passed" if self.ok else f"{len(self.failures)} failed"
        return "\n".join([*map(str, self.checks), f"{len(self.checks)} checks, {verdict}"])


class BrokenPromiseError(Exception):
    """A promise is not kept; the message says how."""


def require(kept: object, reason: str) -> None:
    """Raises `BrokenPromiseError` with the reason unless `kept`."""
    if not kept:
        raise BrokenPromiseError(reason)


class Inspector:
    """Collects the checks of one subject.

    Attributes:
        subject: the plugin or the model.
        checks: what was found so far.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.checks: list[Check] = []

    @contextmanager
    def check(self, promise: str) -> Iterator[None]:
        """Notes whether the block ends without an exception; an exception becomes the reason and goes no further."""
        reason = detail = ""
        try:
            yield
        except BrokenPromiseError as broken:
            reason = str(broken)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (a plugin may raise anything)
            reason = f"{type(error).__name__}: {error}"
            detail = "".join(traceback.format_exception(error))
        self.checks.append(Check(self.subject, promise, reason, detail))
