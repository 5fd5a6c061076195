"""How to search, the button that begins it, and while it goes on how far it is and the ways out of it."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from studio.api.canvas import Progress
from studio.edit.inpaint import MOST_CANDIDATES, PRIORS, InpaintDocument
from studio.edit.inpaint_search import ITERATIONS, PRIOR
from studio.gui.canvases.inpaint_editor import InpaintEditor
from studio.gui.canvases.inpaint_searching import is_judged
from studio.gui.canvases.rows import column, follow, named, section
from studio.gui.canvases.seed_box import SeedBox
from studio.gui.canvases.work_buttons import WorkButtons
from studio.gui.widgets.basics import Button, PrimaryButton
from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.slider import ValueSlider

FEWEST_STEPS, MOST_STEPS = 20, 2000


class SearchControls(QWidget):
    """Rows for the search.

    Args:
        editor: the document.
        labels: the model's classes; empty where it has none.

    Attributes:
        candidates, iterations, prior, seed, label, blend: the controls.
        fill, again: buttons that begin a search.
        cancel, keep: buttons that end it.
        progress: what the buttons stand in.
    """

    def __init__(self, editor: InpaintEditor, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.candidates = ValueSlider(1, MOST_CANDIDATES, 4, integer=True)
        self.iterations = ValueSlider(FEWEST_STEPS, MOST_STEPS, ITERATIONS, integer=True, log=True)
        self.prior = ValueSlider(*PRIORS, PRIOR, log=True)
        self.seed = SeedBox()
        self.label = CalmComboBox(self)
        self.label.setVisible(bool(labels))
        self.label.addItems(labels)
        self.blend = QCheckBox()
        self.fill = PrimaryButton("Fill the hole")
        self.fill.setToolTip("Search for pictures that fit around what is masked (Enter)")
        self.again = Button("Other seeds")
        self.again.setToolTip("Search again from other beginnings (N)")
        self.cancel = Button("Cancel")
        self.cancel.setToolTip("Leave the search and what it found (Esc)")
        self.keep = Button("Keep these")
        self.keep.setToolTip("End the search here and take what it has found so far (Enter)")
        self.progress = WorkButtons("Search", (self.fill, self.again), (self.keep, self.cancel))
        self._name()
        self._connect()
        self._lay_out(labels)

    def show_document(self, document: InpaintDocument) -> None:
        """Brings the controls up to date."""
        follow(self.candidates, document.candidates)
        follow(self.iterations, document.iterations)
        follow(self.prior, document.prior)
        self.seed.show_seed(document.seed)
        self.label.setCurrentIndex(document.label or 0)
        self.blend.setChecked(document.blend)
        ready = document.picture is not None and bool(document.marks)
        for button in (self.fill, self.again):
            button.setEnabled(ready)

    def show_search(self, progress: Progress | None) -> None:
        """How far a search is; None before its first news."""
        done, total = (progress.done, progress.total) if progress is not None else (0, 0)
        judged = progress is not None and is_judged(progress)
        fits = f" · best {progress.values['mismatch'].min():.1%} off" if progress is not None and judged else ""
        words = f"Step {done:,} of {total:,}{fits}" if total else "Beginning"
        self.progress.show_progress(words, done, total)
        self.keep.setEnabled(judged)

    def show_rest(self) -> None:
        """Nothing is searched for."""
        self.progress.show_buttons()

    def _name(self) -> None:
        for control, name, tip in (
            (self.candidates, "Candidates", "How many ways to fill the hole are searched for at once"),
            (self.iterations, "Steps", "How long the search goes on; more fit better, up to a point"),
            (self.prior, "Realism", "How much it matters that the model finds the picture real, beside fitting"),
            (self.label, "Class", "What the model is asked to draw"),
            (self.blend, "Blend", "What is found takes on the colours around the hole, so that no seam is left"),
        ):
            control.setAccessibleName(name)
            control.setToolTip(tip)
        self.seed.number.setToolTip("Where the search begins: each candidate has the seed after the one before")

    def _connect(self) -> None:
        editor = self._editor
        self.candidates.changed.connect(lambda count: editor.plan("How many candidates", candidates=round(count)))
        self.iterations.changed.connect(lambda steps: editor.plan("How many steps", iterations=round(steps)))
        self.prior.changed.connect(lambda prior: editor.plan("How real", prior=prior))
        for slider in (self.candidates, self.iterations, self.prior):
            slider.committed.connect(lambda _value: editor.end_gesture())
        self.seed.chosen.connect(editor.choose_seed)
        self.seed.thrown.connect(editor.throw_seed)
        self.label.activated.connect(editor.label)
        self.blend.clicked.connect(lambda on: editor.blend(on=on))

    def _lay_out(self, labels: tuple[str, ...]) -> None:
        layout = column()
        layout.addLayout(section("Fill"))
        layout.addLayout(named("Candidates", self.candidates))
        layout.addLayout(named("Steps", self.iterations))
        layout.addLayout(named("Realism λ", self.prior))
        layout.addLayout(named("Seed", self.seed, self.seed.number))
        if labels:
            layout.addLayout(named("Class", self.label))
        layout.addLayout(named("Blend", self.blend))
        layout.addSpacing(4)
        layout.addWidget(self.progress)
        self.setLayout(layout)
