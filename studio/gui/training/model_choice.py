"""Which model, and from which preset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.data.kinds import fits
from studio.gui.editors import FormComboBox
from studio.gui.widgets.basics import DimLabel

if TYPE_CHECKING:
    from studio.api import DataKind, ModelSpec

FIRST_PRESET = "quick"
TOOLTIP = Qt.ItemDataRole.ToolTipRole


class ModelChoice(QWidget):
    """A model and one of its presets, and what the preset reaches.

    Attributes:
        models, presets: the two boxes.

    Signals:
        chosen(): a person chose another model or preset, or the same preset again.
    """

    chosen = Signal()

    def __init__(self, models: Mapping[str, ModelSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs = models
        self.models = FormComboBox()
        self.models.setAccessibleName("Model")
        self.presets = FormComboBox()
        self.presets.setAccessibleName("Preset")
        self.presets.setToolTip("Choosing a preset puts every hyperparameter at its values")
        self._summary = DimLabel()
        for spec in models.values():
            self.models.addItem(spec.title, spec.id)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.models, 3)
        row.addWidget(self.presets, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._summary)
        self._offer_presets()
        self.models.activated.connect(lambda _index: self._choose_model())
        self.presets.activated.connect(lambda _index: self._choose_preset())

    @property
    def spec(self) -> ModelSpec | None:
        """The chosen model; None where there is none to choose."""
        return self._specs.get(self.models.currentData() or "")

    @property
    def preset(self) -> str:
        """The chosen preset's name; empty where the model has none."""
        return str(self.presets.currentData() or "")

    def choose(self, model: str, preset: str = "") -> None:
        """Shows a model, at a preset or at the one for a first try. An unknown name leaves things as they are."""
        if (index := self.models.findData(model)) >= 0:
            self.models.setCurrentIndex(index)
            self._offer_presets()
        if (index := self.presets.findData(preset)) >= 0:
            self.presets.setCurrentIndex(index)
        self._describe()

    def first_of(self, kind: DataKind) -> str:
        """The id of the first model made for a kind of data, or else that can use it; empty where there is none."""
        made = [spec.id for spec in self._specs.values() if spec.data is kind]
        able = [spec.id for spec in self._specs.values() if fits(kind, spec.data)]
        return next(iter((*made, *able)), "")

    def _choose_model(self) -> None:
        self._offer_presets()
        self.chosen.emit()

    def _choose_preset(self) -> None:
        self._describe()
        self.chosen.emit()

    def _offer_presets(self) -> None:
        spec = self.spec
        self.presets.clear()
        for name, preset in (spec.presets if spec else {}).items():
            self.presets.addItem(name, name)
            self.presets.setItemData(self.presets.count() - 1, preset.summary, TOOLTIP)
        self.presets.setCurrentIndex(max(self.presets.findData(FIRST_PRESET), 0))
        self.presets.setEnabled(self.presets.count() > 0)
        self._describe()

    def _describe(self) -> None:
        spec = self.spec
        self.models.setToolTip(spec.summary if spec else "")
        self._summary.setText(spec.presets[self.preset].summary if spec and self.preset in spec.presets else "")
