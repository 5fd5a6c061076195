"""One term of a sum: small pictures of its points, and a button that adds the one that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QWidget

from studio.edit.latent import LatentPoint
from studio.gui.canvases.point_drops import PointDrops
from studio.gui.canvases.rows import row
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.picture import paint_tile

TILE = 36
LEAST_TILE = 14
SIGN_WIDTH = 28

Images = Callable[[LatentPoint], QImage | None]


class TermRow(QWidget):
    """A sign and a letter, the points, a plus; a picture may be dropped on it.

    Args:
        sign: what stands before it: `A`, `− B`, `+ C`.
        drops: reads what is dropped.
        images: the picture of a point; None until it is there.

    Attributes:
        tiles: a button a point.
        add: the plus.

    Signals:
        add_wanted(): add what is shown.
        go_wanted(index): go to a point.
        removal_wanted(index): take a point out.
        dropped(point): add this point.
    """

    add_wanted = Signal()
    go_wanted = Signal(int)
    removal_wanted = Signal(int)
    dropped = Signal(object)

    def __init__(self, sign: str, drops: PointDrops, images: Images, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = sign
        self._drops = drops
        self._images = images
        self._points: tuple[LatentPoint, ...] = ()
        self.tiles: list[PointTile] = []
        label = QLabel(sign)
        label.setFixedWidth(SIGN_WIDTH)
        self.add = IconButton("ri.add-line", f"Add what is shown to {sign[-1]}", self.add_wanted.emit)
        self._row = row(spacing=3)
        self.setLayout(row(label, self._row, self.add, 1, spacing=4))
        self.setAcceptDrops(True)
        self.setFixedHeight(TILE + 4)

    def show_points(self, points: Sequence[LatentPoint], most: int) -> None:
        """Shows a tile a point, narrower ones where there are many; nothing can be added once there are `most`."""
        if tuple(points) != self._points:
            self._points = tuple(points)
            self._make_tiles()
        self.add.setEnabled(len(points) < most)

    def show_images(self) -> None:
        """Paints the pictures that are there now."""
        for tile in self.tiles:
            tile.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._drops.carries(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.take(event.mimeData(), self, self.dropped.emit)
        event.acceptProposedAction()

    def _make_tiles(self) -> None:
        for gone in self.tiles:
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        room = self.width() - SIGN_WIDTH - self.add.width() - 16
        wide = max(LEAST_TILE, min(TILE, room // max(len(self._points), 1) - 3))
        self.tiles = []
        for index, point in enumerate(self._points):
            tile = PointTile(point, self._images, wide)
            tile.setToolTip(f"Seed {point.seed}. Click to go there; Delete takes it out of {self._sign[-1]}")
            tile.setAccessibleName(f"Seed {point.seed} in {self._sign[-1]}")
            tile.clicked.connect(partial(self._go, index))
            tile.removal_wanted.connect(partial(self.removal_wanted.emit, index))
            self._row.addWidget(tile)
            self.tiles.append(tile)

    def _go(self, index: int, _checked: bool = False) -> None:
        self.go_wanted.emit(index)


class PointTile(QAbstractButton):
    """A point's picture. Delete, Backspace or the menu take it out.

    Signals:
        removal_wanted(): take it out.
    """

    removal_wanted = Signal()

    def __init__(self, point: LatentPoint, images: Images, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._point = point
        self._images = images
        self.setFixedSize(width, TILE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return self.size()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Go here", self.click)
        menu.addAction("Take it out", self.removal_wanted.emit)
        menu.popup(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        image = self._images(self._point)
        inside = self.rect().adjusted(1, 1, -1, -1)
        if image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(inside, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        else:
            paint_tile(painter, image, inside, self.devicePixelRatioF())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(inside, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.end()
