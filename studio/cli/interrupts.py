"""Ctrl-C and SIGTERM: the first asks for a clean end, the second leaves at once."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType


class Interrupts:
    """Which signal has asked for an end.

    Attributes:
        received: its number; 0 while there was none.
    """

    def __init__(self) -> None:
        self.received = 0

    @property
    def exit_code(self) -> int:
        """What a shell expects of a program that this signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + self.received

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Takes a signal."""
        if self.received:
            os._exit(128 + number)
        self.received = number


@contextlib.contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Signals are taken by the yielded object meanwhile."""
    taken = Interrupts()
    before = {number: signal.signal(number, taken.handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield taken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
