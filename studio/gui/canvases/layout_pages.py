"""The boxes on the left and the picture on the right, equally large, each with what belongs to it below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.layout_view import EDGE, SMALLEST_PX, LayoutView

GAP = 24
SPACE = 12


class LayoutPages(QWidget):
    """Lays out two squares and two strips of the same width; the whole stands in the middle.

    Args:
        view: the boxes.
        hero: the picture.
        starts: below the boxes.
        looks: below the picture.
    """

    def __init__(
        self, view: LayoutView, hero: HeroPicture, starts: QWidget, looks: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view, self._hero = view, hero
        self._below = (starts, looks)
        for child in (view, hero, *self._below):
            child.setParent(self)
        self.setMinimumSize(2 * SMALLEST_PX + GAP, SMALLEST_PX + SPACE + self._height_below(SMALLEST_PX))

    def sizeHint(self) -> QSize:
        return QSize(880, 640)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = (self.width() - GAP) // 2
        side = max(SMALLEST_PX, min(side, self.height() - SPACE - self._height_below(side)))
        left = (self.width() - 2 * side - GAP) // 2
        self._view.setGeometry(left, 0, side, side)
        self._hero.setGeometry(left + side + GAP + EDGE, EDGE, side - 2 * EDGE, side - 2 * EDGE)
        self._place_strips(side)

    def _place_strips(self, side: int) -> None:
        """As wide as the pages above them, right under these; then everything down to the middle."""
        page = self._view.page().toRect()
        below = self._height_below(page.width())
        drop = max(0, self.height() - page.bottom() - SPACE - below) // 2
        for part in (self._view, self._hero):
            part.move(part.x(), part.y() + drop)
        top = drop + page.bottom() + SPACE
        for strip, start in zip(self._below, (self._view.x(), self._view.x() + side + GAP), strict=True):
            strip.setGeometry(QRect(start + page.left(), top, page.width(), below))

    def _height_below(self, width: int) -> int:
        return max(_height(strip, width) for strip in self._below)


def _height(widget: QWidget, width: int) -> int:
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
