"""Whether the device thread still gets anywhere: its pulse, and somebody who feels it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

IDLE_SHARE = 0.01
LATE = 20
LONG_SECONDS = 600.0


class Pulse:
    """Beaten by a thread wherever it gets further.

    Attributes:
        beats: how often it has been beaten.
        resting: whether the thread waits for something to do.
        thread: who beats it; None before it has begun.
    """

    def __init__(self) -> None:
        self.beats = 0
        self.resting = True
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Called by the thread itself, as it begins."""
        self.thread = threading.current_thread()
        self.resting = False

    def beat(self) -> None:
        """The thread has come further."""
        self.beats += 1

    @contextmanager
    def rest(self) -> Iterator[None]:
        """The thread waits for something to do meanwhile."""
        self.resting = True
        try:
            yield
        finally:
            self.resting = False
            self.beats += 1


class Watch:
    """Tells a thread that hangs from one that is slow.

    A thread that neither gets further nor computes for `patience` seconds hangs. One that computes may have met a long
    phase: torch may be compiling. It gets `long` seconds, or twenty times its longest phase so far where that is more.

    Args:
        pulse: the thread's.
        patience: seconds.
        long: seconds.
    """

    def __init__(self, pulse: Pulse, patience: float, long: float = LONG_SECONDS) -> None:
        self._pulse = pulse
        self._patience = patience
        self._long = max(long, patience)
        self._longest = 0.0
        self._beats = -1
        self._since = time.monotonic()
        self._cpu = 0.0

    def hangs(self) -> str:
        """Why the thread is taken to hang, as the end of a sentence; empty where it is not. Ask every now and then."""
        now, cpu = time.monotonic(), _cpu_seconds(self._pulse.thread)
        if self._pulse.thread is None:
            return ""
        if self._pulse.beats != self._beats or self._pulse.resting:
            self._longest = max(self._longest, now - self._since)
            self._beats, self._since, self._cpu = self._pulse.beats, now, cpu
            return ""
        stood = now - self._since
        if stood > self._patience and cpu - self._cpu < IDLE_SHARE * stood:
            return f"it has waited for something for {stood:.0f} s"
        if stood > max(self._long, LATE * self._longest):
            return f"it has computed without an end for {stood:.0f} s"
        return ""


def _cpu_seconds(thread: threading.Thread | None) -> float:
    """What the thread has computed; what the whole process has, where a thread's own share cannot be known."""
    if sys.platform == "linux" and thread is not None and thread.ident is not None and thread.is_alive():
        return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return time.process_time()
