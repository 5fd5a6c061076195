"""The inpainting canvas: what is painted over, the model fills with what fits around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from studio.api.canvas import Progress
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.embedded import Picture
from studio.edit.inpaint import InpaintDocument
from studio.edit.inpaint_mask import MaskSheet
from studio.edit.translation import TranslationInput
from studio.engine.events import ModelFacts
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.inpaint_candidates import CandidateStrip, Score
from studio.gui.canvases.inpaint_editor import InpaintEditor
from studio.gui.canvases.inpaint_generated import GeneratedPictures
from studio.gui.canvases.inpaint_history import InpaintHistory
from studio.gui.canvases.inpaint_keys import PLAIN, SHIFT, key_table
from studio.gui.canvases.inpaint_painting import Painting
from studio.gui.canvases.inpaint_panel import MASK, RESULT, SPLIT, VIEWS, InpaintPanel
from studio.gui.canvases.inpaint_searching import Searching, is_judged
from studio.gui.canvases.inpaint_tools import PERCENT
from studio.gui.canvases.inpaint_view import InpaintView
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.translate_arrivals import Arrivals, brings_pictures
from studio.gui.canvases.translate_export import file_stem
from studio.gui.canvases.translate_keys import is_open
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.empty import EmptyState

SMALLEST_PX = 256
NAME_PX = 76
EMPTY = "Drop or paste a picture, paint over what is to go, and the model fills it with what fits around it."
PAINT = "Paint over what is to be filled · Enter fills it"
CHOOSE = "Left and right choose · V changes the view · N searches from other seeds"
OUTDATED = "The mask was changed since · Enter searches again"


class InpaintCanvas(QWidget):
    """A picture, a mask painted over it, and candidates for what is under the mask.

    Keys: B brush, E eraser, X swaps them, M rectangle, L lasso, [ and ] the brush's size, with Shift its hardness, I
    turns the mask inside out, Backspace clears it, Enter fills the hole, N searches from other seeds, Escape cancels,
    Left and Right through the candidates, V the view, comma and full stop move the dividing line, G a generated picture
    (Shift: the latent canvas's), Ctrl+O opens, Ctrl+V pastes (with Shift the picture alone), Ctrl+C copies, Ctrl+S
    saves, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        view: the picture.
        strip: the candidates.
        panel: the controls.
        keeper: copies and saves.
        arrivals, generated: bring pictures in.
        searching: the search under way.
        painting: the hand that masks.
        history: where a person has been.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = host
        document = _first_document(host)
        self.editor = InpaintEditor(host.undo_stack, document, self)
        self.keeper = PictureKeeper(host, self)
        self.view = InpaintView(self._envelope, host.facts.resolution, SMALLEST_PX)
        self.view.setAccessibleName("Picture to fill")
        self.strip = CandidateStrip()
        self.panel = InpaintPanel(self.editor, host)
        self.arrivals = Arrivals(host, self)
        self.generated = GeneratedPictures(host, self)
        self.searching = Searching(self.editor, host, self)
        self.painting = Painting(self.editor, self.view, self.panel.tools, self)
        self.history = InpaintHistory(self.editor, host, self)
        self._sheet = MaskSheet(host.facts.resolution)
        self._tiles = host.channel("candidates")
        self._result: np.ndarray | None = None
        self._view = RESULT if document.found else MASK
        self._lay_out()
        self._connect()
        self._keys = key_table(self)
        self.setAcceptDrops(True)
        self.panel.status.setText("")  # a picture that was put here is not waited for
        self._show_document()
        self._show_candidates()

    def copy(self) -> None:
        """Puts the picture on the clipboard, and its edit with it."""
        pixels = self._result if self.editor.document.found else self.view.pixels
        if pixels is not None and self.editor.document.picture is not None:
            self.keeper.copy(pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture, and saves it."""
        document = self.editor.document
        if document.picture is not None:
            shown = self._result if document.found and self._result is not None else self._photo()
            self.keeper.save(document, shown, self._envelope(), file_stem(f"{document.name or 'picture'}-filled"))

    def fill_or_keep(self) -> None:
        """Begins a search; ends the one under way, with what it has found."""
        if self.searching.busy:
            self.searching.keep()
        else:
            self.searching.begin()

    def next_view(self) -> None:
        """Shows the mask, then before and after, then the result."""
        if self._result is not None:
            self._choose_view((self._view + 1) % len(VIEWS))

    def leave(self) -> None:
        """Cancels the search, or stops reading files, or puts the tool away, or leaves a control."""
        if self.searching.cancel() or self.arrivals.stop():
            return
        if self.view.hasFocus():
            self.panel.tools.take(None)
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_document(self, document: object) -> None:
        """Goes to a saved document, as one undo step; says why where it does not fit."""
        try:
            opened = _fitted(InpaintDocument.from_json(document), self.host.facts)
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")
            return
        self.searching.cancel()
        self.editor.edit(opened, "Open an edit")
        self._choose_view(RESULT if opened.found else MASK)

    def event(self, event: QEvent) -> bool:
        """Opening a picture, with the canvas at hand, is not the window's opening of data to train on."""
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

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)

    def _lay_out(self) -> None:
        self.kept = HistoryStrip(self.history.entries)
        actions = (("Open a picture", self.arrivals.open), ("Use a generated picture", self.generated.random))
        self.empty = EmptyState("Nothing to fill yet", EMPTY, actions)
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pictures = QStackedWidget()
        self._pictures.addWidget(self.view)
        self._pictures.addWidget(self.empty)
        self._hint, self._size = DimLabel(), DimLabel()
        for label in (self._hint, self._size):
            label.setWordWrap(False)
        left = column(spacing=8)
        left.setContentsMargins(16, 4, 16, 12)
        left.addWidget(self._pictures, 1)
        self._strips = QWidget()
        strips = column(spacing=8)
        strips.addLayout(_named_strip("Candidates", self.strip))
        strips.addLayout(_named_strip("History", self.kept))
        self._strips.setLayout(strips)
        left.addWidget(self._strips)
        left.addLayout(row(self._hint, 1, self._size))
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
        panel, search, say = self.panel, self.panel.search, self.panel.status.say
        self.view.copy_wanted.connect(self.copy)
        self.view.save_wanted.connect(self.save)
        self.view.placed.connect(self._show_size)
        panel.copy.clicked.connect(self.copy)
        panel.save.clicked.connect(self.save)
        panel.picture.open.clicked.connect(lambda _checked: self.arrivals.open())
        panel.picture.generate.clicked.connect(lambda _checked: self.generated.random())
        panel.picture.view_chosen.connect(self._choose_view)
        panel.tools.invert.clicked.connect(lambda _checked: self.editor.invert())
        panel.tools.clear.clicked.connect(lambda _checked: self.editor.clear())
        panel.tools.feather.changed.connect(self._feather)
        panel.tools.feather.committed.connect(lambda _value: self.editor.end_gesture())
        search.fill.clicked.connect(lambda _checked: self.searching.begin())
        search.again.clicked.connect(lambda _checked: self.searching.again())
        search.cancel.clicked.connect(lambda _checked: self.searching.cancel())
        search.keep.clicked.connect(lambda _checked: self.searching.keep())
        self.searching.changed.connect(self._search_changed)
        self.searching.told.connect(self._take_progress)
        self.painting.begun.connect(lambda: self._choose_view(MASK))
        for source in (self.searching.said, self.painting.refused, self.arrivals.said, self.generated.said):
            source.connect(say)
        self.arrivals.arrived.connect(self._take_arrivals)
        self.generated.arrived.connect(self._put)
        self.strip.chosen.connect(self._choose)
        self.kept.chosen.connect(self.history.go_to)
        self.editor.changed.connect(self._show_document)
        self.editor.settled.connect(self._settle)
        self.host.rendered.connect(self._take)
        self.host.document_opened.connect(self.open_document)
        self._tiles.rendered.connect(self._take_tiles)

    def _show_document(self) -> None:
        document = self.editor.document
        self.panel.show_document(document)
        empty = document.picture is None
        self._pictures.setCurrentWidget(self.empty if empty else self.view)
        self._strips.setVisible(not empty)
        self.setFocusProxy(self.empty if empty else self.view)
        if not document.found:
            self._result = None
        if not self.searching.busy:
            self.strip.show_current(document.chosen)
        self._hint.setText("" if empty else OUTDATED if document.outdated else CHOOSE if document.found else PAINT)
        self._show_view()
        if document.found and not empty:
            self.host.request(document.request(self._sheet, document.found[document.chosen :][:1]))

    def _settle(self) -> None:
        self.host.save(self.editor.document.to_json())
        self._show_candidates()

    def _show_candidates(self) -> None:
        document = self.editor.document
        if self.searching.busy:
            return
        if document.found:
            self._tiles.request(document.request(self._sheet, document.found))
        else:
            self.strip.candidates.show_rows((), ())

    def _show_view(self) -> None:
        document = self.editor.document
        if document.picture is None:
            self.view.show_nothing()
            return
        known = self._result is not None
        view = self._view if known else MASK
        self.panel.picture.show_view(view, fixed=not known)
        self.view.show_pixels(self._photo() if view == MASK or self._result is None else self._result)
        self.view.show_before(self._photo() if view == SPLIT else None)
        self.view.show_cover(document.cover(self._sheet) if view == MASK else None)
        self.painting.take_tool()

    def _choose_view(self, view: int) -> None:
        self._view = view
        self._show_view()

    def _photo(self) -> np.ndarray:
        return self.editor.document.pixels(self.host.facts.resolution)

    def _feather(self, percent: float) -> None:
        self._choose_view(MASK if self._result is None else self._view)
        self.editor.feather(percent / PERCENT)

    def _choose(self, index: int) -> None:
        if not self.searching.busy:
            self.editor.choose(index)
            self._choose_view(RESULT if self._view == MASK else self._view)

    def _search_changed(self) -> None:
        if self.searching.busy:
            self.panel.search.show_search(None)
            return
        self.panel.search.show_rest()
        self._result = None
        self._show_document()
        self._show_candidates()

    def _take_progress(self, progress: Progress) -> None:
        self.panel.search.show_search(progress)
        if progress.pictures is None or not is_judged(progress):
            return
        values = progress.values
        best = int(values["loss"].argmin())
        scored = zip(self.searching.seeds, values["mismatch"], values["realism"], strict=True)
        scores = [Score(seed, float(off), float(real)) for seed, off, real in scored]
        self.strip.candidates.show_rows(list(progress.pictures), scores)
        self.strip.show_current(best)
        if self._result is None:
            self._view = RESULT
        self._result = progress.pictures[best]
        self._show_view()

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if not self.searching.busy and self.editor.document.found:
            self._result = pictures[0]
            self._show_view()

    def _take_tiles(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        found = self.editor.document.found
        if not self.searching.busy and len(pictures) == len(found):
            scores = [Score(one.seed, one.mismatch, one.realism) for one in found]
            self.strip.candidates.show_rows(list(pictures), scores)
            self.strip.show_current(self.editor.document.chosen)

    def _take_arrivals(self, inputs: list[TranslationInput]) -> None:
        first = next((one for one in inputs if one.picture is not None), None)
        if first is not None and first.picture is not None:
            self._put(first.picture, first.name)

    def _put(self, picture: Picture, name: str) -> None:
        self.searching.cancel()
        self._view = MASK
        self.editor.put(picture, name)
        if self.panel.tools.tool is None:
            self.panel.tools.take("brush")

    def _show_size(self) -> None:
        if self.view.pixels is not None:
            height, width, _ = self.view.pixels.shape
            self._size.setText(f"{width} × {height} shown at {self.view.factor() * 100:.0f}%")

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.to_json())


def _named_strip(name: str, strip: QWidget) -> QHBoxLayout:
    label = DimLabel(name)
    label.setFixedWidth(NAME_PX)
    return row(label, strip)


def _first_document(host: CanvasHost) -> InpaintDocument:
    """What was here when the run was last open, or a beginning."""
    try:
        kept = InpaintDocument() if host.document is None else InpaintDocument.from_json(host.document)
    except StudioError:
        kept = InpaintDocument()
    return _fitted(kept, host.facts)


def _fitted(document: InpaintDocument, facts: ModelFacts) -> InpaintDocument:
    """The document with a class that the model has."""
    label = min(document.label or 0, len(facts.labels) - 1) if facts.labels else None
    return replace(document, label=label)
