"""Pictures of rows and of columns, and each row mixed with each column: the matrix that style mixing is known by."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.gui.canvases.mix_drops import seed_data
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile, to_qimage

GAP = 4
HEAD_GAP = 12
SMALLEST = 28
LARGEST = 176
HEAD = -1

Place = tuple[int, int]
"""Row and column of a cell; -1 for the pictures at the head of columns and rows."""


class MixMatrix(QWidget):
    """Columns' pictures above, rows' to the left, mixtures between. Arrows move, Enter chooses.

    A picture at the head of a row or of a column can be dragged, as the style of its seed.

    Attributes:
        current: where the keyboard is.

    Signals:
        chosen(row, column): a person chose a mixture.
        row_chosen(row), column_chosen(column): a person chose a picture at the head of a row, or of a column.
    """

    chosen = Signal(int, int)
    row_chosen = Signal(int)
    column_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[int, ...] = ()
        self._columns: tuple[int, ...] = ()
        self._images: list[QImage] = []
        self._marked: frozenset[Place] = frozenset()
        self._hovered: Place | None = None
        self._pressed: tuple[Place, QPoint] | None = None
        self.current: Place = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Style mixing matrix")

    def set_seeds(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
        """What stands in the rows and the columns. Pictures of other numbers of them are forgotten."""
        if (len(rows), len(columns)) != (len(self._rows), len(self._columns)):
            self._images = []
        self._rows, self._columns = rows, columns
        self.current = (min(self.current[0], len(rows) - 1), min(self.current[1], len(columns) - 1))
        self.setAccessibleDescription(f"{len(rows)} rows by {len(columns)} columns")
        self.update()

    def set_pictures(self, pictures: np.ndarray) -> None:
        """Shows uint8 (R + C + R C, H, W, 3): rows, columns, then mixtures row by row; others are left unshown."""
        if len(pictures) == len(self._rows) + len(self._columns) + len(self._rows) * len(self._columns):
            self._images = [to_qimage(picture) for picture in pictures]
            self.update()

    def set_marked(self, places: frozenset[Place]) -> None:
        """Rings the places that the picture is made of."""
        self._marked = places
        self.update()

    def set_current(self, place: Place) -> None:
        """Goes to a place, as arrows do."""
        self.current = place
        self.update()

    def image(self, place: Place) -> QImage | None:
        """The picture at a place; None while there is none."""
        index = self._index(place)
        return self._images[index] if index < len(self._images) else None

    def cell(self, place: Place) -> QRect:
        """Where a place is."""
        side = self._side()
        x = 0 if place[1] == HEAD else side + HEAD_GAP + place[1] * (side + GAP)
        y = 0 if place[0] == HEAD else side + HEAD_GAP + place[0] * (side + GAP)
        return QRect(self._corner() + QPoint(x, y), QSize(side, side))

    def place_at(self, point: QPoint) -> Place | None:
        """The place at a point; None between them."""
        return next((place for place in self._places() if self.cell(place).contains(point)), None)

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        least = HEAD_GAP + (1 + max(len(self._rows), len(self._columns), 1)) * (SMALLEST + GAP)
        return QSize(least, least)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        self._hover(self.place_at(point))
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        place, start = self._pressed
        if (point - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag_out(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pressed = None

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.current = place
            self._pressed = (place, event.position().toPoint()) if HEAD in place else None
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._move(*step)

    def _move(self, down: int, right: int) -> None:
        to = (self.current[0] + down, self.current[1] + right)
        if to in set(self._places()):
            self.set_current(to)

    def _choose(self) -> None:
        row, column = self.current
        self.update()
        if row == HEAD:
            self.column_chosen.emit(column)
        elif column == HEAD:
            self.row_chosen.emit(row)
        else:
            self.chosen.emit(row, column)

    def _drag_out(self, place: Place) -> None:
        row, column = place
        drag = QDrag(self)
        drag.setMimeData(seed_data(self._columns[column] if row == HEAD else self._rows[row]))
        if (image := self.image(place)) is not None:
            drag.setPixmap(QPixmap.fromImage(image).scaled(self.cell(place).size()))
        drag.exec(Qt.DropAction.CopyAction)

    def _hover(self, place: Place | None) -> None:
        if place == self._hovered:
            return
        self._hovered = place
        self.setToolTip("" if place is None else self._words(place))
        self.setCursor(Qt.CursorShape.ArrowCursor if place is None else Qt.CursorShape.PointingHandCursor)
        self.update()

    def _words(self, place: Place) -> str:
        row, column = place
        if row == HEAD:
            return f"Style of seed {self._columns[column]}. Click to change it, drag it onto layers"
        if column == HEAD:
            return f"Seed {self._rows[row]}. Click to make the picture from it, drag its style onto layers"
        return f"Seed {self._rows[row]} with the style of seed {self._columns[column]}. Click to take it"

    def _places(self) -> list[Place]:
        rows, columns = range(HEAD, len(self._rows)), range(HEAD, len(self._columns))
        return [(row, column) for row in rows for column in columns if (row, column) != (HEAD, HEAD)]

    def _index(self, place: Place) -> int:
        row, column = place
        if column == HEAD:
            return row
        if row == HEAD:
            return len(self._rows) + column
        return len(self._rows) + len(self._columns) + row * len(self._columns) + column

    def _side(self) -> int:
        across = (self.width() - HEAD_GAP - len(self._columns) * GAP) // (len(self._columns) + 1)
        down = (self.height() - HEAD_GAP - len(self._rows) * GAP) // (len(self._rows) + 1)
        return max(min(across, down, LARGEST), SMALLEST)

    def _corner(self) -> QPoint:
        """The upper left corner of all cells, which stand in the middle."""
        side = self._side()
        width = (len(self._columns) + 1) * side + HEAD_GAP + (len(self._columns) - 1) * GAP
        height = (len(self._rows) + 1) * side + HEAD_GAP + (len(self._rows) - 1) * GAP
        return QPoint(max((self.width() - width) // 2, 0), max((self.height() - height) // 2, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in self._places():
            self._paint(painter, theme, place)
        painter.end()

    def _paint(self, painter: QPainter, theme: Theme, place: Place) -> None:
        cell, image = self.cell(place), self.image(place)
        if image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(QRectF(cell), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        else:
            paint_tile(painter, image, cell, self.devicePixelRatioF())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if place in self._marked:
            _ring(painter, cell, theme.accent, 2.0)
        if place in (self._hovered, self.current):
            _ring(painter, cell, theme.ink, 2.0 if place == self.current and self.hasFocus() else 1.0)


def _ring(painter: QPainter, cell: QRect, colour: str, width: float) -> None:
    painter.setPen(QPen(QColor(colour), width))
    inset = width / 2
    around = QRectF(cell).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(around, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
