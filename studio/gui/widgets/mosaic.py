"""A few pictures edge to edge, as the face of a run or of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from studio.gui.theme import CORNER_PX, Theme
from studio.gui.widgets.icons import icon
from studio.gui.widgets.picture import to_qimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

GLYPH_PX = 28


class Mosaic(QWidget):
    """Fills its place with `rows` rows of pictures, about square; a quiet glyph where there are none.

    Args:
        rows: how many rows; as many columns as the width asks for.
        glyph: qtawesome's name of the icon for an empty one.
    """

    def __init__(self, rows: int, glyph: str = "ri.image-2-line", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._glyph = glyph
        self._images: list[QImage] = []
        self._sheet: QPixmap | None = None

    def set_pictures(self, pictures: NDArray[np.uint8]) -> None:
        """Shows the first of uint8 (N, H, W, 3); fewer than there is room for are repeated."""
        self._images = [to_qimage(picture) for picture in pictures]
        self._sheet = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._images:
            clip = QPainterPath()
            clip.addRoundedRect(QRectF(self.rect()), CORNER_PX, CORNER_PX)
            painter.setClipPath(clip)
            painter.drawPixmap(0, 0, self._composed())
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(QRectF(self.rect()), CORNER_PX, CORNER_PX)
            middle = self.rect().center()
            place = QRect(middle.x() - GLYPH_PX // 2, middle.y() - GLYPH_PX // 2, GLYPH_PX, GLYPH_PX)
            icon(self._glyph, theme.dim).paint(painter, place)
        painter.end()

    def _composed(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._sheet is None or self._sheet.size() != size:
            self._sheet = QPixmap(size)
            painter = QPainter(self._sheet)
            columns = max(round(size.width() / (size.height() / self._rows)), 1)
            for index in range(columns * self._rows):
                row, column = divmod(index, columns)
                cell = _cell(size, row / self._rows, column / columns, 1 / self._rows, 1 / columns)
                painter.drawImage(cell.topLeft(), _sharp(self._images[index % len(self._images)], cell.size()))
            painter.end()
            self._sheet.setDevicePixelRatio(ratio)
        return self._sheet


def _cell(size: QSize, top: float, left: float, height: float, width: float) -> QRect:
    """A cell given in fractions of the sheet, on whole pixels, without gaps."""
    x, y = round(left * size.width()), round(top * size.height())
    return QRect(x, y, round((left + width) * size.width()) - x, round((top + height) * size.height()) - y)


def _sharp(image: QImage, size: QSize) -> QImage:
    """A picture at a size, its pixels still squares where it is enlarged."""
    factor = -(-max(size.width(), size.height()) // max(image.width(), image.height()))
    if factor > 1:
        image = image.scaled(image.size() * factor)
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
