"""The translation canvas: pictures of one domain become pictures of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.edit.documents import EditEnvelope
from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput, ends
from studio.edit.translation_requests import ChanceRequest, RoundTripRequest
from studio.engine.events import ModelFacts
from studio.gui import words
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.translate_arrivals import Arrivals, brings_pictures
from studio.gui.canvases.translate_controls import SIDES, SPLIT
from studio.gui.canvases.translate_drawing import Drawing
from studio.gui.canvases.translate_editor import TranslateEditor
from studio.gui.canvases.translate_export import file_stem
from studio.gui.canvases.translate_exporting import Exporting
from studio.gui.canvases.translate_history import TranslateHistory
from studio.gui.canvases.translate_keys import PLAIN, SHIFT, is_open, key_table
from studio.gui.canvases.translate_panel import TranslatePanel
from studio.gui.canvases.translate_stage import Stage
from studio.gui.canvases.translate_strip import InputStrip
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.empty import EmptyState

VIEW_KEY = "play/translate/view"
ROUND_TRIP_KEY = "play/translate/round-trip"
HINT = "Drop or paste pictures · B draws"
BOTH_WAYS = " · X goes the other way · T and back again"
KEEPS = " · ★ keeps a picture"
NAME_PX = 64
EMPTY = "Drop pictures or a folder here, paste one, or draw: the translation follows the pen."
NO_EXAMPLES = "The run's own pictures are not here any more: draw, or drop a picture."


class TranslateCanvas(QWidget):
    """A strip of pictures, each beside its translation, which follows the pen and, while the run trains, the weights.

    Keys: X the other way, V the view, T the round trip, R another seed of dropout, Left and Right through the strip,
    Delete takes a picture out, N new paper, B pen, E eraser, [ and ] its size, Backspace clears, comma and full stop
    move the dividing line, Ctrl+O opens, Ctrl+V pastes (with Shift the picture alone), Ctrl+C copies, Ctrl+S saves,
    Ctrl+Shift+S exports all, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo, Escape puts the pen away.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        stage: the pictures.
        strip: the inputs.
        panel: the controls.
        keeper: copies and saves.
        arrivals: brings pictures in.
        exporting: writes the whole strip.
        drawing: the hand with the pen.
        history: where a person has been.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if not host.facts.directions:
            raise StudioError("This model makes no pictures from pictures.", "Choose another canvas.")
        self.host = host
        document = _first_document(host)
        self.editor = TranslateEditor(host.facts.directions, host.undo_stack, document, self)
        self.keeper = PictureKeeper(host, self)
        self.stage = Stage(self._envelope, host.facts.resolution, document.direction)
        self.strip = InputStrip(host.facts.resolution)
        self.panel = TranslatePanel(host)
        self.arrivals = Arrivals(host, self)
        self.exporting = Exporting(self.editor, host, self.panel.strip, self)
        self.history = TranslateHistory(self.editor, host, self)
        self.drawing = Drawing(self.editor, self.stage.paper, self.panel.pen, self)
        self._paper = Paper(host.facts.resolution)
        self._shown: TranslationInput | None = None
        self._chance = host.channel("chance")
        self._waiting = host.document is None
        self._view = SIDES if _kept(host, VIEW_KEY) == SIDES else SPLIT
        self._lay_out()
        self._connect()
        self._keys = key_table(self)
        self.setAcceptDrops(True)
        self.panel.direction.round_trip.setChecked(_kept(host, ROUND_TRIP_KEY) == 1)
        self._show_document()
        self.strip.show_document(document)
        if self._waiting:
            self.arrivals.look_for_examples()

    def copy(self) -> None:
        """Puts the translation on the clipboard, and its edit with it."""
        pixels = self.stage.hero.pixels
        if pixels is not None and self.editor.document.shown is not None:
            self.keeper.copy(pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the translation, and saves it."""
        pixels, shown = self.stage.hero.pixels, self.editor.document.shown
        if pixels is not None and shown is not None:
            name = file_stem(f"{shown.name}-{ends(self.editor.document.direction)[1]}")
            self.keeper.save(self.editor.document, pixels, self._envelope(), name)

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

    def open_document(self, document: object) -> None:
        """Goes to a saved document, as one undo step; says why where it does not fit."""
        try:
            opened = _fitted(TranslationDocument.from_json(document), self.host.facts)
            self.editor.edit(self.editor.document.showing(opened), "Open an edit")
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")

    def event(self, event: QEvent) -> bool:
        """Opening pictures, with the canvas at hand, is not the window's opening of data to train on."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_open(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(self.focusWidget(), QLineEdit)
        action = self._keys.get((modifiers, Qt.Key(event.key())))
        if action is None or (typing and modifiers in (PLAIN, SHIFT)) or action() is False:
            event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.arrivals.take(event.mimeData()):
            event.acceptProposedAction()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.host.set_showing(True)
        self._chance.request(ChanceRequest(self.host.facts.resolution, self.editor.document.direction))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)

    def _lay_out(self) -> None:
        self.kept = HistoryStrip(self.history.entries)
        actions = (
            ("Open pictures", self.arrivals.open),
            ("Draw", self.drawing.new_paper),
            ("Show examples", self.arrivals.look_for_examples),
        )
        self.empty = EmptyState("Nothing to translate yet", EMPTY, actions)
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pictures = QStackedWidget()
        self._pictures.addWidget(self.stage)
        self._pictures.addWidget(self.empty)
        self._size = DimLabel()
        hint = DimLabel(HINT + (BOTH_WAYS if self.editor.back else "") + KEEPS)
        for label in (hint, self._size):
            label.setWordWrap(False)
        left = column(spacing=8)
        left.setContentsMargins(16, 4, 16, 12)
        left.addWidget(self._pictures, 1)
        left.addLayout(_named_strip("Pictures", self.strip))
        left.addLayout(_named_strip("History", self.kept))
        left.addLayout(row(hint, 1, self._size))
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(line)
        layout.addWidget(self.panel)

    def _connect(self) -> None:
        hero, controls, pen = self.stage.hero, self.panel.direction, self.panel.pen
        hero.copy_wanted.connect(self.copy)
        hero.save_wanted.connect(self.save)
        hero.placed.connect(self._show_size)
        controls.chosen.connect(self.editor.choose_direction)
        controls.swap.clicked.connect(lambda _checked: self.editor.swap())
        controls.view.currentChanged.connect(self._choose_view)
        controls.round_trip.toggled.connect(self._keep_round_trip)
        pen.changed.connect(self._show_views)
        self.drawing.refused.connect(self.panel.status.say)
        self.panel.chance.chosen.connect(self.editor.choose_seed)
        self.panel.chance.seed.thrown.connect(self.resample)
        self.panel.copy.clicked.connect(self.copy)
        self.panel.save.clicked.connect(self.save)
        self.panel.strip.open.clicked.connect(lambda _checked: self.arrivals.open())
        self.arrivals.arrived.connect(self.add)
        self.arrivals.examples_arrived.connect(self._take_examples)
        self.arrivals.said.connect(self.panel.status.say)
        self.strip.chosen.connect(self.editor.go_to)
        self.strip.removed.connect(self.editor.remove)
        self.kept.chosen.connect(self.history.go_to)
        self.editor.changed.connect(self._show_document)
        self.editor.settled.connect(self._settle)
        self.host.rendered.connect(self._take)
        self.host.document_opened.connect(self.open_document)
        self._chance.rendered.connect(self._take_chance)

    def _show_document(self) -> None:
        document = self.editor.document
        self.panel.show_document(document)
        self.stage.show_direction(document.direction)
        empty = document.shown is None and not self._waiting
        self._pictures.setCurrentWidget(self.empty if empty else self.stage)
        self.setFocusProxy(self.empty if empty else self.stage.hero)
        if document.shown is not None and document.shown is not self._shown:
            self.stage.show_input(document.shown.pixels(self._paper))
        self._shown = document.shown
        self._show_views()

    def _settle(self) -> None:
        self.strip.show_document(self.editor.document)
        self.host.save(self.editor.document.to_json())

    def _show_views(self) -> None:
        """A pen needs paper beside the translation."""
        drawing = self.panel.pen.tool is not None
        view = SIDES if drawing else self._view
        self.panel.direction.show_view(view, fixed=drawing)
        self.stage.show_views(split=view == SPLIT, back=self._back() is not None)
        self._request()

    def _back(self) -> str | None:
        """The way back, where it is shown."""
        return self.editor.back if self.panel.direction.round_trip.isChecked() else None

    def _request(self) -> None:
        document, back = self.editor.document, self._back()
        if document.shown is None:
            return
        pictures = document.shown.pixels(self._paper)[None]
        if back is None:
            self.host.request(TranslationRequest(pictures, document.direction, document.seed))
        else:
            self.host.request(RoundTripRequest(pictures, document.direction, back, document.seed))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        self.stage.hero.show_pixels(pictures[0])
        if len(pictures) > 1:
            self.stage.back.set_picture(pictures[1])

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

    def toggle_view(self) -> None:
        """Shows before and after in one picture, or side by side."""
        if self.panel.pen.tool is None:
            self._choose_view(SIDES if self._view == SPLIT else SPLIT)

    def _choose_view(self, view: int) -> None:
        self._view = view
        self.host.studio.settings.setValue(VIEW_KEY, view)
        self._show_views()

    def _keep_round_trip(self, on: bool) -> None:
        self.host.studio.settings.setValue(ROUND_TRIP_KEY, int(on))
        self._show_views()

    def _show_size(self) -> None:
        hero = self.stage.hero
        if hero.pixels is not None:
            height, width, _ = hero.pixels.shape
            self._size.setText(f"{width} × {height} shown at {hero.factor() * 100:.0f}%")

    def leave(self) -> None:
        """Stops reading files, or puts the pen away, or leaves a control."""
        if self.arrivals.stop():
            return
        if self.panel.pen.tool is not None:
            self.panel.pen.take(None)
        self.stage.hero.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.alone().to_json())


def _named_strip(name: str, strip: QWidget) -> QHBoxLayout:
    label = DimLabel(name)
    label.setFixedWidth(NAME_PX)
    return row(label, strip)


def _first_document(host: CanvasHost) -> TranslationDocument:
    """What was here when the run was last open, or a beginning."""
    start = TranslationDocument(direction=host.facts.directions[0])
    try:
        return start if host.document is None else _fitted(TranslationDocument.from_json(host.document), host.facts)
    except StudioError:
        return start


def _fitted(document: TranslationDocument, facts: ModelFacts) -> TranslationDocument:
    """The document with a direction that the model has."""
    if document.direction in facts.directions:
        return document
    return replace(document, direction=facts.directions[0])


def _kept(host: CanvasHost, key: str) -> int:
    """A choice that a person made last; 0 where they made none."""
    return int(str(host.studio.settings.value(key, 0)) == "1")
