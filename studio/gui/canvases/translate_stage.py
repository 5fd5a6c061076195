"""The translation canvas's pictures: before and after in one, or side by side, and what came back beside them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from studio.edit.documents import EditEnvelope
from studio.edit.translation import ends
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.translate_paper import PaperView
from studio.gui.canvases.translate_views import OutlinedPicture, SplitPicture
from studio.gui.widgets.basics import DimLabel

SMALLEST_PX = 160


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
        self.back = OutlinedPicture(minimum=SMALLEST_PX)
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back.setAccessibleName("Translated back")
        self._names = [DimLabel() for _ in range(3)]
        self._input: np.ndarray | None = None
        self._split = True
        self._columns = [_under(name, view, self) for name, view in zip(self._names, self.views, strict=True)]
        layout = row(*self._columns, spacing=12)
        for index in range(len(self._columns)):
            layout.setStretch(index, 1)
        self.setLayout(layout)
        self.show_direction(direction)
        self.show_views(split=True, back=False)

    @property
    def views(self) -> tuple[PaperView, SplitPicture, OutlinedPicture]:
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
        self._columns[0].setVisible(not split)
        self._columns[2].setVisible(back)
        self.hero.show_before(self._input if split else None)
        self._show_names()

    def show_input(self, pixels: np.ndarray) -> None:
        """What goes in, uint8 (H, W, 3)."""
        self._input = pixels
        self.paper.set_picture(pixels)
        if self._split:
            self.hero.show_before(pixels)

    def _show_names(self) -> None:
        start, end = self._ends
        texts = (start, f"{start}  |  {end}" if self._split else end, f"back to {start}")
        for label, text in zip(self._names, texts, strict=True):
            label.setText(text)


def _under(name: DimLabel, view: QWidget, parent: QWidget) -> QWidget:
    name.setWordWrap(False)
    name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    made = QWidget(parent)
    layout = column(spacing=4)
    layout.addWidget(name)
    layout.addWidget(view, 1)
    made.setLayout(layout)
    return made
