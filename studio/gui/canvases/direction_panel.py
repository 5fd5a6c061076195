"""Sliders along the directions in which a model's pictures vary most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from studio.edit.directions import Directions
from studio.edit.mixing import spans
from studio.gui import words
from studio.gui.canvases.direction_finder import DirectionFinder
from studio.gui.canvases.direction_row import DirectionRow
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.rows import column, row
from studio.gui.widgets.basics import Button, DimLabel, QuietButton, set_look

if TYPE_CHECKING:
    from studio.gui.canvases.host import CanvasHost


class DirectionPanel(QWidget):
    """A button that finds directions, then a slider for each.

    Attributes:
        finder: looks for them.
        words, progress: what it found, or how far it has looked.
        search, cancel, reset, again: its buttons.
        rows: a row a direction.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._host = host
        self._layers = spans(host.facts.num_ws) if host.facts.num_ws else {}
        self.finder = DirectionFinder(host, self)
        self.rows: list[DirectionRow] = []
        self.words = DimLabel()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Looking for directions")
        self.search = Button("Find directions", lambda: self._find(anew=False))
        self.cancel = QuietButton("Cancel", self._cancel)
        self.reset = QuietButton("Reset", self._reset)
        self.reset.setToolTip("Move the picture along none of them")
        self.again = QuietButton("Find again", lambda: self._find(anew=True))
        self.again.setToolTip("Look for the directions of the weights as they are now; undo brings these back")
        self._sliders = column(spacing=2)
        layout = column(spacing=6)
        layout.addLayout(self._sliders)
        layout.addWidget(self.words)
        layout.addWidget(self.progress)
        layout.addLayout(row(self.search, self.cancel, self.reset, self.again, 1))
        self.setLayout(layout)
        self.finder.progressed.connect(self._show_progress)
        self.finder.found.connect(self._take)
        self.finder.failed.connect(self._fail)
        editor.changed.connect(self.show_document)
        self._show_idle()
        self.show_document()

    def show_document(self) -> None:
        """Brings the sliders up to date."""
        directions = self._editor.document.directions
        found = () if directions is None else directions.found
        self._make_rows(len(found))
        for one, direction in zip(self.rows, found, strict=True):
            one.show_direction(direction)
        self.reset.setEnabled(directions is not None and directions.moved)
        if not self.finder.busy:
            self._show_idle()

    def _make_rows(self, count: int) -> None:
        while len(self.rows) > count:
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < count:
            index = len(self.rows)
            made = DirectionRow(index + 1, self._layers)
            made.moved.connect(partial(self._move, index))
            made.released.connect(self._editor.end_gesture)
            made.renamed.connect(partial(self._rename, index))
            made.layers_chosen.connect(partial(self._choose_layers, index))
            self._sliders.addWidget(made)
            self.rows.append(made)

    def _move(self, index: int, amount: float) -> None:
        self._change(self._directions.along(index, amount), f"Move along {self._called(index)}", gesture=True)

    def _rename(self, index: int, name: str) -> None:
        self._change(self._directions.named(index, name), "Name a direction")
        self.finder.keep(self._directions, self._editor.document.label)

    def _choose_layers(self, index: int, span: tuple[int, int] | None) -> None:
        self._change(self._directions.in_layers(index, span), f"Choose the layers of {self._called(index)}")

    def _reset(self) -> None:
        self._change(self._directions.reset(), "Reset directions")

    def _find(self, *, anew: bool) -> None:
        self._show_progress(0, 0)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.find(self._editor.document.label, anew=anew)

    def _cancel(self) -> None:
        self.finder.cancel()
        self._show_idle()
        (self.again if self.rows else self.search).setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, directions: Directions) -> None:
        waited = self.cancel.hasFocus()
        self._change(directions, "Find directions")
        self._show_idle()
        if waited and self.rows:
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, message: str) -> None:
        self._show_idle()
        self.words.setText(message)
        set_look(self.words, "bad")
        self.words.setVisible(True)

    def _change(self, directions: Directions, text: str, *, gesture: bool = False) -> None:
        self._editor.edit(self._editor.document.with_directions(directions), text, gesture=gesture)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._say(f"Looking at seed {words.count(done)} of {words.count(total)}" if total else "Looking for directions")
        for part, shown in ((self.progress, True), (self.cancel, True), (self.search, False), (self.again, False)):
            part.setVisible(shown)

    def _show_idle(self) -> None:
        directions = self._editor.document.directions
        some = directions is not None and bool(directions.found)
        if directions is None or not some:
            self._say("The ways in which this model's pictures vary most, each as a slider with a name of yours.")
        else:
            self._say(f"Found at step {words.count(directions.step)}. Double-click a name to change it.")
        for part, shown in (
            (self.progress, False),
            (self.cancel, False),
            (self.search, not some),
            (self.reset, some),
            (self.again, some),
        ):
            part.setVisible(shown)

    def _say(self, text: str) -> None:
        self.words.setText(text)
        set_look(self.words, "dim")

    @property
    def _directions(self) -> Directions:
        directions = self._editor.document.directions
        assert directions is not None
        return directions

    def _called(self, index: int) -> str:
        return self._directions.found[index].name or f"direction {index + 1}"
