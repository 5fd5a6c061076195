"""The left rail: the studio's places, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from studio.gui.theme import CORNER_PX, Theme, base_font
from studio.gui.widgets.icons import icon

WIDTH = 68
ITEM = QSize(52, 50)
ICON_PX = 18
LABEL_PX = 11
BAR_PX = 2


class RailButton(QToolButton):
    """A place: an icon over a word; a bar in the accent colour where one is."""

    def __init__(self, name: str, title: str, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self._icon_name = icon_name
        self._icons: dict[str, QIcon] = {}
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setFixedSize(ITEM)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked() or self.underMouse()
        if lit or self.hasFocus():
            painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised) if lit else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, 12, BAR_PX + 1, self.height() - 24), 1.5, 1.5)
        colour = theme.ink if self.isChecked() else theme.dim
        left = (self.width() - ICON_PX) // 2
        self._icon(colour).paint(painter, left, 8, ICON_PX, ICON_PX)
        painter.setFont(base_font(LABEL_PX))
        painter.setPen(QColor(colour))
        painter.drawText(self.rect().adjusted(0, 0, 0, -6), int(_BOTTOM), self.text())
        painter.end()

    def _icon(self, colour: str) -> QIcon:
        if colour not in self._icons:
            self._icons[colour] = icon(self._icon_name, colour)
        return self._icons[colour]


class Rail(QWidget):
    """One `RailButton` for each place.

    Signals:
        chosen(name): a place was chosen by hand.
    """

    chosen = Signal(str)

    def __init__(self, places: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`places`: name, title and icon of each."""
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Places")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 12, 8, 12)
        self._column.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons = {name: RailButton(name, title, icon_name, self) for name, title, icon_name in places}
        for button in self._buttons.values():
            self._group.addButton(button)
            self._column.addWidget(button)
            button.clicked.connect(lambda _checked, name=button.name: self.chosen.emit(name))
        self._column.addStretch(1)

    def add_below(self, widget: QWidget) -> None:
        """Puts a widget at the foot of the rail."""
        self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_current(self, name: str) -> None:
        """Lights a place."""
        self._buttons[name].setChecked(True)

    def set_tooltip(self, name: str, text: str) -> None:
        """Says what a place is for, and its key."""
        self._buttons[name].setToolTip(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(Theme.of(self).line))
        painter.end()


_BOTTOM = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
