"""Ctrl-C, SIGTERM and a terminal that is closed: the first asks for a clean end, a second one leaves at once."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none


class Interrupts:
    """Which signal has asked for an end.

    Attributes:
        received: its number; 0 while there was none.
    """

    def __init__(self) -> None:
        self.received = 0

    @property
    def exit_code(self) -> int:
        """What a shell expects of a program that this signal ended: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
        return 128 + self.received

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Takes a signal. The shell and the system both tell of a terminal that is closed: nobody insists by that."""
        if not self.received:
            self.received = number
        elif number != HANG_UP:
            os._exit(128 + number)


@contextlib.contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Signals are taken by the yielded object meanwhile."""
    taken = Interrupts()
    before = {number: signal.signal(number, taken.handle) for number in asking_to_end()}
    try:
        yield taken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def asking_to_end() -> list[int]:
    """The signals that ask for an end. `nohup` has SIGHUP ignored, and it stays so."""
    numbers: list[int] = [signal.SIGINT, signal.SIGTERM]
    if HANG_UP is not None and signal.getsignal(HANG_UP) is not signal.SIG_IGN:
        numbers.append(HANG_UP)
    return numbers
