"""The strip of pictures under the big one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from studio.gui.canvases.history_model import HistoryModel
from studio.gui.canvases.tile_strip import Tile, TileStrip
from studio.gui.theme import PICTURE_CORNER_PX, SMALL_PX, Theme, base_font

TILE = 52
GAP = 6
STAR = 18


class HistoryStrip(TileStrip):
    """A click goes back to a picture, its star keeps it. Arrows move, Enter goes back, S stars."""

    def __init__(self, entries: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(entries, TILE, GAP, parent=parent)
        self._entries = entries
        self.setItemDelegate(_Starred(self))
        self.setSelectionMode(TileStrip.SelectionMode.SingleSelection)
        self.setAccessibleName("History")
        self.setAccessibleDescription("Pictures you have been at. Enter goes back to one, S keeps it.")

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


def star_rect(tile: QRect) -> QRect:
    """Where an entry's star is."""
    return QRect(tile.topLeft() + QPoint(TILE - STAR, 0), QSize(STAR, STAR))


class _Starred(Tile):
    """Has its star where it has one or is pointed at."""

    def paint_around(self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, row: int) -> None:
        theme, state = Theme.of(self._strip), option.state
        kept = self._strip.tiles.entry(row).kept
        current = bool(state & QStyle.StateFlag.State_HasFocus)
        if kept or current or state & QStyle.StateFlag.State_MouseOver:
            self._paint_star(painter, theme, star_rect(place), kept=kept)
        if current and self._strip.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)

    def _paint_star(self, painter: QPainter, theme: Theme, place: QRect, *, kept: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.pane))
        painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.warm if kept else theme.ink))
        painter.setFont(base_font(SMALL_PX))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "★" if kept else "☆")
