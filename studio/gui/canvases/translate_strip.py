"""The strip of inputs under the big picture."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.gui.canvases.history_model import Index
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile, to_qimage

TILE = 52
GAP = 6


class InputModel(QAbstractListModel):
    """The inputs and how they look. Those that have not changed are not drawn anew."""

    def __init__(self, resolution: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resolution = resolution
        self._rows: list[tuple[TranslationInput, QImage]] = []

    def show_inputs(self, inputs: tuple[TranslationInput, ...]) -> None:
        """Brings the rows up to date."""
        known = {id(one): image for one, image in self._rows}
        rows = [(one, known.get(id(one)) or self._image(one)) for one in inputs]
        if [one for one, _ in rows] == [one for one, _ in self._rows]:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def image(self, row: int) -> QImage:
        """An input's picture, for painting."""
        return self._rows[row][1]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            one = self._rows[index.row()][0]
            return f"{one.name} · {one.domain}" if one.domain else one.name
        return None

    def _image(self, one: TranslationInput) -> QImage:
        return to_qimage(one.pixels(Paper(self._resolution)))


class InputStrip(QListView):
    """One row of inputs; the one that is translated has an edge. Arrows move, Delete takes one out.

    Signals:
        chosen(row): a person wants to see that input.
        removed(row): a person wants it out.
    """

    chosen = Signal(int)
    removed = Signal(int)

    def __init__(self, resolution: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inputs = InputModel(resolution, self)
        self.shown = 0
        self.setModel(self.inputs)
        self.setItemDelegate(_Tile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setFixedHeight(TILE + 4)
        self.setAccessibleName("Pictures to translate")
        self.setAccessibleDescription("Left and right go from one to the next, Delete takes one out.")

    def show_document(self, document: TranslationDocument) -> None:
        """Brings the strip up to date."""
        self.inputs.show_inputs(document.inputs)
        self.show_current(document.current)

    def show_current(self, row: int) -> None:
        """Marks the input that is translated, and brings it into sight."""
        self.shown = row
        if row < self.inputs.rowCount():
            index = self.inputs.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(TILE, TILE + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.shown < self.inputs.rowCount():
            self.removed.emit(self.shown)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))


class _Tile(QStyledItemDelegate):
    """Paints an input."""

    def __init__(self, strip: InputStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(TILE + GAP, TILE + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = Theme.of(self._strip)
        place = QRect(option.rect.left() + 1, option.rect.top() + 1, TILE, TILE)
        paint_tile(painter, self._strip.inputs.image(index.row()), place, self._strip.devicePixelRatioF())
        shown = index.row() == self._strip.shown
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent if shown else theme.line), 2 if shown else 1))
        painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.restore()
