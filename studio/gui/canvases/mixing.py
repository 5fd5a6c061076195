"""The style mixing canvas: a matrix of rows by columns, and the picture that is mixed from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.mixing import MixDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.below_hero import HEIGHT, BelowHero
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.comparing import CompareButtons, Comparison
from studio.gui.canvases.document_history import DocumentHistory
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keys import PLAIN, SHIFT, KeyTable
from studio.gui.canvases.mix_controls import LookControls, SourceControls, SpanControls
from studio.gui.canvases.mix_drops import StyleDrops
from studio.gui.canvases.mix_editor import MixEditor
from studio.gui.canvases.mix_layers import MixLayers
from studio.gui.canvases.mix_matrix import HEAD, MixMatrix, Place
from studio.gui.canvases.rows import column

SMALLEST_PX = 256
FAR = 10
STALE_MS = 1000


class MixingCanvas(Canvas[MixDocument]):
    """The matrix shows each row with the style of each column in some layers; a click takes one over.

    Keys: arrows in the matrix, Enter takes a mixture, R gives the chosen row or column a random seed, `,` and `.` the
    seed before and after (Shift: ten).

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        matrix: rows by columns.
        hero: the picture.
        source, span, look, layers: the controls; `panel` holds them.
        history: where a person has been.
    """

    editor: MixEditor
    panel: CanvasPanel

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        space = host.facts.latent_space
        if space is None or not host.facts.num_ws:
            raise StudioError("This model mixes no styles.", "Choose another canvas.")
        first = self.first_document(_fitted(MixDocument.start(host.facts.num_ws), host.facts))
        self.editor = MixEditor(space, host.undo_stack, first, self)
        self.hero = HeroPicture(self.envelope, host.facts.resolution, SMALLEST_PX)
        self.matrix = MixMatrix()
        self.source = SourceControls(self.editor)
        self.span = SpanControls(self.editor)
        self.look = LookControls(self.editor, host.facts.labels)
        self.layers = MixLayers(self.editor)
        self.panel = CanvasPanel((self.source, self.span, self.layers, self.look), host)
        self.history = MixHistory(self.editor, host, self)
        self._drops = StyleDrops(self.editor, host.studio, self)
        self._channel = host.channel("matrix")
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(STALE_MS)
        self._lay_out()
        self.listen(self.hero, self.matrix, self._own_keys())
        self._connect()
        self._show_document()

    def read(self, values: object) -> MixDocument:
        return _fitted(MixDocument.from_json(values), self.host.facts)

    def file_stem(self) -> str:
        return f"{self.host.facts.model}-mix"

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_matrix()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stale.stop()

    def _own_keys(self) -> KeyTable:
        source = self.source
        return {
            (PLAIN, Qt.Key.Key_R): source.throw,
            (PLAIN, Qt.Key.Key_Comma): lambda: source.step(-1),
            (PLAIN, Qt.Key.Key_Period): lambda: source.step(1),
            (SHIFT, Qt.Key.Key_Less): lambda: source.step(-FAR),
            (SHIFT, Qt.Key.Key_Greater): lambda: source.step(FAR),
        }

    def _lay_out(self) -> None:
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        compare = CompareButtons(Comparison(self.editor, self.hero, self))
        right = column(spacing=12)
        right.addWidget(self.hero, 1)
        right.addWidget(BelowHero(self.hero, strip, compare))
        left = column(spacing=12)
        left.addWidget(self.matrix, 1)
        left.addSpacing(HEIGHT)
        pictures = QHBoxLayout()
        pictures.setSpacing(24)
        pictures.addLayout(left, 1)
        pictures.addLayout(right, 1)
        self.lay_out(pictures, self.panel)

    def _connect(self) -> None:
        self.matrix.chosen.connect(self._choose_cell)
        self.matrix.row_chosen.connect(self._choose_row)
        self.matrix.column_chosen.connect(lambda column: self.source.choose((HEAD, column)))
        self.source.placed.connect(lambda: self.matrix.set_current(self.source.place))
        for target in (self.span, *self.layers.rows):
            target.dropped.connect(self._drops.take)
        self.editor.changed.connect(self._show_document)
        self.host.rendered.connect(self._take)
        self.host.moved.connect(lambda _step: self._weights_moved())
        self.host.opened_anew.connect(self._ask_matrix)
        self._channel.rendered.connect(lambda pictures, _milliseconds, _step: self.matrix.set_pictures(pictures))
        self._stale.timeout.connect(self._ask_matrix)

    def _choose_cell(self, row: int, column: int) -> None:
        document = self.editor.document
        self.editor.edit(document.with_cell(row, column), "Mix a style in")
        if document.all_locked(document.span):
            self.panel.status.say("The layers that would take this style are locked.")
        self.source.follow(row)

    def _choose_row(self, row: int) -> None:
        self.source.choose((row, HEAD))
        self.editor.edit(self.editor.document.with_row(row), "Choose a row")

    def _show_document(self) -> None:
        document = self.editor.document
        self.host.save(document.to_json())
        self.host.request(document.request(self.editor.space))
        self.matrix.set_seeds(document.rows, document.columns)
        self._mark()
        self._ask_matrix()

    def _mark(self) -> None:
        document = self.editor.document
        columns = {layer.column for layer in document.layers if layer.column is not None and layer.weight}
        made_of: set[Place] = {(HEAD, column) for column in columns}
        self.matrix.set_marked(frozenset({(document.row, HEAD), *made_of}))

    def _ask_matrix(self) -> None:
        if self.isVisible():
            self._channel.request(self.editor.document.matrix_request(self.editor.space))

    def _weights_moved(self) -> None:
        """While the run trains, the matrix follows once a second: it is many pictures."""
        if not self._stale.isActive():
            self._stale.start()

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        self.hero.show_pixels(pictures[0])


class MixHistory(DocumentHistory[MixDocument]):
    """Mixtures. Going back to one takes its rows and columns along."""

    def __init__(self, editor: MixEditor, host: CanvasHost, parent: QObject | None = None) -> None:
        self._facts = host.facts
        self._space: LatentSpace = editor.space
        super().__init__(editor, host, parent)

    def look(self, document: MixDocument) -> bytes:
        wish = document.request(self._space)
        used = wish.shares[0].any(axis=0)
        settings = repr((document.psi, document.cutoff, document.label, document.noise)).encode()
        return b"".join((wish.z[used].tobytes(), wish.shares[0][:, used].tobytes(), settings))

    def title(self, document: MixDocument) -> str:
        return f"Made from seed {document.rows[document.row]}"

    def read(self, values: object) -> MixDocument:
        return _fitted(MixDocument.from_json(values), self._facts)

    def returned(self, now: MixDocument, then: MixDocument) -> MixDocument:
        return replace(then, span=now.span)


def _fitted(document: MixDocument, facts: ModelFacts) -> MixDocument:
    """The document with a class that the model has.

    Raises:
        StudioError: it was made with a model of other layers.
    """
    if len(document.layers) != facts.num_ws:
        raise StudioError(
            f"This edit has {len(document.layers)} layers, and this model has {facts.num_ws}.",
            "Open it with the run that made it.",
        )
    return document.with_label(min(document.label or 0, len(facts.labels) - 1) if facts.labels else None)
