"""A number in a box: typed, or stepped by keys and wheel, and never in force while it is out of bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

if TYPE_CHECKING:
    from studio.api.hyperparameters import HyperparameterInfo

PAUSE_MS = 400


class NumberEdit(QLineEdit):
    """A box for one number within its declared bounds.

    Up and Down step it, Page Up and Page Down double and halve it, the wheel steps it while it has the focus. Enter or
    leaving takes what was typed; Escape goes back. What cannot be taken stays, marked, with the reason.

    Signals:
        committed(): another value is in force.
        rejected(reason): what was typed cannot be taken, in a sentence; empty when that is over.
    """

    committed = Signal()
    rejected = Signal(str)

    def __init__(self, info: HyperparameterInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info = info
        self._value = self._committed = float(info.default or 0)
        self._invalid = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._commit)
        self.returnPressed.connect(self._take)
        self.textEdited.connect(lambda _text: self._pause.stop())
        self.set_value(self._value)

    def value(self) -> float:
        """The last value that could be taken."""
        return self._value

    def set_value(self, value: float) -> None:
        """Shows a value, without `committed`."""
        self._value = self._committed = value
        self._pause.stop()
        self._show()

    def _show(self) -> None:
        text = f"{round(self._value)}" if self._info.kind == "int" else f"{self._value:.10g}"
        self.setText(text.replace("-", "\N{MINUS SIGN}"))
        self._mark("")

    def _take(self) -> None:
        if not self.isModified():
            self._commit()
            return
        reason = self._refusal(self.text())
        self._mark(reason)
        if not reason:
            self._value = float(_plain(self.text()))
            self._show()
            self._commit()

    def _commit(self) -> None:
        self._pause.stop()
        if self._value != self._committed:
            self._committed = self._value
            self.committed.emit()

    def _refusal(self, text: str) -> str:
        """Why a text cannot be taken; empty where it can."""
        takes = f"It takes {self._info.range_text}."
        try:
            value = float(_plain(text))
        except ValueError:
            return f"“{text.strip()}” is not a number. {takes}"
        if self._info.kind == "int" and value != round(value):
            return f"{text.strip()} is not a whole number. {takes}"
        return "" if self._within(value) else f"{text.strip()} is out of bounds. {takes}"

    def _within(self, value: float) -> bool:
        low, high = self._info.minimum, self._info.maximum
        if low is not None and (value < low or (self._info.exclusive_minimum and value == low)):
            return False
        return not (high is not None and (value > high or (self._info.exclusive_maximum and value == high)))

    def _mark(self, reason: str) -> None:
        if bool(reason) != self._invalid:
            self._invalid = bool(reason)
            self.setProperty("invalid", self._invalid)
            self.style().unpolish(self)
            self.style().polish(self)
            self.rejected.emit(reason)
        elif reason:
            self.rejected.emit(reason)

    def _step(self, value: float) -> None:
        value = float(round(value)) if self._info.kind == "int" else float(f"{value:.10g}")
        if self._within(value):
            self._value = value
            self._show()

    def _unit(self) -> float:
        """One step: 1 of a whole number, a tenth of another's size."""
        if self._info.kind == "int" or not self._value:
            return 1.0
        return float(10.0 ** (len(f"{abs(self._value):.0f}") - 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up:
                self._step(self._value + self._unit())
            case Qt.Key.Key_Down:
                self._step(self._value - self._unit())
            case Qt.Key.Key_PageUp:
                self._step(self._value * 2)
            case Qt.Key.Key_PageDown:
                self._step(self._value / 2)
            case Qt.Key.Key_Escape if self.isModified() or self._invalid:
                self._show()
            case _:
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat() and not self.isModified():
            self._commit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self._step(self._value + self._unit() * (1 if event.angleDelta().y() > 0 else -1))
        self._pause.start()
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._take()


def _plain(text: str) -> str:
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
