"""Ctrl-C, SIGTERM and a terminal that is closed become an ordinary call on the GUI thread; the handler does no work."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none


class SignalCatcher(QObject):
    """Calls `asked` on the GUI thread when the process is asked to end, and `insisted` from the second time on.

    The shell and the system both tell of a terminal that is closed: nobody insists by that.
    """

    def __init__(self, asked: Callable[[], Any], insisted: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked = asked
        self._insisted = insisted
        self._was_asked = False
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before: dict[int, Any] = {}
        for number in _asking_to_end():
            self._before[number] = signal.signal(number, _nothing)

    def close(self) -> None:
        """Puts everything back as it was."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _read(self) -> None:
        received = bytearray()  # the number of a signal each
        with contextlib.suppress(BlockingIOError):
            while some := self._reader.recv(64):
                received += some
        if not self._was_asked:
            self._was_asked = True
            self._asked()
        elif any(number != HANG_UP for number in received):
            self._insisted()


def _asking_to_end() -> list[int]:
    """The signals that ask for an end. `nohup` has SIGHUP ignored, and it stays so."""
    numbers: list[int] = [signal.SIGINT, signal.SIGTERM]
    if HANG_UP is not None and signal.getsignal(HANG_UP) is not signal.SIG_IGN:
        numbers.append(HANG_UP)
    return numbers


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor has carried the news; Python only must not take its default action."""
