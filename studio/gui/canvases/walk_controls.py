"""The walk canvas's controls: the chosen keyframe, and the way as a whole."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.edit.directions import Directions
from studio.edit.interpolation import Interpolation
from studio.edit.keyframes import LONGEST, MOST_KEYFRAMES, Ease
from studio.edit.walk import Through
from studio.gui.canvases.path_box import PathBox
from studio.gui.canvases.rows import column, follow, named, row, section
from studio.gui.canvases.seed_box import SeedBox, random_seed
from studio.gui.canvases.truncation import cutoff_at, cutoff_slider, psi_slider, truncated
from studio.gui.canvases.walk_editor import WalkEditor
from studio.gui.widgets.basics import Button, DimLabel, IconButton, SectionLabel, Tabs
from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.slider import ValueSlider

EASES: tuple[tuple[str, Ease, str], ...] = (
    ("Smooth", "smooth", "Leaves and arrives slowly (E)"),
    ("Steady", "linear", "Goes at one rate (E)"),
    ("Cut", "hold", "Stays, and then jumps (E)"),
)
THROUGHS: tuple[tuple[str, Through, str], ...] = (
    ("z", "z", "Through the latents that pictures are drawn from"),
    ("w", "w", "Through styles: calmer, and fewer pictures on the way go wrong"),
)
RATES = (10, 12, 15, 20, 24, 25, 30, 50, 60)
LEAST_SECONDS = 0.04
NUDGE = 0.1
HALF = 0.51


class KeyframeControls(QWidget):
    """Adds keyframes; seed, class, truncation and directions of the chosen one, and how it goes on from it.

    Attributes:
        add, from_latent: buttons.
        seed, label, psi, cutoff, seconds, ease: the controls; `cutoff` is None where the model mixes no styles.
        directions: what the keyframe brought along from the latent canvas.

    Signals:
        latent_wanted(): a person wants points of the latent canvas.
    """

    latent_wanted = Signal()

    def __init__(self, editor: WalkEditor, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.add = Button("Add random", editor.add_random)
        self.add.setToolTip("A random picture after the chosen one (A)")
        self.from_latent = Button("From latent", self.latent_wanted.emit)
        self.from_latent.setToolTip("Pictures that are pinned, kept or shown on the latent canvas")
        self._title = SectionLabel("Keyframe")
        self.duplicate = IconButton("ri.file-copy-line", "Duplicate it (Ctrl+D)", editor.duplicate)
        self.remove = IconButton("ri.delete-bin-line", "Take it out (Delete)", editor.remove)
        self.seed = SeedBox()
        self.seed.chosen.connect(editor.choose_seed)
        self.seed.thrown.connect(self.throw)
        self.label = self._make_label(labels)
        self.psi = psi_slider("z")
        self.psi.changed.connect(lambda psi: editor.change("Change truncation", gesture=True, psi=psi))
        self.cutoff = self._make_cutoff() if editor.layers else None
        self.directions = MovedAlong(lambda: editor.change("Leave the directions", directions=None))
        self.seconds = self._make_seconds()
        for slider in (self.psi, self.seconds):
            slider.committed.connect(lambda _value: editor.end_gesture())
        self.ease = self._make_ease()
        self._lay_out(bool(labels))
        editor.changed.connect(self.show_document)
        editor.chosen.connect(self.show_document)
        editor.settled.connect(self._settle)
        self.show_document()

    def throw(self) -> None:
        """Gives the chosen keyframe a random seed."""
        self._editor.choose_seed(random_seed())

    def nudge(self, seconds: float) -> None:
        """Makes the way to the next keyframe longer, or shorter; one step."""
        if self._editor.keyframe is not None:
            self._editor.last_for(self._editor.selected, self._editor.keyframe.seconds + seconds)
            self._editor.end_gesture()

    def next_ease(self) -> None:
        """The next kind of easing."""
        self._choose_ease((self.ease.currentIndex() + 1) % len(EASES))

    def show_document(self) -> None:
        """Brings the controls up to date."""
        keyframe, count = self._editor.keyframe, len(self._editor.document.keyframes)
        self.add.setEnabled(count < MOST_KEYFRAMES)
        self._one.setEnabled(keyframe is not None)
        self._title.setText(f"Keyframe {self._editor.selected + 1} of {count}" if count else "Keyframe")
        if keyframe is None:
            return
        self.seed.show_seed(keyframe.point.seed)
        self.label.setCurrentIndex(keyframe.label or 0)
        follow(self.psi, keyframe.psi)
        if self.cutoff is not None:
            follow(self.cutoff, truncated(keyframe.cutoff, self._editor.layers))
        self.directions.show_directions(keyframe.directions)
        if abs(self.seconds.value() - keyframe.seconds) * self._editor.document.fps > HALF:
            follow(self.seconds, keyframe.seconds)  # less is the rounding to frames of a drag that goes on
        _show_tab(self.ease, [ease for _, ease, _ in EASES].index(keyframe.ease))
        on = count > 1 and (self._editor.document.loop or self._editor.selected < count - 1)
        for control in (self.seconds, self.ease):
            control.setEnabled(on)

    def _lay_out(self, labelled: bool) -> None:
        for button in (self.add, self.from_latent):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._one = QWidget()
        one = column()
        one.addLayout(row(self._title, 1, self.duplicate, self.remove))
        one.addLayout(named("Seed", self.seed, self.seed.number))
        if labelled:
            one.addLayout(named("Class", self.label))
        one.addLayout(named("Truncation ψ", self.psi))
        if self.cutoff is not None:
            one.addLayout(named("Truncated", self.cutoff))
        one.addWidget(self.directions)
        one.addLayout(named("Seconds", self.seconds))
        one.addLayout(named("To the next", row(self.ease, 1), self.ease))
        self._one.setLayout(one)
        layout = column(spacing=12)
        layout.addLayout(row(self.add, self.from_latent, spacing=8))
        layout.addWidget(self._one)
        self.setLayout(layout)

    def _make_label(self, labels: tuple[str, ...]) -> CalmComboBox:
        label = CalmComboBox(self)
        label.setVisible(bool(labels))
        label.addItems(labels)
        label.setAccessibleName("Class")
        label.setToolTip("What the model is asked to draw; through w classes change gradually")
        label.activated.connect(lambda index: self._editor.change("Choose a class", label=index))
        return label

    def _make_seconds(self) -> ValueSlider:
        slider = ValueSlider(LEAST_SECONDS, LONGEST, 2, log=True)
        slider.setAccessibleName("Seconds to the next keyframe")
        slider.setToolTip("How long the way to the next keyframe takes ([ and ])")
        slider.changed.connect(lambda seconds: self._editor.last_for(self._editor.selected, seconds))
        return slider

    def _make_ease(self) -> Tabs:
        ease = Tabs()
        ease.setAccessibleName("Easing")
        for words, _, tip in EASES:
            ease.add(words, tip)
        ease.currentChanged.connect(self._choose_ease)
        return ease

    def _make_cutoff(self) -> ValueSlider:
        slider = cutoff_slider(self._editor.layers)
        slider.changed.connect(self._choose_cutoff)
        slider.committed.connect(lambda _layers: self._editor.end_gesture())
        return slider

    def _choose_cutoff(self, layers: float) -> None:
        self._editor.change("Change truncation", gesture=True, cutoff=cutoff_at(layers, self._editor.layers))

    def _settle(self) -> None:
        if self._editor.keyframe is not None:
            follow(self.seconds, self._editor.keyframe.seconds)

    def _choose_ease(self, index: int) -> None:
        self._editor.change("Change easing", ease=EASES[index][1])


class MovedAlong(QWidget):
    """Along which directions a keyframe is moved, and a way out; hidden where it is moved along none.

    Args:
        leave: moves the keyframe along none.

    Attributes:
        words, leave: its parts.
    """

    def __init__(self, leave: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = DimLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.leave = IconButton(
            "ri.close-line", "Leave the directions: the picture of seed and truncation alone", leave
        )
        layout = named("Directions", row(self.words, self.leave), self.leave)
        self.setLayout(layout)
        self.hide()

    def show_directions(self, directions: Directions | None) -> None:
        """Says what they are called and how far along the picture is."""
        self.setVisible(directions is not None)
        if directions is not None:
            told = [f"{one.name} {one.amount:+.1f}".replace("-", "\u2212") for one in directions.found]
            self.words.setText(told[0] if len(told) == 1 else f"{told[0]} and {len(told) - 1} more")
            self.words.setToolTip("\n".join(told))


class WayControls(QWidget):
    """Through what the walk goes, along which path, and at how many frames a second.

    Attributes:
        through, path, fps: the controls.
    """

    def __init__(self, editor: WalkEditor, *, styles: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.through = Tabs(parent=self)
        self.through.setVisible(styles)
        self.through.setAccessibleName("Walk in")
        for words, _, tip in THROUGHS:
            self.through.add(words, tip)
        self.through.currentChanged.connect(self._choose_through)
        self.path = PathBox("The way between keyframes")
        self.path.chosen.connect(self._choose_path)
        self.fps = CalmComboBox()
        self.fps.setAccessibleName("Frames a second")
        self.fps.setToolTip("Of the film, and of playing it here")
        for rate in RATES:
            self._add_rate(rate)
        self.fps.activated.connect(self._choose_fps)
        layout = column()
        layout.addLayout(section("Walk"))
        if styles:
            layout.addLayout(named("Walk in", row(self.through, 1), self.through))
        layout.addLayout(named("Way", self.path))
        layout.addLayout(named("Frame rate", self.fps))
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings the controls up to date."""
        document = self._editor.document
        _show_tab(self.through, [through for _, through, _ in THROUGHS].index(document.through))
        self.path.show_path(document.path)
        self.path.setEnabled(document.through == "z")
        if self.fps.findData(document.fps) < 0:
            self._add_rate(document.fps)
        self.fps.setCurrentIndex(self.fps.findData(document.fps))

    def _add_rate(self, fps: int) -> None:
        self.fps.addItem(f"{fps} a second", fps)

    def _choose_through(self, index: int) -> None:
        self._editor.edit(self._editor.document.with_through(THROUGHS[index][1]), "Change what it walks in")

    def _choose_path(self, path: Interpolation) -> None:
        self._editor.edit(self._editor.document.with_path(path), "Change the way between")

    def _choose_fps(self, index: int) -> None:
        self._editor.edit(self._editor.document.with_fps(self.fps.itemData(index)), "Change the frames a second")


def _show_tab(tabs: Tabs, index: int) -> None:
    blocked = tabs.blockSignals(True)
    tabs.setCurrentIndex(index)
    tabs.blockSignals(blocked)
