"""Ctrl-C and SIGTERM become an ordinary call on the GUI thread; no work is done in the signal handler."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier


class SignalCatcher(QObject):
    """Calls `asked` on the GUI thread when the process is asked to end, and `insisted` from the second time on."""

    def __init__(self, asked: Callable[[], Any], insisted: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked = asked
        self._insisted = insisted
        self._times = 0
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before: dict[int, Any] = {}
        for number in (signal.SIGINT, signal.SIGTERM):
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
        with contextlib.suppress(BlockingIOError):
            while self._reader.recv(64):
                pass
        self._times += 1
        (self._asked if self._times == 1 else self._insisted)()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor has carried the news; Python only must not take its default action."""
