"""What stands under the big picture, as wide as it: the history strip, a hint, actions, and how large it is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import TILE, HistoryStrip
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.size_label import SizeLabel
from studio.gui.widgets.basics import DimLabel

NARROWEST = 320
HEIGHT = TILE + 32
MOST = 1000  # a stretch that leaves nothing to those beside it


class BelowHero(QWidget):
    """Follows the width of the picture above it; `actions` stand beside the size, and the hint where there is room."""

    def __init__(
        self, hero: HeroPicture, strip: HistoryStrip, *actions: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._hero = hero
        self._size = SizeLabel(hero)
        self._hint = DimLabel("★ keeps a picture · Ctrl+Z goes back")
        self._hint.setWordWrap(False)
        self._actions = actions
        self._line = row(self._hint, 1, *actions, self._size)
        layout = column(spacing=6)
        layout.addWidget(strip)
        layout.addLayout(self._line)
        self._content = QWidget()
        self._content.setLayout(layout)
        self._content.setMaximumWidth(NARROWEST)
        around = row(1, self._content, 1, spacing=0)
        around.setStretch(1, MOST)
        self.setLayout(around)
        self.setFixedHeight(HEIGHT)
        hero.placed.connect(self._follow)

    def _follow(self) -> None:
        place = self._hero.place()
        room = max(NARROWEST, min(round(place.width()), self._hero.width()))
        self._content.setMaximumWidth(room)
        needed = sum(
            part.sizeHint().width() + self._line.spacing() for part in (self._hint, *self._actions, self._size)
        )
        self._hint.setVisible(needed <= room)
