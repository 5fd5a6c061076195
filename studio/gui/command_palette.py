"""Ctrl+K: every action of the window, found by a few letters."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui.fuzzy import match
from studio.gui.theme import Theme

SIZE = QSize(560, 400)
ROW_PX = 34
TOP_PX = 88
KEYS = Qt.ItemDataRole.UserRole


class CommandPalette(QWidget):
    """A box to type in and the actions that match, best first. Enter does, Escape leaves.

    Args:
        window: whose actions are found, those of its visible children included.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "palette")
        self._window = window
        self._before: QWidget | None = None
        self._used: list[str] = []
        self._listed: list[QAction] = []
        self.box = QLineEdit(self)
        self.box.setPlaceholderText("Find a command")
        self.box.setAccessibleName("Find a command")
        self.list = QListWidget(self)
        self.list.setAccessibleName("Commands")
        self.list.setItemDelegate(_Row(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addWidget(self.list)
        self.box.textChanged.connect(self._fill)
        self.box.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        self.hide()

    def open(self) -> None:
        """Shows it, empty, and takes the focus."""
        self._before = self._window.focusWidget()
        left = (self._window.width() - SIZE.width()) // 2
        self.setGeometry(QRect(left, min(TOP_PX, self._window.height() // 8), SIZE.width(), SIZE.height()))
        self.box.clear()
        self._fill("")
        self.raise_()
        self.show()
        self.box.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Hides it and gives the focus back."""
        before = self._before
        self.hide()
        if before is not None and shiboken6.isValid(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """What is listed, best first."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def _fill(self, typed: str) -> None:
        scored = [(match(typed, title_of(action)), action) for action in self._actions()]
        found = [(score, action) for score, action in scored if score is not None]
        found.sort(key=lambda pair: (-pair[0], self._rank(title_of(pair[1])), title_of(pair[1])))
        self.list.clear()
        # Not in the items: an action goes with its canvas while the list is open, and Qt would follow a pointer to it.
        self._listed = [action for _, action in found]
        for action in self._listed:
            item = QListWidgetItem(title_of(action), self.list)
            item.setData(KEYS, action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            item.setSizeHint(QSize(0, ROW_PX))
        self.list.setCurrentRow(0)

    def _rank(self, title: str) -> int:
        """Those used last come first."""
        return -self._used.index(title) - 1 if title in self._used else 0

    def _actions(self) -> Sequence[QAction]:
        shown: dict[str, QAction] = {}
        for action in self._window.findChildren(QAction):
            owner = action.parent()
            in_sight = not isinstance(owner, QWidget) or owner is self._window or owner.isVisible()
            if in_sight and title_of(action) and action.isEnabled() and action.isVisible() and not action.menu():
                shown.setdefault(title_of(action), action)
        return list(shown.values())

    def _do(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        action = self._listed[self.list.row(item)]
        self.leave()
        if not shiboken6.isValid(action):
            return
        title = title_of(action)
        if title in self._used:
            self._used.remove(title)
        self._used.append(title)
        action.trigger()

    def hideEvent(self, event: QHideEvent) -> None:
        """Holds nothing of the window while it is away: a canvas would be kept by its widget that had the focus."""
        self._before = None
        self._listed = []
        self.list.clear()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event.key())
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        """Whether a key was for the list."""
        match key:
            case Qt.Key.Key_Escape:
                self.leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._do(self.list.currentItem())
            case Qt.Key.Key_Down | Qt.Key.Key_Up if self.list.count():
                by = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + by) % self.list.count())
            case _:
                return False
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.raised))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 10, 10)
        painter.end()


class _Row(QStyledItemDelegate):
    """A command and, on the right, its keys."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if keys := index.data(KEYS):
            theme = Theme.of(option.palette)
            painter.save()
            painter.setPen(QColor(theme.dim))
            painter.drawText(_inner(option), int(_RIGHT), keys)
            painter.restore()


def _inner(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect.adjusted(0, 0, -12, 0)


def title_of(action: QAction) -> str:
    """An action's words, without mnemonics and dots."""
    return action.text().replace("&", "").rstrip("…")


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
