"""The plot's legend: what each curve is and where it stands; a click hides a curve."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLayoutItem, QWidget

from studio.gui.theme import CORNER_PX, Theme, base_font
from studio.gui.training.colours import curve_colour, curve_is_dashed
from studio.gui.training.curves import curve_title
from studio.gui.training.figures import value
from studio.gui.training.flow import FlowLayout

HEIGHT = 24
SWATCH = 10
PAD = 6
NARROWEST = "0.00"


class LegendItem(QAbstractButton):
    """One curve: a dash in its colour, its name, its newest value. Checked: the curve is shown.

    Click or Space hides and shows it; Alt with them shows it alone.

    Signals:
        alone(): it is to be shown alone.
        pointed(whether): the pointer or the keyboard is at it.
    """

    alone = Signal()
    pointed = Signal(bool)

    def __init__(self, name: str, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = curve_title(name)
        self._index = index
        self._value = ""
        self._widest = NARROWEST
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Click hides or shows this curve, Alt+click shows it alone.")
        self.toggled.connect(lambda _on: self._name())
        self._name()

    def set_value(self, number: float | None) -> None:
        """Shows a value, or none."""
        text = "" if number is None else value(number)
        if text != self._value:
            self._value = text
            self._name()
            self.update()
        if len(text) > len(self._widest):
            self._widest = text
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(base_font())
        texts = metrics.horizontalAdvance(self._title) + 6 + metrics.horizontalAdvance(self._widest)
        return QSize(PAD * 2 + SWATCH + 6 + texts, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._title} {self._value}, {'shown' if self.isChecked() else 'hidden'}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and self.hitButton(event.position().toPoint()):
            self.setDown(False)
            self.alone.emit()
            return
        super().mouseReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.pointed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointed.emit(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(around, CORNER_PX, CORNER_PX)
        self._paint_content(painter, theme)
        painter.end()

    def _paint_content(self, painter: QPainter, theme: Theme) -> None:
        shown = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(curve_colour(theme, self._index) if shown else QColor(theme.line))
        dash = SWATCH / 2 - 1 if curve_is_dashed(self._index) else SWATCH
        for left in range(PAD, PAD + SWATCH, round(dash) + 2):
            painter.drawRoundedRect(QRectF(left, HEIGHT / 2 - 1, dash, 2.5), 1, 1)
        font = base_font()
        font.setStrikeOut(not shown)
        painter.setFont(font)
        painter.setPen(QColor(theme.ink if shown else theme.dim))
        left = PAD + SWATCH + 6
        upright = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, self.width(), HEIGHT), upright | Qt.AlignmentFlag.AlignLeft, self._title)
        font.setStrikeOut(False)
        painter.setFont(font)
        room = QRectF(0, 0, self.width() - PAD, HEIGHT)
        painter.drawText(room, upright | Qt.AlignmentFlag.AlignRight, self._value)


class Legend(QWidget):
    """The legend of one plot.

    Signals:
        hidden_changed(names): a frozenset of the metrics that are now hidden.
        pointed(name): the curve that should stand out; empty for none.
    """

    hidden_changed = Signal(object)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, LegendItem] = {}
        self._flow = FlowLayout(self)
        self.setMinimumHeight(HEIGHT)
        self.setAccessibleName("Legend")

    def show_curves(self, names: Sequence[str], hidden: set[str]) -> None:
        """Lists these metrics, in this order of colours."""
        self._clear()
        for index, name in enumerate(names):
            item = LegendItem(name, index, self)
            item.setChecked(name not in hidden)
            item.toggled.connect(lambda _on: self.hidden_changed.emit(self.hidden()))
            item.alone.connect(lambda name=name: self._show_alone(name))
            item.pointed.connect(lambda on, name=name: self.pointed.emit(name if on else ""))
            self._items[name] = item
            self._flow.addWidget(item)
            item.show()

    def item(self, name: str) -> LegendItem:
        """The entry of a metric."""
        return self._items[name]

    def names(self) -> list[str]:
        """The metrics that are listed."""
        return list(self._items)

    def hidden(self) -> frozenset[str]:
        """The listed metrics that are switched off."""
        return frozenset(name for name, item in self._items.items() if not item.isChecked())

    def _show_alone(self, name: str) -> None:
        """Shows one curve alone; all, where it was alone already."""
        others = [item for other, item in self._items.items() if other != name]
        was_alone = self._items[name].isChecked() and not any(item.isChecked() for item in others)
        for item in others:
            item.setChecked(was_alone)
        self._items[name].setChecked(True)

    def _clear(self) -> None:
        self._items.clear()
        while (taken := self._flow.takeAt(0)) is not None:
            _delete(taken)


def _delete(taken: QLayoutItem) -> None:
    widget = taken.widget()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
