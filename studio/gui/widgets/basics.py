"""The small parts that every page is built of: labels, buttons, a state chip, pill tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QTabBar, QToolButton, QWidget

from studio.gui.theme import CONTROL_PX, Theme
from studio.gui.widgets.icons import icon

ICON_PX = 16
DOT_PX = 8
CHIP_PX = 12
CHIP_LEAST_PX = 96


def set_look(widget: QWidget, look: str) -> None:
    """Gives a widget another of the stylesheet's looks."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Label(QLabel):
    """Text in one of the stylesheet's looks: `title`, `section`, `strong`, `dim` or `bad`."""

    def __init__(self, text: str, look: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("look", look)
        self.setTextFormat(Qt.TextFormat.PlainText)


class SectionLabel(Label):
    """The small heading of a group of controls."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "section", parent)


class DimLabel(Label):
    """Text that can wait; wraps."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "dim", parent)
        self.setWordWrap(True)


class Button(QPushButton):
    """A secondary button; `look` makes it `primary` or `quiet`."""

    def __init__(
        self, text: str, call: Callable[[], Any] | None = None, parent: QWidget | None = None, *, look: str = ""
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("look", look or "plain")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if call is not None:
            self.clicked.connect(lambda _checked: call())


class PrimaryButton(Button):
    """The one action that matters here."""

    def __init__(self, text: str, call: Callable[[], Any] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, call, parent, look="primary")


class QuietButton(Button):
    """An action that looks like a word."""

    def __init__(self, text: str, call: Callable[[], Any] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, call, parent, look="quiet")


class ActionButton(Button):
    """A button that is an action's: its words, whether it is there and whether it can be pressed. `&` is left out."""

    def __init__(self, action: QAction, parent: QWidget | None = None, *, look: str = "") -> None:
        super().__init__("", action.trigger, parent, look=look)
        self._action = action
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._action.iconText())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        visible = self._action.isVisible()
        if not visible or self.parentWidget() is not None:  # what has no parent yet would become a window
            self.setVisible(visible)


class IconButton(QToolButton):
    """A square button with an icon, a tooltip and a name for screen readers. Follows the theme."""

    def __init__(
        self, icon_name: str, name: str, call: Callable[[], Any] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setFixedSize(CONTROL_PX, CONTROL_PX)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._colour()
        if call is not None:
            self.clicked.connect(lambda _checked: call())

    def set_icon(self, icon_name: str, name: str) -> None:
        """Another icon and another name."""
        self._icon_name = icon_name
        self.setToolTip(name)
        self.setAccessibleName(name)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        self.setIcon(icon(self._icon_name, Theme.of(self).ink))


class Chip(QLabel):
    """A rounded chip: words, and a dot in the level's colour that repeats them. Elided where room is short.

    Levels: `none` (no dot), `info`, `good`, `warn`, `bad`.
    """

    def __init__(self, text: str = "", level: str = "none", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = level
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedHeight(CONTROL_PX)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_state(text, level)

    def set_state(self, text: str, level: str = "none") -> None:
        """Other words, and another level."""
        self._level = level
        self.setContentsMargins(CHIP_PX if level == "none" else CHIP_PX + DOT_PX + 8, 0, CHIP_PX, 0)
        self.setText(text)
        self.setToolTip(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(CHIP_LEAST_PX, self.sizeHint().width()), CONTROL_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        if self._level != "none":
            painter.setBrush(QColor(theme.level(self._level)))
            painter.drawEllipse(CHIP_PX, (self.height() - DOT_PX) // 2, DOT_PX, DOT_PX)
        painter.setPen(QColor(theme.ink))
        place = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()


class Tabs(QTabBar):
    """Pill tabs. `currentChanged(index)` as in `QTabBar`; `add` returns the index. The wheel is the page's."""

    def __init__(self, titles: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pills")
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for title in titles:
            self.add(title)

    def add(self, title: str, tooltip: str = "") -> int:
        """Another tab, at the end."""
        index = self.addTab(title)
        self.setTabToolTip(index, tooltip)
        return index

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
