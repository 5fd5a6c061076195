"""The translation canvas's pictures: before and after in one, or side by side, and what came back beside them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.edit.documents import EditEnvelope
from studio.edit.translation import ends
from studio.gui.canvases.rows import row
from studio.gui.canvases.split_picture import SplitPicture
from studio.gui.canvases.translate_paper import PaperView
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.picture import PictureView

SMALLEST_PX = 160
NAME_PX = 22


class Stage(QWidget):
    """Lays out the pictures, each under its name.

    Attributes:
        paper: what goes in; shown beside what comes out, or laid over one side of it.
        hero: what comes out.
        back: what comes back.
    """

    def __init__(
        self, envelope: Callable[[], EditEnvelope], resolution: int, direction: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.paper = PaperView()
        self.hero = SplitPicture(envelope, resolution, SMALLEST_PX)
        self.hero.setAccessibleName("Translation")
        self.back = PictureView(minimum=SMALLEST_PX)
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back.setAccessibleName("Translated back")
        self._names = [DimLabel(parent=self) for _ in self.views]
        self._input: np.ndarray | None = None
        self._split = True
        self._row = layout = row(*self.views, spacing=12)
        for index, name in enumerate(self._names):
            layout.setStretch(index, 1)
            name.setWordWrap(False)
        layout.setContentsMargins(0, NAME_PX, 0, 0)
        self.setLayout(layout)
        self.hero.placed.connect(self._place_names)
        self.show_direction(direction)
        self.show_views(split=True, back=False)

    @property
    def views(self) -> tuple[PaperView, SplitPicture, PictureView]:
        """The pictures, from left to right."""
        return self.paper, self.hero, self.back

    def show_direction(self, direction: str) -> None:
        """Names the pictures."""
        start, end = ends(direction)
        self._ends = (start, end)
        self._show_names()

    def show_views(self, *, split: bool, back: bool) -> None:
        """Before and after in one picture, or side by side; with or without what came back."""
        self._split = split
        self.paper.setVisible(not split)
        self.back.setVisible(back)
        self.hero.show_before(self._input if split else None)
        self._show_names()

    def show_input(self, pixels: np.ndarray) -> None:
        """What goes in, uint8 (H, W, 3)."""
        self._input = pixels
        self.paper.set_picture(pixels)
        if self._split:
            self.hero.show_before(pixels)

    def show_nothing(self, words: str) -> None:
        """There is no translation; `words` say how to get one."""
        self.hero.show_nothing(words)
        self.back.set_picture(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_names()

    def _show_names(self) -> None:
        start, end = self._ends
        for label, text in zip(self._names, (start, end, f"{start}, translated back"), strict=True):
            label.setText(text)
        self._names[2].setVisible(not self.back.isHidden())
        self._place_names()

    def _place_names(self) -> None:
        """Each name stands on its picture's upper edge; both of them on the one that is divided."""
        self._row.activate()
        for index, (label, view) in enumerate(zip(self._names, self.views, strict=True)):
            label.adjustSize()
            shown = self.hero if view.isHidden() else view
            place = self.hero.place().translated(shown.pos())  # they all have one size
            right = self._split and index == 1
            x = place.right() - label.width() if right else place.left()
            label.move(round(x), round(place.top()) - NAME_PX)
