"""One row of small pictures under the big one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui.canvases.tile_model import Index, TileModel
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile


class TileStrip(QListView):
    """A click chooses a picture, the wheel scrolls, and keys are the canvas's.

    Args:
        tiles: the pictures.
        side: how large they are shown.
        gap: what is left between them.
        below: room for words below each.

    Attributes:
        tiles, side, gap, below: as given.
        shown: the row of the one that is shown large.

    Signals:
        chosen(row): a person wants that one.
    """

    chosen = Signal(int)

    def __init__(
        self, tiles: TileModel[Any], side: int, gap: int, below: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tiles, self.side, self.gap, self.below = tiles, side, gap, below
        self.shown = 0
        self.setModel(tiles)
        self.setItemDelegate(Tile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setFixedHeight(self.minimumSizeHint().height())

    def show_current(self, row: int) -> None:
        """Marks the one that is shown large, and brings it into sight."""
        self.shown = row
        if row < self.tiles.rowCount():
            index = self.tiles.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.side, self.side + self.below + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))


class Tile(QStyledItemDelegate):
    """Paints a picture, and an edge around it."""

    def __init__(self, strip: TileStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._strip.side + self._strip.gap, self._strip.side + self._strip.below + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        strip = self._strip
        place = QRect(option.rect.topLeft() + QPoint(1, 1), QSize(strip.side, strip.side))
        paint_tile(painter, strip.tiles.image(index.row()), place, strip.devicePixelRatioF())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.paint_around(painter, place, option, index.row())
        painter.restore()

    def paint_around(self, painter: QPainter, place: QRect, _option: QStyleOptionViewItem, row: int) -> None:
        """What is painted on and below the picture in `place`."""
        theme, shown = Theme.of(self._strip), row == self._strip.shown
        painter.setPen(QPen(QColor(theme.accent if shown else theme.line), 2 if shown else 1))
        painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
