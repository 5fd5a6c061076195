"""The mixing canvas's controls above its layers: the chosen source, the layers of the matrix, truncation, noise."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from studio.edit.mixing import MOST_SOURCES, Span, spans
from studio.gui.canvases.mix_drops import StyleTarget
from studio.gui.canvases.mix_editor import MixEditor
from studio.gui.canvases.mix_matrix import HEAD, Place
from studio.gui.canvases.rows import NAME_WIDTH, column, follow, named, row, section
from studio.gui.canvases.seed_box import SeedBox, random_seed
from studio.gui.canvases.truncation import cutoff_at, cutoff_slider, psi_slider, truncated
from studio.gui.widgets.basics import IconButton, Label, QuietButton, Tabs
from studio.gui.widgets.calm_combo import CalmComboBox
from studio.gui.widgets.slider import ValueSlider

NONE_NAMED = -1


class SourceControls(QWidget):
    """The seed of the chosen row or column; more and fewer of them.

    Attributes:
        place: the head that is chosen: a row, or a column.
        seed: its seed.

    Signals:
        placed(): another head is chosen.
    """

    placed = Signal()

    def __init__(self, editor: MixEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.place: Place = (editor.document.row, HEAD)
        self._name = Label("", "strong")
        self.seed = SeedBox()
        self.seed.chosen.connect(self.choose_seed)
        self.seed.thrown.connect(self.throw)
        self.more_rows = IconButton("ri.insert-row-bottom", "One more row", self._add_row)
        self.more_columns = IconButton("ri.insert-column-right", "One more column", self._add_column)
        self.fewer = IconButton("ri.delete-bin-line", "Take it out", self._remove)
        layout = column()
        layout.addLayout(section("Source", self.more_rows, self.more_columns, self.fewer))
        self._name.setFixedWidth(NAME_WIDTH)
        layout.addLayout(row(self._name, self.seed, spacing=0))
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def choose(self, place: Place) -> None:
        """Chooses a head."""
        self.place = place
        self.show_document()
        self.placed.emit()

    def follow(self, row: int) -> None:
        """Chooses the head of the row that a mixture was taken from; the keyboard stays where it is."""
        self.place = (row, HEAD)
        self.show_document()

    def choose_seed(self, seed: int) -> None:
        """Gives the chosen head another seed."""
        row_, column_ = self.place
        changed = self._editor.document.with_seed(
            row_ if column_ == HEAD else None, column_ if row_ == HEAD else None, seed
        )
        self._editor.edit(changed, "Choose a seed")

    def throw(self) -> None:
        """Gives the chosen head a random seed."""
        self.choose_seed(random_seed())

    def step(self, seeds: int) -> None:
        """Goes some seeds on, or back."""
        self.choose_seed(self._seed() + seeds)

    def show_document(self) -> None:
        """Brings the controls up to date."""
        document = self._editor.document
        row_, column_ = self.place
        if column_ == HEAD:
            self.place = (min(row_, len(document.rows) - 1), HEAD)
        else:
            self.place = (HEAD, min(column_, len(document.columns) - 1))
        self._name.setText(f"Row {self.place[0] + 1}" if column_ == HEAD else f"Column {self.place[1] + 1}")
        self.seed.show_seed(self._seed())
        self.more_rows.setEnabled(len(document.rows) < MOST_SOURCES)
        self.more_columns.setEnabled(len(document.columns) < MOST_SOURCES)
        self.fewer.setEnabled(len(document.rows if column_ == HEAD else document.columns) > 1)

    def _seed(self) -> int:
        document = self._editor.document
        return document.rows[self.place[0]] if self.place[1] == HEAD else document.columns[self.place[1]]

    def _add_row(self) -> None:
        self._editor.edit(self._editor.document.with_more(row=random_seed()), "Add a row")
        self.choose((len(self._editor.document.rows) - 1, HEAD))

    def _add_column(self) -> None:
        self._editor.edit(self._editor.document.with_more(column=random_seed()), "Add a column")
        self.choose((HEAD, len(self._editor.document.columns) - 1))

    def _remove(self) -> None:
        row_, column_ = self.place
        document = self._editor.document
        if column_ == HEAD:
            self._editor.edit(document.without_row(row_), "Take out a row")
        else:
            self._editor.edit(document.without_column(column_), "Take out a column")


class SpanControls(StyleTarget):
    """Which layers the matrix mixes, and how strongly. A style can be dropped on a tab, or on the chosen layers.

    Attributes:
        tabs: all, coarse, middle, fine.
        first, last: the layers at the ends.
        weight: of the styles in these layers.
    """

    def __init__(self, editor: MixEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        count = len(editor.document.layers)
        self._spans = spans(count)
        self.tabs = Tabs(tuple(self._spans))
        self.tabs.setAccessibleName("Layers that the matrix mixes")
        self.tabs.tabBarClicked.connect(self._choose)
        self.first, self.last = (ValueSlider(1, count, at, integer=True) for at in (1, count))
        for slider, name in ((self.first, "First layer"), (self.last, "Last layer")):
            slider.setAccessibleName(name)
            slider.changed.connect(lambda _value: self._drag())
            slider.committed.connect(lambda _value: editor.end_gesture())
        self.weight = ValueSlider(0, 1, 1)
        self.weight.setAccessibleName("Weight of the styles in these layers")
        self.weight.setToolTip("0 is the row's own style, 1 the column's")
        self.weight.changed.connect(self._weigh)
        self.weight.committed.connect(lambda _weight: editor.end_gesture())
        clear = QuietButton("Clear", self._clear)
        clear.setToolTip("Take every style out that is not locked")
        layout = column()
        layout.addLayout(section("Layers", clear))
        layout.addWidget(self.tabs)
        layout.addLayout(named("From", self.first))
        layout.addLayout(named("To", self.last))
        layout.addLayout(named("Weight", self.weight))
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings the controls up to date."""
        document = self._editor.document
        spans_ = list(self._spans.values())
        self.tabs.setCurrentIndex(spans_.index(document.span) if document.span in spans_ else NONE_NAMED)
        follow(self.first, document.span[0] + 1)
        follow(self.last, document.span[1])
        chosen = [one for one in document.layers[slice(*document.span)] if one.column is not None and not one.locked]
        self.weight.setEnabled(bool(chosen))
        if chosen:
            follow(self.weight, chosen[0].weight)

    def span_at(self, event: QDropEvent) -> Span:
        """The layers of the tab below the pointer; those that the matrix mixes, where there is none."""
        index = self.tabs.tabAt(self.tabs.mapFrom(self, event.position().toPoint()))
        return list(self._spans.values())[index] if index >= 0 else self._editor.document.span

    def _choose(self, index: int) -> None:
        if index >= 0:
            span = list(self._spans.values())[index]
            self._editor.edit(self._editor.document.with_span(span), "Choose layers")

    def _drag(self) -> None:
        span = (round(self.first.value()) - 1, round(self.last.value()))
        self._editor.edit(self._editor.document.with_span(span), "Choose layers", gesture=True)

    def _weigh(self, weight: float) -> None:
        self._editor.edit(self._editor.document.with_weight(weight), "Weigh styles", gesture=True)

    def _clear(self) -> None:
        self._editor.edit(self._editor.document.cleared(), "Clear the styles")


