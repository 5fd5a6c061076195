"""The pad between four pictures: a field of the pictures between them, and a dot to drag over it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.edit.pad import CORNERS, Pad, Spot
from studio.gui.canvases.point_drops import PointDrops
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile

GRID = 5
GAP = 2
DOT = 7.0
STEP, FINE = 0.05, 0.01
NAMES = ("top left", "top right", "bottom left", "bottom right")

_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PadView(QWidget):
    """Five by five pictures, the corners pinned ones.

    Drag anywhere; arrows move the dot (Shift: a little), 1 to 4 pin what is shown in a corner. A click in an empty
    corner pins there; a picture may be dropped on any.

    Args:
        drops: reads what is dropped.

    Signals:
        moved(x, y): a person moves the dot, both from 0 to 1.
        released(): that is over.
        pin_wanted(corner): pin what is shown there.
        menu_wanted(corner, place): a menu is wanted for a corner, at a place on the screen.
        dropped(corner, point): a point was dropped there.
    """

    moved = Signal(float, float)
    released = Signal()
    pin_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)
    dropped = Signal(int, object)

    def __init__(self, drops: PointDrops, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drops = drops
        self._pad = Pad()
        self._images: Sequence[QImage | None] = ()
        self._dragging = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setAccessibleName("Pad between four pictures")
        self.setToolTip("Click in a corner to pin what is shown, drag to go between; 1 to 4 pin too")

    def show_pad(self, pad: Pad) -> None:
        """Shows where the dot is, and which corners are pinned."""
        self._pad = pad
        where = "" if pad.spot is None else f"{pad.spot[0]:.0%} right, {pad.spot[1]:.0%} down"
        self.setAccessibleDescription(where or f"{len(pad.points)} of 4 corners pinned")
        self.setCursor(Qt.CursorShape.CrossCursor if pad.complete else Qt.CursorShape.PointingHandCursor)
        self.update()

    def show_images(self, images: Sequence[QImage | None]) -> None:
        """Shows 25 pictures, row by row, as far as they are there."""
        self._images = images
        self.update()

    def spot_at(self, place: QPointF) -> Spot:
        """The spot under a place; the middles of the outermost pictures are the edges."""
        tile = self._tile()
        x, y = ((at - tile / 2) / (self._side() - tile) for at in (place.x(), place.y()))
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def place_of(self, spot: Spot) -> QPointF:
        """Where a spot is."""
        tile = self._tile()
        x, y = (tile / 2 + one * (self._side() - tile) for one in spot)
        return QPointF(x, y)

    def corner_at(self, place: QPointF) -> int:
        """The corner that a place is nearest to."""
        x, y = self.spot_at(place)
        return 2 * round(y) + round(x)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._pad.complete:
            self._dragging = True
            self.moved.emit(*self.spot_at(event.position()))
        elif self._corner_rect(self.corner_at(event.position())).contains(event.position().toPoint()):
            self.pin_wanted.emit(self.corner_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self.moved.emit(*self.spot_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.released.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.corner_at(QPointF(event.pos())), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        way = _WAYS.get(key)
        if way is not None and self._pad.complete and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            step = FINE if modifiers else STEP
            x, y = self._pad.spot or (0.5, 0.5)
            self.moved.emit(x + step * way[0], y + step * way[1])
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_4 and not modifiers:
            self.pin_wanted.emit(key - Qt.Key.Key_1)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _WAYS and not event.isAutoRepeat():
            self.released.emit()
        else:
            event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._drops.carries(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        corner = self.corner_at(event.position())
        self._drops.take(event.mimeData(), self, lambda point: self.dropped.emit(corner, point))
        event.acceptProposedAction()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, image in enumerate(self._images):
            if image is not None:
                paint_tile(painter, image, self._tile_rect(index % GRID, index // GRID), self.devicePixelRatioF())
        for corner in range(CORNERS):
            if self._pad.corners[corner] is None:
                self._paint_place(painter, theme, corner)
        if self._pad.spot is not None:
            self._paint_dot(painter, theme, self.place_of(self._pad.spot))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 3, 3)
        painter.end()

    def _paint_place(self, painter: QPainter, theme: Theme, corner: int) -> None:
        painter.setPen(QPen(QColor(theme.dim), 1, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.raised))
        rect = self._corner_rect(corner).adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(rect, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.dim))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"Pin {corner + 1}")

    def _paint_dot(self, painter: QPainter, theme: Theme, at: QPointF) -> None:
        painter.setBrush(QColor(theme.accent))
        painter.setPen(QPen(QColor(theme.pane), 2))
        painter.drawEllipse(at, DOT, DOT)

    def _side(self) -> float:
        return float(min(self.width(), self.height()))

    def _tile(self) -> float:
        return (self._side() - (GRID - 1) * GAP) / GRID

    def _tile_rect(self, column: int, row: int) -> QRect:
        tile = self._tile()
        left, top = (round(index * (tile + GAP)) for index in (column, row))
        return QRect(left, top, round(tile), round(tile))

    def _corner_rect(self, corner: int) -> QRect:
        return self._tile_rect((corner % 2) * (GRID - 1), (corner // 2) * (GRID - 1))
