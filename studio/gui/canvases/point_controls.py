"""Seed, class and truncation: the controls that every latent canvas has."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.rows import column, follow, named
from studio.gui.canvases.seed_box import SeedBox, random_seed
from studio.gui.canvases.truncation import cutoff_at, cutoff_slider, psi_slider, truncated
from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.slider import ValueSlider


class PointControls(QWidget):
    """Rows for the seed, the class where the model has classes, and psi.

    Args:
        editor: the document.
        labels: the model's classes by index; empty where it has none.
        layers: how many layers take a w, for a slider that says how many are truncated; 0 for none.

    Attributes:
        seed, label, psi, cutoff: the controls; `cutoff` is None where there are no layers.
    """

    def __init__(
        self, editor: LatentEditor, labels: tuple[str, ...], layers: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._layers = layers
        self.seed = SeedBox()
        self.seed.chosen.connect(self.choose_seed)
        self.seed.thrown.connect(self.throw)
        self.label = CalmComboBox(self)
        self.label.setVisible(bool(labels))
        self.label.addItems(labels)
        self.label.setAccessibleName("Class")
        self.label.setToolTip("What the model is asked to draw")
        self.label.activated.connect(self._choose_label)
        self.psi = psi_slider("z")
        self.psi.changed.connect(self._choose_psi)
        self.psi.committed.connect(lambda _psi: editor.end_gesture())
        self.cutoff = self._make_cutoff() if layers else None
        layout = column()
        layout.addLayout(named("Seed", self.seed, self.seed.number))
        if labels:
            layout.addLayout(named("Class", self.label))
        layout.addLayout(named("Truncation ψ", self.psi))
        if self.cutoff is not None:
            layout.addLayout(named("Truncated", self.cutoff))
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def choose_seed(self, seed: int) -> None:
        """Goes to what a seed draws."""
        self._editor.edit(self._editor.document.with_seed(seed), "Choose a seed")

    def scrub(self, seed: int) -> None:
        """Goes to what a seed draws, in the middle of a gesture."""
        self._editor.edit(self._editor.document.with_seed(seed), "Scrub through seeds", gesture=True)

    def step(self, seeds: int) -> None:
        """Goes some seeds on, or back."""
        self.choose_seed(self._editor.document.seed + seeds)

    def throw(self) -> None:
        """Goes to a random seed."""
        self._editor.edit(self._editor.document.with_seed(random_seed()), "Throw a seed")

    def show_document(self) -> None:
        """Brings the controls up to date."""
        document = self._editor.document
        self.seed.show_seed(document.seed)
        self.label.setCurrentIndex(document.label or 0)
        follow(self.psi, document.psi)
        if self.cutoff is not None:
            follow(self.cutoff, truncated(document.cutoff, self._layers))

    def _make_cutoff(self) -> ValueSlider:
        slider = cutoff_slider(self._layers)
        slider.changed.connect(self._choose_cutoff)
        slider.committed.connect(lambda _layers: self._editor.end_gesture())
        return slider

    def _choose_label(self, index: int) -> None:
        self._editor.edit(self._editor.document.with_label(index), "Choose a class")

    def _choose_psi(self, psi: float) -> None:
        self._editor.edit(self._editor.document.with_psi(psi), "Change truncation", gesture=True)

    def _choose_cutoff(self, layers: float) -> None:
        changed = self._editor.document.with_cutoff(cutoff_at(layers, self._layers))
        self._editor.edit(changed, "Change truncation", gesture=True)
