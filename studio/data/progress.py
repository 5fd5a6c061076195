"""Telling how far long work is, no more often than an eye can follow."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 0.05

Progress = Callable[[int, int], None]


class Paced:
    """Passes (done, total) on: the first, the last, and at most 20 a second between."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._progress is None:
            return
        now = time.monotonic()
        if now >= self._next or done == total:
            self._next = now + SECONDS
            self._progress(done, total)
