"""The inpainting canvas: what is painted over, the model fills with what fits around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QWidget

from studio.api.canvas import Progress
from studio.edit.embedded import Picture
from studio.edit.inpaint import InpaintDocument
from studio.edit.inpaint_mask import MaskSheet
from studio.edit.translation import TranslationInput
from studio.engine.events import ModelFacts
from studio.gui.canvases.hand_tools import PERCENT
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.inpaint_candidates import CandidateStrip, Score
from studio.gui.canvases.inpaint_editor import InpaintEditor
from studio.gui.canvases.inpaint_generated import GeneratedPictures
from studio.gui.canvases.inpaint_history import InpaintHistory
from studio.gui.canvases.inpaint_keys import key_table
from studio.gui.canvases.inpaint_painting import Painting
from studio.gui.canvases.inpaint_panel import MASK, RESULT, SPLIT, VIEWS, InpaintPanel
from studio.gui.canvases.inpaint_searching import Searching, is_judged
from studio.gui.canvases.inpaint_view import InpaintView
from studio.gui.canvases.input_canvas import InputCanvas
from studio.gui.canvases.keeping import file_stem
from studio.gui.widgets.empty import EmptyState

SMALLEST_PX = 192
EMPTY = "Drop or paste a picture, paint over what is to go, and the model fills it with what fits around it."
PAINT = "Paint over what is to be filled · Enter fills it"
CHOOSE = "Left and right choose · V changes the view · N searches from other seeds"
OUTDATED = "The mask was changed since · Enter searches again"


class InpaintCanvas(InputCanvas[InpaintDocument]):
    """A picture, a mask painted over it, and candidates for what is under the mask.

    Keys: B brush, E eraser, X swaps them, M rectangle, L lasso, [ and ] the brush's size, with Shift its hardness, I
    turns the mask inside out, Backspace clears it, Enter fills the hole, N searches from other seeds, Escape cancels,
    Left and Right through the candidates, V the view, G a generated picture (Shift: the latent canvas's).

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        view: the picture.
        strip: the candidates.
        generated: brings pictures in that the model draws.
        searching: the search under way.
        painting: the hand that masks.
    """

    editor: InpaintEditor
    panel: InpaintPanel

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent, most=1)
        document = self.first_document(_fitted(InpaintDocument(), host.facts))
        self.editor = InpaintEditor(host.undo_stack, document, self)
        self.view = InpaintView(self.envelope, host.facts.resolution, SMALLEST_PX)
        self.view.setAccessibleName("Picture to fill")
        self.strip = CandidateStrip()
        self.panel = InpaintPanel(self.editor, host)
        self.generated = GeneratedPictures(host, self)
        self.searching = Searching(self.editor, host, self)
        self.painting = Painting(self.editor, self.view, self.panel.tools, self)
        self.history = InpaintHistory(self.editor, host, self)
        self._sheet = MaskSheet(host.facts.resolution)
        self._tiles = host.channel("candidates")
        self._result: np.ndarray | None = None
        self._view = RESULT if document.found else MASK
        actions = (("Open a picture", self.arrivals.open), ("Use a generated picture", self.generated.random))
        empty = EmptyState("Nothing to fill yet", EMPTY, actions)
        self.stand(self.view, self.view, empty, {"Candidates": self.strip}, key_table(self))
        self._connect()
        self.panel.status.setText("")  # a picture that was put here is not waited for
        self._show_document()
        self._show_candidates()

    def read(self, values: object) -> InpaintDocument:
        return _fitted(InpaintDocument.from_json(values), self.host.facts)

    def file_stem(self) -> str:
        return file_stem(f"{self.editor.document.name or 'picture'}-filled")

    def shown(self) -> np.ndarray | None:
        document = self.editor.document
        return None if document.picture is None else self._result if document.found else self.view.pixels

    def go_to(self, document: InpaintDocument) -> None:
        self.searching.cancel()
        super().go_to(document)
        self._choose_view(RESULT if document.found else MASK)

    def leave(self) -> bool:
        """Cancels the search, or stops reading files, or puts the tool away, or leaves a control."""
        if not (self.searching.cancel() or self.arrivals.stop()):
            if self.view.hasFocus():
                self.panel.tools.take(None)
            super().leave()
        return True

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

    def _connect(self) -> None:
        panel, search, say = self.panel, self.panel.search, self.panel.status.say
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
        self.editor.changed.connect(self._show_document)
        self.editor.settled.connect(self._settle)
        self.host.rendered.connect(self._take)
        self._tiles.rendered.connect(self._take_tiles)
        self.host.opened_anew.connect(self._show_candidates)

    def _show_document(self) -> None:
        document = self.editor.document
        self.panel.show_document(document)
        empty = document.picture is None
        self._pictures.show_pictures(not empty)
        self.strips.setVisible(not empty)
        if not document.found:
            self._result = None
        if not self.searching.busy:
            self.strip.show_current(document.chosen)
        self.hint.setText("" if empty else OUTDATED if document.outdated else CHOOSE if document.found else PAINT)
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


def _fitted(document: InpaintDocument, facts: ModelFacts) -> InpaintDocument:
    """The document with a class that the model has."""
    label = min(document.label or 0, len(facts.labels) - 1) if facts.labels else None
    return replace(document, label=label)
