"""A disk that fails at the n-th call of the system, in a way that one chooses; or a process that ends there."""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import pytest

CALLS = ("open", "write", "fsync", "close", "replace", "unlink", "ftruncate")
WRITING = os.O_WRONLY | os.O_RDWR


class Fault(StrEnum):
    """What happens at the n-th call."""

    FULL = "ENOSPC"
    BROKEN = "EIO"
    SHORT = "short write"
    TORN = "half a write, then ENOSPC"
    EXIT = "_exit"


class FaultyDisk:
    """Counts the calls that change a disk, and spoils one of them.

    Attributes:
        seen: calls so far.
    """

    def __init__(self, fault: Fault | None = None, at: int = 0) -> None:
        self.seen = 0
        self._fault = fault
        self._at = at

    @contextlib.contextmanager
    def mounted(self) -> Iterator[None]:
        """In place of the real one, for this process."""
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self._spoiled(name, getattr(os, name)))
            patch.setattr(io, "open", _open_through_os(io.open))
            yield

    def _spoiled(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.seen += 1
            if self.seen != self._at or self._fault is None:
                return real(*arguments, **options)
            return self._spoil(name, real, arguments, options)

        return call

    def _spoil(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if name == "write" and self._fault in (Fault.SHORT, Fault.TORN, Fault.EXIT):
            written = real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            if self._fault is Fault.SHORT:
                return written
        match self._fault:
            case Fault.EXIT:
                os._exit(0)
            case Fault.SHORT:
                return real(*arguments, **options)
            case _:
                if name == "close":
                    real(*arguments)  # Linux lets go of the descriptor whatever it says
                number = errno.EIO if self._fault is Fault.BROKEN else errno.ENOSPC
                raise OSError(number, os.strerror(number))


class _Raw(io.RawIOBase):
    """A file written through `os`, where a disk can be spoiled."""

    def __init__(self, path: Path, mode: str) -> None:
        how = os.O_CREAT | {"x": os.O_EXCL, "w": os.O_TRUNC, "a": os.O_APPEND}[mode[0]]
        self._descriptor = os.open(path, os.O_WRONLY | how, 0o644)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any) -> int:
        return os.write(self._descriptor, data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


def _open_through_os(real: Callable[..., Any]) -> Callable[..., Any]:
    def open_(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode[0] not in "xwa":
            return real(path, mode, *arguments, **options)
        buffered = io.BufferedWriter(cast("io.RawIOBase", _Raw(path, mode)))
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding="utf-8")

    return open_
