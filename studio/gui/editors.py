"""One editor for each kind of hyperparameter: a table, so that a new kind is a new row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.number import NumberEdit
from studio.gui.widgets.slider import ValueSlider

if TYPE_CHECKING:
    from studio.api.hyperparameters import HyperparameterInfo

SLIDER_STEPS = 200


class Editor(QObject):
    """A widget and the value it holds.

    Attributes:
        widget: what is put in the form.

    Signals:
        edited(): changed by hand, once for each gesture.
        rejected(reason): what was typed cannot be taken; empty when that is over.
    """

    edited = Signal()
    rejected = Signal(str)
    widget: QWidget

    def value(self) -> Any:
        """The value, of the hyperparameter's type."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Shows a value, without a signal."""
        raise NotImplementedError


class SliderEditor(Editor):
    """A number with both bounds, where the way between them can be seen."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        super().__init__(parent)
        assert info.minimum is not None
        assert info.maximum is not None
        low, high = _open_ends(info)
        self._integer = info.kind == "int"
        self._exact = info.default
        self.slider = ValueSlider(
            low,
            high,
            float(info.default),
            log=info.log,
            integer=self._integer,
            decimals=_decimals(low, high, info.default),
            parent=parent,
        )
        self.slider.committed.connect(self._committed)
        self.slider.rejected.connect(self.rejected)
        self.widget = self.slider

    def value(self) -> Any:
        return int(self._exact) if self._integer else float(self._exact)

    def set_value(self, value: Any) -> None:
        self._exact = value
        self.slider.set_value(float(value))

    def _committed(self, value: float) -> None:
        self._exact = value
        self.edited.emit()


class NumberEditor(Editor):
    """A number that is typed or stepped."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self._integer = info.kind == "int"
        self.edit = NumberEdit(info, parent)
        self.edit.committed.connect(self.edited)
        self.edit.rejected.connect(self.rejected)
        self.widget = self.edit

    def value(self) -> Any:
        return int(self.edit.value()) if self._integer else float(self.edit.value())

    def set_value(self, value: Any) -> None:
        self.edit.set_value(float(value))


class ChoiceEditor(Editor):
    """One of a few words."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.combo = FormComboBox(parent)
        self.combo.addItems(list(info.choices))
        self.combo.activated.connect(lambda _index: self.edited.emit())
        self.widget = self.combo

    def value(self) -> Any:
        return self.combo.currentText()

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentText(str(value))


class CheckEditor(Editor):
    """Yes or no."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.box = QCheckBox(parent)
        self.box.clicked.connect(lambda _checked: self.edited.emit())
        self.widget = self.box
        self.set_value(info.default)

    def value(self) -> Any:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))


class TextEditor(Editor):
    """Anything that is typed."""

    def __init__(self, info: HyperparameterInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(parent)
        self.edit.editingFinished.connect(self._finished)
        self.widget = self.edit
        self.set_value(info.default)

    def value(self) -> Any:
        return self.edit.text()

    def set_value(self, value: Any) -> None:
        self._before = str(value)
        self.edit.setText(self._before)

    def _finished(self) -> None:
        if self.edit.text() != self._before:
            self._before = self.edit.text()
            self.edited.emit()


class FormComboBox(CalmComboBox):
    """A combo box that never pushes a form out of its pane, however long its names are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)


def make_editor(info: HyperparameterInfo, parent: QWidget) -> Editor:
    """The editor for a hyperparameter."""
    return _EDITORS[_look(info)](info, parent)


def _look(info: HyperparameterInfo) -> str:
    if info.kind in ("int", "float"):
        return "slider" if _slides(info) else "number"
    return info.kind


def _slides(info: HyperparameterInfo) -> bool:
    """Whether a hand can reach the values that matter: a log scale, or a short way between two bounds."""
    if info.minimum is None or info.maximum is None:
        return False
    if info.log and info.minimum > 0:
        return True
    return info.kind == "float" and info.maximum - info.minimum <= 20


def _open_ends(info: HyperparameterInfo) -> tuple[float, float]:
    """Bounds that may be taken: an exclusive bound is moved in by one visible step."""
    assert info.minimum is not None
    assert info.maximum is not None
    step = 1.0 if info.kind == "int" else (info.maximum - info.minimum) / 1000
    low = info.minimum + (step if info.exclusive_minimum else 0)
    high = info.maximum - (step if info.exclusive_maximum else 0)
    return low, high


def _decimals(low: float, high: float, default: Any) -> int:
    """Enough digits for a hundredth of the way, and for the default."""
    text = f"{float(default):.10f}".rstrip("0")
    needed = len(text.split(".")[1])
    return max(2 if high - low <= 20 else 0, min(needed, 6))


_EDITORS: dict[str, Callable[[HyperparameterInfo, QWidget], Editor]] = {
    "slider": SliderEditor,
    "number": NumberEditor,
    "choice": ChoiceEditor,
    "bool": CheckEditor,
    "text": TextEditor,
}
