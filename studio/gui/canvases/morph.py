"""Walking to and fro between two ends, by the clock, so that a slow device shows fewer steps and not a slower walk."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QObject, QTimer, Signal

FRAME_MS = 33
SECONDS_ONE_WAY = 4.0


class Morph(QObject):
    """Moves t from 0 to 1 and back, easing into both ends.

    Signals:
        moved(t): where it is now.
        playing_changed(playing): it began or stopped.
    """

    moved = Signal(float)
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        """Whether it walks."""
        return self._timer.isActive()

    def play(self, t: float) -> None:
        """Walks on from `t` towards 1."""
        if not self.playing:
            self._began = time.monotonic() - math.acos(1 - 2 * t) / math.pi * SECONDS_ONE_WAY
            self._timer.start()
            self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stops where it is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def _tick(self) -> None:
        self.moved.emit(position(time.monotonic() - self._began))


def position(seconds: float) -> float:
    """Where a walk of that age is, 0 to 1."""
    return (1 - math.cos(math.pi * seconds / SECONDS_ONE_WAY)) / 2
