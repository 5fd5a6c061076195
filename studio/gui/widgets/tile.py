"""A tile that is pressed as a whole: pictures over two lines of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.gui.theme import CORNER_PX, Theme, base_font
from studio.gui.widgets.mosaic import Mosaic

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 172
WORDS_PX = 44
EDGE = 3


class Tile(QAbstractButton):
    """A mosaic, a title and a dim line. Tab reaches it; Space and Enter press it."""

    def __init__(self, title: str, words: str, pictures: NDArray[np.uint8], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._mosaic = Mosaic(3, parent=self)
        self._mosaic.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mosaic.set_pictures(pictures)
        self.setText(title)
        self.setAccessibleName(f"{title}. {words}")
        self.setToolTip(f"{title}\n{words}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(SIDE, SIDE + WORDS_PX)
        self._mosaic.setGeometry(EDGE, EDGE, SIDE - 2 * EDGE, SIDE - 2 * EDGE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        paint_frame(painter, self)
        line = QRect(EDGE + 4, self.width() + 2, self.width() - 2 * EDGE - 8, 18)
        self._write(painter, line, self.text(), theme.ink, base_font(12, QFont.Weight.DemiBold))
        self._write(painter, line.translated(0, 18), self._words, theme.dim, base_font(12))
        painter.end()

    def _write(self, painter: QPainter, place: QRect, text: str, colour: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def paint_frame(painter: QPainter, tile: QWidget) -> None:
    """Raises a tile, with a frame around it, while it has the focus or the mouse is over it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if tile.hasFocus() or tile.underMouse():
        theme = Theme.of(tile)
        painter.setPen(QColor(theme.accent if tile.hasFocus() else theme.line))
        painter.setBrush(QColor(theme.raised))
        around = QRectF(tile.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(around, CORNER_PX + 2, CORNER_PX + 2)
