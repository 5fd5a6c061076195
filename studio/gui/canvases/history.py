"""The strip of pictures under the big one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui.canvases.history_model import HistoryModel, Index
from studio.gui.theme import PICTURE_CORNER_PX, SMALL_PX, Theme, base_font
from studio.gui.widgets.picture import paint_tile

TILE = 52
GAP = 6
STAR = 18


class HistoryStrip(QListView):
    """One row of pictures: a click goes back to one, its star keeps it. Arrows move, Enter goes back, S stars.

    Signals:
        chosen(row): a person wants to go back to that entry.
    """

    chosen = Signal(int)

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = model
        self.setModel(model)
        self.setItemDelegate(_Tile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setFixedHeight(TILE + 4)
        self.setAccessibleName("History")
        self.setAccessibleDescription("Pictures you have been at. Enter goes back to one, S keeps it.")

    def minimumSizeHint(self) -> QSize:
        return QSize(TILE, TILE + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        self.setCurrentIndex(index)
        if star_rect(self.visualRect(index)).contains(event.position().toPoint()):
            self._entries.toggle(index.row())
        else:
            self.chosen.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right | Qt.Key.Key_Home | Qt.Key.Key_End:
                super().keyPressEvent(event)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row >= 0:
                self.chosen.emit(row)
            case Qt.Key.Key_S if row >= 0 and not event.modifiers():
                self._entries.toggle(row)
            case _:
                event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))


def star_rect(tile: QRect) -> QRect:
    """Where an entry's star is."""
    return QRect(tile.topLeft() + QPoint(TILE - STAR, 0), QSize(STAR, STAR))


class _Tile(QStyledItemDelegate):
    """Paints an entry: its picture, and its star where it has one or is pointed at."""

    def __init__(self, strip: HistoryStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(TILE + GAP, TILE + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._strip.model()
        assert isinstance(model, HistoryModel)
        theme = Theme.of(self._strip)
        place = QRect(option.rect.topLeft() + QPoint(1, 1), QSize(TILE, TILE))
        state = option.state
        paint_tile(painter, model.image(index.row()), place, self._strip.devicePixelRatioF())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kept = model.entry(index.row()).kept
        current = bool(state & QStyle.StateFlag.State_HasFocus)
        if kept or current or state & QStyle.StateFlag.State_MouseOver:
            self._paint_star(painter, theme, star_rect(place), kept=kept)
        if current and self._strip.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.restore()

    def _paint_star(self, painter: QPainter, theme: Theme, place: QRect, *, kept: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pane))
        painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.warm if kept else theme.ink))
        painter.setFont(base_font(SMALL_PX))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "★" if kept else "☆")
