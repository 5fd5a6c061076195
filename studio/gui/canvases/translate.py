"""The translation canvas: pictures of one domain become pictures of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.edit.documents import EditEnvelope
from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput, ends
from studio.edit.translation_requests import ChanceRequest, RoundTripRequest
from studio.gui import words
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.input_canvas import InputCanvas
from studio.gui.canvases.keeping import file_stem
from studio.gui.canvases.translate_controls import SIDES, SPLIT
from studio.gui.canvases.translate_drawing import Drawing
from studio.gui.canvases.translate_editor import TranslateEditor
from studio.gui.canvases.translate_exporting import Exporting
from studio.gui.canvases.translate_history import TranslateHistory
from studio.gui.canvases.translate_keys import key_table
from studio.gui.canvases.translate_panel import TranslatePanel
from studio.gui.canvases.translate_stage import Stage
from studio.gui.canvases.translate_strip import InputStrip
from studio.gui.canvases.translate_view import View
from studio.gui.widgets.empty import EmptyState

HINT = "Drop or paste pictures · B draws"
BOTH_WAYS = " · X goes the other way · T and back again"
KEEPS = " · ★ keeps a picture"
EMPTY = "Drop pictures or a folder here, paste one, or draw: the translation follows the pen."
BLANK = "Draw something"
NO_EXAMPLES = "The run's own pictures are not here any more: draw, or drop a picture."


class TranslateCanvas(InputCanvas[TranslationDocument]):
    """A strip of pictures, each beside its translation, which follows the pen and, while the run trains, the weights.

    Keys: X the other way, V the view, T the round trip, R another seed of dropout, Left and Right through the strip,
    Delete takes a picture out, N new paper, B pen, E eraser, [ and ] its size, Backspace clears, Ctrl+Shift+S exports
    all, Escape puts the pen away.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        stage: the pictures.
        strip: the inputs.
        exporting: writes the whole strip.
        drawing: the hand with the pen.
        history: where a person has been.
    """

    editor: TranslateEditor
    panel: TranslatePanel
    no_picture = "There is no picture yet: draw something, or drop a picture."

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        if not host.facts.directions:
            raise StudioError("This model makes no pictures from pictures.", "Choose another canvas.")
        document = self.first_document(TranslationDocument(direction=host.facts.directions[0]))
        self.editor = TranslateEditor(host.facts.directions, host.undo_stack, document, self)
        self.stage = Stage(self.envelope, host.facts.resolution, document.direction)
        self.strip = InputStrip(host.facts.resolution)
        self.panel = TranslatePanel(host)
        self.exporting = Exporting(self.editor, host, self.panel.strip, self)
        self.history = TranslateHistory(self.editor, host, self)
        self.drawing = Drawing(self.editor, self.stage.paper, self.panel.pen, self)
        self._paper = Paper(host.facts.resolution)
        self._shown: TranslationInput | None = None
        self._chance = host.channel("chance")
        self._waiting = host.document is None
        self._view = View.begun(host.document, host.studio.settings)
        self.panel.direction.round_trip.setChecked(self._view.round_trip)
        self.stage.hero.move_split(self._view.split)
        self._lay_out()
        self._connect()
        self._show_document()
        self.strip.show_document(document)
        if self._waiting:
            self.arrivals.look_for_examples()

    def read(self, values: object) -> TranslationDocument:
        document, directions = TranslationDocument.from_json(values), self.host.facts.directions
        return document if document.direction in directions else replace(document, direction=directions[0])

    def file_stem(self) -> str:
        document = self.editor.document
        name = document.shown.name if document.shown else ""
        return file_stem(f"{name}-{ends(document.direction)[1]}")

    def shown(self) -> np.ndarray | None:
        return None if self.editor.document.shown is None or self._blank else self.stage.hero.pixels

    def envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.alone().to_json())

    def go_to(self, document: TranslationDocument) -> None:
        super().go_to(self.editor.document.showing(document))

    def leave(self) -> bool:
        """Stops reading files, or puts the pen away and leaves a control."""
        if not self.arrivals.stop():
            if self.panel.pen.tool is not None:
                self.panel.pen.take(None)
            super().leave()
        return True

    def add(self, inputs: Sequence[TranslationInput]) -> None:
        """Puts pictures into the strip, as many as there is room for, and shows the first."""
        self._waiting = False
        self.panel.pen.take(None)
        left = self.editor.add(inputs)
        if left:
            self.host.studio.notify(
                f"{words.counted(left, 'picture')} did not fit into the strip.",
                "Take some out, or use `ganvas translate`, which takes folders of any size.",
                level="warn",
            )

    def resample(self) -> None:
        """Another seed of dropout, where the model leaves anything to chance."""
        if not self.panel.chance.isHidden():
            self.editor.throw_seed()

    def toggle_view(self) -> None:
        """Shows before and after in one picture, or side by side."""
        if not (self._draws or self._blank):
            self._choose(replace(self._view, sides=not self._view.sides))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_chance()

    def _lay_out(self) -> None:
        actions = (
            ("Open pictures", self.arrivals.open),
            ("Draw", self.drawing.new_paper),
            ("Show examples", self.arrivals.look_for_examples),
        )
        empty = EmptyState("Nothing to translate yet", EMPTY, actions)
        self.stand(self.stage, self.stage.hero, empty, {"Pictures": self.strip}, key_table(self))
        self.hint.setText(HINT + (BOTH_WAYS if self.editor.back else "") + KEEPS)

    def _connect(self) -> None:
        controls = self.panel.direction
        controls.chosen.connect(self.editor.choose_direction)
        controls.swap.clicked.connect(lambda _checked: self.editor.swap())
        controls.view.currentChanged.connect(lambda view: self._choose(replace(self._view, sides=view == SIDES)))
        controls.round_trip.toggled.connect(lambda on: self._choose(replace(self._view, round_trip=on)))
        self.stage.hero.divided.connect(self._divide)
        self.panel.pen.changed.connect(self._take_pen)
        self.drawing.refused.connect(self.panel.status.say)
        self.panel.chance.chosen.connect(self.editor.choose_seed)
        self.panel.chance.seed.thrown.connect(self.resample)
        self.panel.strip.open.clicked.connect(lambda _checked: self.arrivals.open())
        self.arrivals.arrived.connect(self.add)
        self.arrivals.examples_arrived.connect(self._take_examples)
        self.arrivals.said.connect(self.panel.status.say)
        self.strip.chosen.connect(self.editor.go_to)
        self.strip.removed.connect(self.editor.remove)
        self.editor.changed.connect(self._show_document)
        self.editor.settled.connect(self._settle)
        self.host.rendered.connect(self._take)
        self.host.opened_anew.connect(self._ask_chance)
        self._chance.rendered.connect(self._take_chance)

    def _show_document(self) -> None:
        document = self.editor.document
        self.panel.show_document(document)
        self.stage.show_direction(document.direction)
        self._pictures.show_pictures(document.shown is not None or self._waiting)
        if document.shown is not None and document.shown is not self._shown:
            self.stage.show_input(document.shown.pixels(self._paper))
        self._shown = document.shown
        self._show_views()

    def _settle(self) -> None:
        self.strip.show_document(self.editor.document)
        self._keep()

    def _keep(self) -> None:
        """Keeps the document, and the view as it is on screen."""
        self.host.save(
            replace(self._view, sides=self._view.sides or self._draws).beside(self.editor.document.to_json())
        )

    def _show_views(self) -> None:
        """A pen needs paper beside the translation, and blank paper needs a pen."""
        fixed = self._draws or self._blank
        sides = fixed or self._view.sides
        self.panel.direction.show_view(SIDES if sides else SPLIT, fixed=fixed)
        self.stage.show_views(split=not sides, back=self._back() is not None)
        self._request()

    @property
    def _draws(self) -> bool:
        return self.panel.pen.tool is not None

    @property
    def _blank(self) -> bool:
        shown = self.editor.document.shown
        return shown is not None and shown.blank

    def _take_pen(self) -> None:
        self._show_views()
        self._keep()

    def _back(self) -> str | None:
        """The way back, where it is shown."""
        return self.editor.back if self.panel.direction.round_trip.isChecked() else None

    def _request(self) -> None:
        document, back = self.editor.document, self._back()
        if document.shown is None or document.shown.blank:
            self.host.withdraw()
            self.stage.show_nothing(BLANK)
            return
        pictures = document.shown.pixels(self._paper)[None]
        if back is None:
            self.host.request(TranslationRequest(pictures, document.direction, document.seed))
        else:
            self.host.request(RoundTripRequest(pictures, document.direction, back, document.seed))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if self.editor.document.shown is None or self._blank:
            return
        self.stage.hero.show_pixels(pictures[0])
        if len(pictures) > 1:
            self.stage.back.set_picture(pictures[1])

    def _ask_chance(self) -> None:
        self._chance.request(ChanceRequest(self.host.facts.resolution, self.editor.document.direction))

    def _take_chance(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        self.panel.chance.setVisible(not np.array_equal(pictures[0], pictures[1]))

    def _take_examples(self, found: list[TranslationInput]) -> None:
        document = self.editor.document
        asked_for, self._waiting = not self._waiting, False
        if document.inputs:
            return
        if not found:
            self.panel.status.say(NO_EXAMPLES)
            self.drawing.new_paper()
            return
        start = ends(document.direction)[0]
        first = next((index for index, one in enumerate(found) if one.domain == start), 0)
        begun = replace(document, inputs=tuple(found), current=first)
        if asked_for:
            self.editor.edit(begun, "Show examples")
        else:
            self.editor.show(begun)

    def _divide(self) -> None:
        self._view = replace(self._view, split=self.stage.hero.split)
        self._keep()

    def _choose(self, view: View) -> None:
        """Another view, which is there again when the run is opened."""
        self._view = view
        self._view.remember(self.host.studio.settings)
        self._show_views()
        self._keep()
