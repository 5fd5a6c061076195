"""Files that are left out, and why: nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from studio.api.data import Source


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why."""

    file: str
    reason: str


@runtime_checkable
class LeavesOut(Protocol):
    """A source that leaves files out before any picture is decoded, by their names."""

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """Those files, in order."""
        ...


def left_out_of(source: Source) -> tuple[Skipped, ...]:
    """The files that the source has left out; none where it leaves none out."""
    return source.left_out if isinstance(source, LeavesOut) else ()


def in_words(skipped: Sequence[Skipped]) -> str:
    """How many files were left out, and the first of them with its reason."""
    first = f"{skipped[0].file}: {skipped[0].reason}"
    return f"A file was left out. {first}" if len(skipped) == 1 else f"{len(skipped):,} files were left out. {first}"
