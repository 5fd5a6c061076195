"""The objects of a layout as a list, the foremost at the top."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDropEvent, QIcon, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui import words
from studio.gui.canvases.layout_colours import label_colour
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_labels import CHIP_PX, INDENT, paint_chip
from studio.gui.canvases.tile_model import Index
from studio.gui.theme import CONTROL_PX, CORNER_PX, SMALL_PX, Theme, base_font
from studio.gui.widgets.icons import icon

ICON_PX = 16
LOOKS = "Resample looks"

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ObjectsModel(QAbstractListModel):
    """One row an object; row 0 is the foremost."""

    def __init__(self, editor: LayoutEditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._count = len(editor.document.objects)
        editor.changed.connect(self._follow)

    def place(self, row: int) -> int:
        """The place in the document of a row, and the row of a place."""
        return self._count - 1 - row

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self._editor.document.objects[self.place(index.row())]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.label
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{one.label}, looks {words.count(one.seed)}" + (", locked" if one.locked else "")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags | Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def _follow(self) -> None:
        count = len(self._editor.document.objects)
        if count == self._count:
            self.dataChanged.emit(self.index(0), self.index(count - 1))
        else:
            self.beginResetModel()
            self._count = count
            self.endResetModel()


class ObjectList(QListView):
    """Chooses objects, brings them forward and back by drag; the padlock locks one, the arrows give it other looks.

    Args:
        editor: the document.
    """

    def __init__(self, editor: LayoutEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._objects = ObjectsModel(editor, self)
        self._choosing = False
        self.setModel(self._objects)
        self.setItemDelegate(_ObjectRow(self, editor))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Objects")
        self.setAccessibleDescription("The foremost is at the top. Drag to bring one forward or back.")
        self.selectionModel().selectionChanged.connect(self._choose)
        editor.changed.connect(self._show_selection)
        editor.selection_changed.connect(self._show_selection)
        self._show_selection()

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 3 * CONTROL_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            place = self._objects.place(index.row())
            if looks_rect(self.visualRect(index)).contains(event.position().toPoint()):
                self._editor.resample([place])
                return
            if lock_rect(self.visualRect(index)).contains(event.position().toPoint()):
                self._editor.select([place])
                self._editor.toggle_lock()
                return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is not self:
            event.ignore()
            return
        self._editor.move_to(self._objects.place(self._row_at(event.position().toPoint())) + 1)
        event.accept()

    def _row_at(self, position: QPoint) -> int:
        """The row before which a drop at a place puts things."""
        index = self.indexAt(position)
        if not index.isValid():
            return self._objects.rowCount()
        return index.row() + (position.y() > self.visualRect(index).center().y())

    def _choose(self) -> None:
        if not self._choosing:
            self._choosing = True
            try:
                self._editor.select(self._objects.place(index.row()) for index in self.selectedIndexes())
            finally:
                self._choosing = False

    def _show_selection(self) -> None:
        if self._choosing:
            return
        self._choosing = True
        try:
            self.clearSelection()
            for place in self._editor.selection:
                index = self._objects.index(self._objects.place(place))
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)
        finally:
            self._choosing = False


def looks_rect(row: QRect) -> QRect:
    """Where a row's arrows are."""
    return QRect(row.right() - CONTROL_PX, row.top(), CONTROL_PX, row.height())


def lock_rect(row: QRect) -> QRect:
    """Where a row's padlock is."""
    return looks_rect(row).translated(-CONTROL_PX, 0)


class _ObjectRow(QStyledItemDelegate):
    """A chip, the label, the seed of its looks, a padlock and arrows."""

    def __init__(self, view: ObjectList, editor: LayoutEditor) -> None:
        super().__init__(view)
        self._view = view
        self._editor = editor
        self._icons: dict[tuple[str, str], QIcon] = {}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, CONTROL_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = Theme.of(self._view), option.rect
        one = self._editor.document.objects[len(self._editor.document.objects) - 1 - index.row()]
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        if lit or over:
            painter.setBrush(QColor(theme.line if lit else theme.raised))
            painter.drawRoundedRect(row, CORNER_PX, CORNER_PX)
        paint_chip(painter, row, label_colour(one.label, self._editor.labels, theme))
        seed = row.adjusted(row.width() // 2, 0, -2 * CONTROL_PX - 4, 0)
        painter.setPen(QColor(theme.ink))
        name = row.adjusted(INDENT + CHIP_PX + 8, 0, -row.width() // 2, 0)
        painter.drawText(name, int(_LEFT), painter.fontMetrics().elidedText(one.label, _ELIDE, name.width()))
        painter.setPen(QColor(theme.dim))
        painter.setFont(base_font(SMALL_PX))
        painter.drawText(seed, int(_RIGHT), words.count(one.seed))
        if one.locked or over or lit:
            self._paint_icon(painter, lock_rect(row), "ri.lock-fill" if one.locked else "ri.lock-unlock-line", theme)
        if not one.locked and (over or lit):
            self._paint_icon(painter, looks_rect(row), "ri.refresh-line", theme)
        painter.restore()

    def _paint_icon(self, painter: QPainter, place: QRect, name: str, theme: Theme) -> None:
        square = QRect(0, 0, ICON_PX, ICON_PX)
        square.moveCenter(place.center())
        if (name, theme.ink) not in self._icons:
            self._icons[name, theme.ink] = icon(name, theme.ink)
        self._icons[name, theme.ink].paint(painter, square)


_ELIDE = Qt.TextElideMode.ElideRight
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
