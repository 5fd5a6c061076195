"""How large a picture is, and how large it is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.gui.canvases.hero import HeroPicture
from studio.gui.widgets.elided_label import ElidedLabel


class SizeLabel(ElidedLabel):
    """Follows a picture: `256 × 256 shown at 300%`."""

    def __init__(self, hero: HeroPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._hero = hero
        hero.placed.connect(self._follow)

    def _follow(self) -> None:
        if self._hero.pixels is None:
            self.clear()
            return
        height, width, _ = self._hero.pixels.shape
        self.setText(f"{width} × {height} shown at {self._hero.factor() * 100:.0f}%")