class LookControls(QWidget):
    """Class, truncation and noise of the whole picture.

    Attributes:
        psi, cutoff: truncation, and the number of layers it holds for.
        label: the class.
    """

    def __init__(self, editor: MixEditor, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._count = len(editor.document.layers)
        self.label = CalmComboBox(self)
        self.label.setVisible(bool(labels))
        self.label.addItems(labels)
        self.label.setAccessibleName("Class")
        self.label.activated.connect(self._choose_label)
        self.psi = psi_slider("w", editor.document.psi)
        self.psi.changed.connect(self._choose_psi)
        self.cutoff = cutoff_slider(self._count)
        self.cutoff.changed.connect(self._choose_cutoff)
        for slider in (self.psi, self.cutoff):
            slider.committed.connect(lambda _value: editor.end_gesture())
        layout = column()
        layout.addLayout(section("Picture"))
        if labels:
            layout.addLayout(named("Class", self.label))
        layout.addLayout(named("Truncation ψ", self.psi))
        layout.addLayout(named("Truncated", self.cutoff))
        layout.addLayout(named("Noise", row(*self._noise_buttons(), 1)))
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings the controls up to date."""
        document = self._editor.document
        follow(self.psi, document.psi)
        follow(self.cutoff, truncated(document.cutoff, self._count))
        self.label.setCurrentIndex(document.label or 0)

    def _noise_buttons(self) -> list[QWidget]:
        own = QuietButton("Own", lambda: self._change_noise(None))
        own.setToolTip("The noise that the model was born with")
        new = QuietButton("New", lambda: self._change_noise((random_seed(),) * self._count))
        new.setToolTip("Other noise in every layer")
        none = QuietButton("None", lambda: self._change_noise((None,) * self._count))
        none.setToolTip("No noise in any layer")
        return [own, new, none]

    def _change_noise(self, noise: tuple[int | None, ...] | None) -> None:
        self._editor.edit(self._editor.document.with_noise(noise), "Change noise")

    def _choose_label(self, index: int) -> None:
        self._editor.edit(self._editor.document.with_label(index), "Choose a class")

    def _choose_psi(self, psi: float) -> None:
        self._editor.edit(self._editor.document.with_psi(psi), "Change truncation", gesture=True)

    def _choose_cutoff(self, layers: float) -> None:
        changed = self._editor.document.with_cutoff(cutoff_at(layers, self._count))
        self._editor.edit(changed, "Change truncation", gesture=True)
