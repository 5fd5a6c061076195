"""What a canvas says about its picture: which weights made it and how fast, or why there is none."""

from __future__ import annotations

from collections import deque
from statistics import median

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.gui import words
from studio.gui.canvases.host import CanvasHost
from studio.gui.widgets.basics import DimLabel

RECENT = 15
WORDS_MS = 500
ASIDE_MS = 4000


class CanvasStatus(DimLabel):
    """`Following the newest weights · 9 ms a picture`; `Step 12,400 · 9 ms a picture` when nothing trains.

    The numbers change twice a second at most.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__("Waiting for the first picture", parent)
        self._host = host
        self._milliseconds: deque[float] = deque(maxlen=RECENT)
        self._aside = QTimer(self)
        self._aside.setSingleShot(True)
        self._aside.setInterval(ASIDE_MS)
        self._aside.timeout.connect(self._tell)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WORDS_MS)
        self._rest.timeout.connect(self._tell)
        host.rendered.connect(self._take)
        host.failed.connect(self._fail)
        host.live_changed.connect(lambda _live: self._tell())

    def say(self, text: str) -> None:
        """Says something else for a few seconds."""
        self._show(text, look="dim")
        self._aside.start()

    def _take(self, _pictures: object, milliseconds: float, _step: int) -> None:
        first = not self._milliseconds
        self._milliseconds.append(milliseconds)
        if first:
            self._tell()
        elif not self._rest.isActive():
            self._rest.start()

    def _tell(self) -> None:
        if self._aside.isActive() or not self._milliseconds:
            return
        speed = f"{median(self._milliseconds):.0f} ms a picture"
        weights = "Following the newest weights" if self._host.live else f"Step {words.count(self._host.step)}"
        self._show(f"{weights} · {speed}", look="dim")

    def _fail(self, message: str) -> None:
        self._milliseconds.clear()
        self._rest.stop()
        self._show(message, look="bad")

    def _show(self, text: str, *, look: str) -> None:
        self.setText(text)
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().polish(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self._aside.stop()
