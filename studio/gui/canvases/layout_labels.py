"""What the model can draw, to choose from: a list to search."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.gui.canvases.layout_colours import label_colour
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.rows import column
from studio.gui.canvases.tile_model import Index
from studio.gui.fuzzy import match
from studio.gui.theme import CONTROL_PX, CORNER_PX, Theme

ROWS = 5
CHIP_PX = 10
INDENT = 10

Key = Qt.Key


class LabelPicker(QWidget):
    """Choosing a label is what the next box will hold, and what the selected ones hold now.

    Up and Down walk the list while typing, Enter takes what is lit.

    Attributes:
        search: the text field.
        list: the labels that match.

    Signals:
        done(): a label was taken, or the search given up: the page wants the keys back.
    """

    done = Signal()

    def __init__(self, editor: LayoutEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.search = _Search()
        self.list = QListWidget()
        self.list.setItemDelegate(_LabelRow(editor, self.list))
        self.list.setAccessibleName("Labels")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_rows(ROWS)
        self.list.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusProxy(self.search)
        layout = column(spacing=4)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.setLayout(layout)
        self.search.textChanged.connect(self._find)
        self.search.walked.connect(self._walk)
        self.search.taken.connect(self._take_lit)
        self.search.left.connect(self._leave)
        self.list.itemClicked.connect(self._take)
        editor.selection_changed.connect(self._show_chosen)
        editor.label_changed.connect(self._show_chosen)
        self._find("")

    def show_rows(self, rows: int) -> None:
        """Shows so many labels at a time, or all where there are fewer."""
        self.list.setFixedHeight(min(max(rows, ROWS), max(len(self._editor.labels), 1)) * CONTROL_PX)

    def begin(self) -> None:
        """A person wants to name something."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _find(self, text: str) -> None:
        wanted = text.strip()
        found = [(match(wanted, label), label) for label in self._editor.labels] if wanted else []
        best = sorted((one for one in found if one[0] is not None), key=lambda one: -(one[0] or 0))
        self.list.clear()
        self.list.addItems([label for _, label in best] if wanted else list(self._editor.labels))
        if wanted and self.list.count():
            self.list.setCurrentRow(0)
        else:
            self._show_chosen()

    def _show_chosen(self) -> None:
        """Lights what the selected objects hold, or the next box will."""
        objects = self._editor.document.objects
        held = {objects[place].label for place in self._editor.selection if place < len(objects)}
        wanted = held.pop() if len(held) == 1 else self._editor.label
        for row in range(self.list.count()):
            if self.list.item(row).text() == wanted:
                self.list.setCurrentRow(row)
        self.list.viewport().update()

    def _walk(self, by: int) -> None:
        count = self.list.count()
        if count:
            self.list.setCurrentRow(min(max(self.list.currentRow() + by, 0), count - 1))

    def _take_lit(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        self._editor.choose_label(item.text())
        self._leave()

    def _leave(self) -> None:
        self.search.clear()
        self.done.emit()


class _Search(QLineEdit):
    """Takes Up, Down, Enter and Escape for the list below it.

    Signals:
        walked(by): Up or Down.
        taken(): Enter.
        left(): Escape.
    """

    walked = Signal(int)
    taken = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Search labels ( / )")
        self.setAccessibleName("Label")
        self.setToolTip("What the next box will hold, and the selected ones now: type, Enter")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Key.Key_Up | Key.Key_Down:
                self.walked.emit(1 if event.key() == Key.Key_Down else -1)
            case Key.Key_Return | Key.Key_Enter:
                self.taken.emit()
            case Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class _LabelRow(QStyledItemDelegate):
    """A chip in the label's colour, and the label; the one that the next box will hold is lit."""

    def __init__(self, editor: LayoutEditor, view: QListWidget) -> None:
        super().__init__(view)
        self._editor = editor
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, CONTROL_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = Theme.of(self._view)
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        if lit or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(theme.line if lit else theme.raised))
            painter.drawRoundedRect(place, CORNER_PX, CORNER_PX)
        label = str(index.data())
        paint_chip(painter, place, label_colour(label, self._editor.labels, theme))
        painter.setPen(QColor(theme.ink))
        painter.drawText(place.adjusted(INDENT + CHIP_PX + 8, 0, -8, 0), int(_LEFT), label)
        painter.restore()


def paint_chip(painter: QPainter, row: QRect, colour: QColor) -> None:
    """A small square in a label's colour, at the beginning of a row."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    top = row.top() + (row.height() - CHIP_PX) // 2
    painter.drawRoundedRect(QRect(row.left() + INDENT, top, CHIP_PX, CHIP_PX), 2, 2)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
