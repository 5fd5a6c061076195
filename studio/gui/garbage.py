"""Collects garbage on the GUI thread alone: a collection on another thread that meets widgets ends the process."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 2000


class GarbageCollector(QObject):
    """Takes the collector's work over, a few milliseconds every two seconds where there is something to do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Takes over."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Gives back."""
        self._timer.stop()
        gc.enable()

    def freeze(self) -> None:
        """Leaves all that is alive now out of every later collection: modules just imported never become garbage."""
        gc.freeze()

    def collect(self) -> None:
        """Collects as far as the counts ask for."""
        counts = gc.get_count()
        due = [generation for generation in (0, 1, 2) if counts[generation] > self._limits[generation]]
        if due:
            gc.collect(due[-1])
