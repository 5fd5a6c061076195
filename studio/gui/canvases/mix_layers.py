"""The layers of a mixed picture, one row each: whose style, how much of it, noise, and a lock."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QWidget

from studio.edit.mixing import Layer, Span
from studio.gui.canvases.mix_drops import StyleTarget
from studio.gui.canvases.mix_editor import MixEditor
from studio.gui.canvases.rows import column, follow, row
from studio.gui.canvases.seed_box import random_seed
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.slider import ValueSlider

NUMBER_WIDTH = 18
SOURCE_WIDTH = 84
NOBODY = "–"
LOCKS = {True: ("ri.lock-line", "Unlock layer {}"), False: ("ri.lock-unlock-line", "Lock layer {}")}
NOISES = {
    True: ("ri.bubble-chart-line", "New noise in layer {} (Shift: none)"),
    False: ("ri.blur-off-line", "Give layer {} noise"),
}


class MixLayers(QWidget):
    """A row for every layer, from coarse to fine.

    Attributes:
        rows: the rows.
    """

    def __init__(self, editor: MixEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = [LayerRow(editor, index) for index in range(len(editor.document.layers))]
        layout = column(spacing=2)
        for one in self.rows:
            layout.addWidget(one)
        self.setLayout(layout)


class LayerRow(StyleTarget):
    """One layer. A style can be dropped on it.

    Attributes:
        source: whose style.
        weight: how much of it.
        lock, noise: its buttons.
    """

    def __init__(self, editor: MixEditor, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._index = index
        name = QLabel(str(index + 1))
        name.setFixedWidth(NUMBER_WIDTH)
        name.setProperty("look", "dim")
        self.source = CalmComboBox()
        self.source.setFixedWidth(SOURCE_WIDTH)
        self.source.setAccessibleName(f"Style of layer {index + 1}")
        self.source.setToolTip("Whose style this layer takes")
        self.source.activated.connect(self._choose_source)
        self.weight = ValueSlider(0, 1, 1)
        self.weight.setAccessibleName(f"Weight of the style in layer {index + 1}")
        self.weight.changed.connect(self._choose_weight)
        self.weight.committed.connect(lambda _weight: editor.end_gesture())
        self.noise = IconButton("ri.bubble-chart-line", "", self._change_noise)
        self.lock = IconButton("ri.lock-unlock-line", "", self._toggle_lock)
        self.setLayout(row(name, self.source, self.weight, self.noise, self.lock))
        editor.changed.connect(self.show_document)
        self.show_document()

    def span_at(self, event: QDropEvent) -> Span:  # noqa: ARG002 (the row is one layer wherever it is touched)
        """The layer alone."""
        return (self._index, self._index + 1)

    def show_document(self) -> None:
        """Brings the row up to date."""
        document = self._editor.document
        names = [NOBODY, *(str(seed) for seed in document.columns)]
        if [self.source.itemText(at) for at in range(self.source.count())] != names:
            self.source.clear()
            self.source.addItems(names)
        layer = self._layer
        self.source.setCurrentIndex(0 if layer.column is None else layer.column + 1)
        self.weight.setEnabled(layer.column is not None)
        follow(self.weight, layer.weight if layer.column is not None else 0.0)
        noisy = document.noise is None or document.noise[self._index] is not None
        for button, looks, state in ((self.lock, LOCKS, layer.locked), (self.noise, NOISES, noisy)):
            icon, words = looks[state]
            button.set_icon(icon, words.format(self._index + 1))

    @property
    def _layer(self) -> Layer:
        return self._editor.document.layers[self._index]

    def _change(self, layer: Layer, text: str, *, gesture: bool = False) -> None:
        self._editor.edit(self._editor.document.with_layer(self._index, layer), text, gesture=gesture)

    def _choose_source(self, index: int) -> None:
        column = index - 1 if index else None
        self._change(replace(self._layer, column=column, weight=self._layer.weight or 1.0), "Choose a layer's style")

    def _choose_weight(self, weight: float) -> None:
        self._change(replace(self._layer, weight=weight), f"Weigh layer {self._index + 1}", gesture=True)

    def _toggle_lock(self) -> None:
        locked = not self._layer.locked
        self._change(replace(self._layer, locked=locked), "Lock a layer" if locked else "Unlock a layer")

    def _change_noise(self) -> None:
        document = self._editor.document
        off = document.noise is not None and document.noise[self._index] is None
        seed = random_seed() if off or not self._editor.shifted() else None
        self._editor.edit(document.with_layer_noise(self._index, seed), "Change a layer's noise")
