"""Many pictures in a grid that fills its width: one widget, painted once, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile, to_qimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = 4


class PictureGrid(QWidget):
    """A grid of pictures, each in a square cell of about `cell` pixels; in a wider one where pictures are wider.

    Arrows move a current picture, Enter or Space clicks it. The height follows from the width and the number.

    Args:
        cell: about how wide a cell is; the true width fills the row.
        columns: a fixed number of columns, instead of as many as fit.
        reserve: how many cells to keep room for while there are fewer pictures.

    Signals:
        clicked(index): a picture was clicked, by mouse or key.
    """

    clicked = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, *, cell: int = 56, columns: int | None = None, reserve: int = 0
    ) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._names: tuple[str, ...] = ()
        self._cell = cell
        self._fixed_columns = columns
        self._aspect = 1
        self._reserve = reserve
        self._sheet: QPixmap | None = None
        self._hovered = -1
        self._current = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pictures")

    def set_pictures(self, pictures: NDArray[np.uint8], names: Sequence[str] = ()) -> None:
        """Shows uint8 (N, H, W, 3); `names` are their tooltips."""
        self._names = tuple(names)
        count = len(self._images)
        self._images = [to_qimage(picture) for picture in pictures]
        aspect, self._aspect = self._aspect, max(1, round(pictures.shape[2] / pictures.shape[1]))
        self._sheet = None
        self._current = min(self._current, len(self._images) - 1)
        self.setAccessibleDescription(f"{len(self._images)} pictures")
        if (count, aspect) != (len(self._images), self._aspect):
            self.updateGeometry()
        self.update()

    def keep_room(self, cells: int) -> None:
        """Keeps room for so many cells from now on, instead of as many as before."""
        self._reserve = cells
        self.updateGeometry()
        self.update()

    def count(self) -> int:
        """How many pictures there are."""
        return len(self._images)

    def image(self, index: int) -> QImage:
        """Picture `index`, at its own size."""
        return self._images[index]

    def current(self) -> int:
        """The picture that the keyboard is at, or -1."""
        return self._current

    def columns(self) -> int:
        """How many pictures stand in a row."""
        return self._columns(self.width())

    def cell_rect(self, index: int) -> QRect:
        """Where picture `index` stands."""
        size = self._cell_size(self.width())
        row, column = divmod(index, self.columns())
        return QRect(QPoint(column * (size.width() + GAP), row * (size.height() + GAP)), size)

    def index_at(self, point: QPoint) -> int:
        """The picture at a point, or -1."""
        size = self._cell_size(self.width())
        column, row = point.x() // (size.width() + GAP), point.y() // (size.height() + GAP)
        index = row * self.columns() + column
        if column >= self.columns() or not 0 <= index < len(self._images):
            return -1
        return index if self.cell_rect(index).contains(point) else -1

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-max(len(self._images), self._reserve // self._aspect) // self._columns(width))
        return max(rows * (self._cell_size(width).height() + GAP) - GAP, 0)

    def sizeHint(self) -> QSize:
        width = (self._fixed_columns or 6) * (self._cell + GAP) - GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._cell, 0)

    def _columns(self, width: int) -> int:
        if self._fixed_columns:
            return max(1, self._fixed_columns // self._aspect)
        return max(1, round((width + GAP) / (self._aspect * self._cell + GAP)))

    def _cell_size(self, width: int) -> QSize:
        columns = self._columns(width)
        across = max((width - GAP * (columns - 1)) // columns, 8)
        return QSize(across, max(across // self._aspect, 8))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.index_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._go_to(index)
            self.clicked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._current >= 0:
                self.clicked.emit(self._current)
            return
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_Down: self.columns(),
        }.get(Qt.Key(key))
        if by is None:
            super().keyPressEvent(event)
        elif 0 <= self._current + by < len(self._images):
            self._go_to(self._current + by)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._current < 0 and self._images:
            self._current = 0
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._sheet = None

    def _hover(self, index: int) -> None:
        if index == self._hovered:
            return
        self._hovered = index
        self.setToolTip(self._names[index] if 0 <= index < len(self._names) else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def _go_to(self, index: int) -> None:
        self._current = index
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._composed(theme))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._hovered >= 0:
            self._ring(painter, self._hovered, theme.ink)
        if self.hasFocus() and self._current >= 0:
            self._ring(painter, self._current, theme.accent)
        painter.end()

    def _ring(self, painter: QPainter, index: int, colour: str) -> None:
        painter.setPen(QPen(QColor(colour), 2))
        around = QRectF(self.cell_rect(index)).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(around, PICTURE_CORNER_PX, PICTURE_CORNER_PX)

    def _composed(self, theme: Theme) -> QPixmap:
        """All cells on one sheet, made anew only when the pictures, the size or the theme changed."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._sheet is None or self._sheet.size() != size:
            self._sheet = QPixmap(size)
            self._sheet.setDevicePixelRatio(ratio)
            self._sheet.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._sheet)
            for index, image in enumerate(self._images):
                paint_tile(painter, image, self.cell_rect(index), ratio)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            for index in range(len(self._images), self._reserve // self._aspect):
                painter.drawRoundedRect(QRectF(self.cell_rect(index)), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
            painter.end()
        return self._sheet
