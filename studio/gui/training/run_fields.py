"""How long, from which seed and on what device: the choices of a run that are no model's."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio.api.hyperparameters import HyperparameterInfo
from studio.gui.editors import FormComboBox
from studio.gui.forms import LABEL_WIDTH
from studio.gui.widgets.basics import Label
from studio.gui.widgets.number import NumberEdit

DEVICES = {"auto": "Automatic", "cpu": "CPU"}
SHORT = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}
ACCELERATORS = {"cuda": "GPU", "mps": "Apple GPU"}


class RunFields(QWidget):
    """Steps, seed and device.

    Attributes:
        steps_edit, seed_edit, device_box: the three fields.

    Signals:
        edited(): one of them was changed by hand.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps_edit = NumberEdit(_whole("steps", "Steps", 1000, 1, "Generator updates in all"))
        self.seed_edit = NumberEdit(_whole("seed", "Seed", 0, 0, "Of weights, data order, noise and samples"))
        self.device_box = FormComboBox()
        self._problem = Label("", "bad")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._lay_out()
        self.set_devices("", "")
        self.steps_edit.committed.connect(self.edited)
        self.seed_edit.committed.connect(self.edited)
        self.device_box.activated.connect(lambda _index: self.edited.emit())
        for edit in (self.steps_edit, self.seed_edit):
            edit.rejected.connect(self._explain)

    def steps(self) -> int:
        """Generator updates in all."""
        return round(self.steps_edit.value())

    def seed(self) -> int:
        """The run's seed."""
        return round(self.seed_edit.value())

    def device(self) -> str:
        """What to compute on, as a plan says it."""
        return str(self.device_box.currentData())

    def set_devices(self, kind: str, name: str) -> None:
        """Offers what this machine has: `kind` is cpu, cuda or mps, `name` what a person calls it."""
        chosen = self.device_box.currentData()
        names = dict(DEVICES)
        if kind in ACCELERATORS:
            names[kind] = ACCELERATORS[kind]
        self.device_box.clear()
        for device, words in names.items():
            self.device_box.addItem(f"Auto ({SHORT[kind]})" if device == "auto" and kind in SHORT else words, device)
        self.device_box.setToolTip(name)
        self.device_box.setCurrentIndex(max(self.device_box.findData(chosen), 0))

    def set_values(self, values: Mapping[str, object]) -> None:
        """Shows steps, seed and device, as far as they are given."""
        for name, edit in (("steps", self.steps_edit), ("seed", self.seed_edit)):
            if isinstance(number := values.get(name), int):
                edit.set_value(number)
        if (index := self.device_box.findData(values.get("device"))) >= 0:
            self.device_box.setCurrentIndex(index)

    def _explain(self, reason: str) -> None:
        self._problem.setText(reason)
        self._problem.setVisible(bool(reason))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        rows = {"Steps": self.steps_edit, "Seed": self.seed_edit, "Device": self.device_box}
        for row, (words, field) in enumerate(rows.items()):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._problem, len(rows), 0, 1, 2)


def _whole(name: str, title: str, default: int, minimum: int, description: str) -> HyperparameterInfo:
    return HyperparameterInfo(
        name=name,
        title=title,
        kind="int",
        default=default,
        minimum=minimum,
        maximum=None,
        exclusive_minimum=False,
        exclusive_maximum=False,
        choices=(),
        unit="",
        log=False,
        live=False,
        advanced=False,
        description=description,
        source="",
    )
