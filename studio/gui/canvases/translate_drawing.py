"""The hand that draws: what the pen does on the paper becomes strokes of the document, one undo step each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.api.errors import StudioError
from studio.edit.strokes import Stroke
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.translate_paper import PaperView
from studio.gui.canvases.translate_pen import PenTools

PAPER = "Drawing"
DRAW, ERASE = "Draw", "Erase"


class Drawing(QObject):
    """Brings paper, pen and document together.

    Signals:
        refused(message): there is no room for more.
    """

    refused = Signal(str)

    def __init__(
        self,
        editor: DocumentEditor[TranslationDocument],
        paper: PaperView,
        pen: PenTools,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._paper = paper
        self._pen = pen
        self._stroke: Stroke | None = None
        paper.begun.connect(self._begin)
        paper.moved.connect(self._go_on)
        paper.ended.connect(self._end)
        paper.picked.connect(self._pick)
        pen.changed.connect(self._take_pen)
        pen.new.clicked.connect(lambda _checked: self.new_paper())
        pen.clear.clicked.connect(lambda _checked: self.clear())

    def new_paper(self) -> None:
        """Puts white paper into the strip, unless it is at hand already, and the pen into the hand."""
        document = self._editor.document
        if document.shown is None or not document.shown.blank:
            self._add_paper(document)
        if self._pen.tool is None and self._editor.document.shown is not None:
            self._pen.take("pen")

    def _add_paper(self, document: TranslationDocument) -> None:
        taken = {one.name for one in document.inputs}
        number = next(n for n in range(1, len(taken) + 2) if f"{PAPER} {n}" not in taken)
        try:
            self._editor.edit(document.with_inputs([TranslationInput(f"{PAPER} {number}")]), "New paper")
        except StudioError as error:
            self.refused.emit(f"{error.message} {error.remedy}")

    def clear(self) -> None:
        """Takes every stroke off."""
        self._editor.edit(self._editor.document.with_strokes(()), "Clear")

    def _take_pen(self) -> None:
        if self._pen.tool is not None and self._editor.document.shown is None:
            self.new_paper()
        self._paper.set_pen(self._pen.width_fraction if self._pen.tool is not None else 0.0)

    def _begin(self, x: float, y: float) -> None:
        colour = self._pen.colour if self._pen.tool == "pen" else ""
        self._put(Stroke.at((x, y), self._pen.width_fraction, colour))

    def _go_on(self, x: float, y: float) -> None:
        shown = self._editor.document.shown
        if self._stroke is None or shown is None or not shown.strokes or shown.strokes[-1] is not self._stroke:
            self._stroke = None  # it was undone under the hand
            return
        self._put(self._stroke.to((x, y)), going_on=True)

    def _put(self, stroke: Stroke, *, going_on: bool = False) -> None:
        document = self._editor.document
        if document.shown is None:
            return
        before = document.shown.strokes[:-1] if going_on else document.shown.strokes
        try:
            drawn = document.with_strokes((*before, stroke))
        except StudioError as error:
            self._stroke = None
            self.refused.emit(f"{error.message} {error.remedy}")
            return
        self._stroke = stroke
        self._editor.edit(drawn, DRAW if stroke.colour else ERASE, gesture=True)

    def _end(self) -> None:
        self._stroke = None
        self._editor.end_gesture()

    def _pick(self, x: float, y: float) -> None:
        image = self._paper.image()
        column, row = (min(max(int(at * side), 0), side - 1) for at, side in ((x, image.width()), (y, image.height())))
        self._pen.take_colour(image.pixelColor(column, row).name())
