"""The style mixing canvas: a matrix of rows by columns, and the picture that is mixed from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.mixing import MixDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.below_hero import BelowHero
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.comparing import CompareButtons, Comparison
from studio.gui.canvases.document_history import DocumentHistory
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.mix_controls import LookControls, SourceControls, SpanControls
from studio.gui.canvases.mix_drops import StyleDrops
from studio.gui.canvases.mix_editor import MixEditor
from studio.gui.canvases.mix_layers import MixLayers
from studio.gui.canvases.mix_matrix import HEAD, MixMatrix, Place
from studio.gui.canvases.rows import column

SMALLEST_PX = 256
FAR = 10
STALE_MS = 1000

Key = tuple[Qt.KeyboardModifier, Qt.Key]

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class MixingCanvas(QWidget):
    """The matrix shows each row with the style of each column in some layers; a click takes one over.

    Keys: arrows in the matrix, Enter takes a mixture, R gives the chosen row or column a random seed, `,` and `.` the
    seed before and after (Shift: ten), Ctrl+C copies, Ctrl+S saves, Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo.
    In text fields the single keys are off.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        matrix: rows by columns.
        hero: the picture.
        source, span, look, layers: the controls.
        panel: what these stand in.
        keeper: copies and saves.
        history: where a person has been.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        space = host.facts.latent_space
        if space is None or not host.facts.num_ws:
            raise StudioError("This model mixes no styles.", "Choose another canvas.")
        self.host = host
        self.editor = MixEditor(space, host.undo_stack, _first_document(host), self)
        self.keeper = PictureKeeper(host, self)
        self.hero = HeroPicture(self._envelope, host.facts.resolution, SMALLEST_PX)
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
        self._keys = self._all_keys()
        self._lay_out()
        self._connect()
        self._show_document()

    def copy(self) -> None:
        """Puts the picture on the clipboard, and its edit with it."""
        if self.hero.pixels is not None:
            self.keeper.copy(self.hero.pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture, and saves it."""
        if self.hero.pixels is not None:
            self.keeper.save(self.editor.document, self.hero.pixels, self._envelope(), f"{self.host.facts.model}-mix")

    def open_document(self, document: object) -> None:
        """Goes to a saved document, as one undo step; says why where it does not fit this model."""
        try:
            opened = _fitted(MixDocument.from_json(document), self.host.facts)
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")
            return
        self.editor.edit(opened, "Open an edit")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(self.focusWidget(), QLineEdit)
        action = self._keys.get((modifiers, Qt.Key(event.key())))
        if event.key() == Qt.Key.Key_Escape and not self.matrix.hasFocus():
            self.matrix.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action is None or (typing and modifiers in (PLAIN, SHIFT)):
            event.ignore()
        else:
            action()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.host.set_showing(True)
        self._ask_matrix()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)
        self._stale.stop()

    def _all_keys(self) -> dict[Key, Callable[[], Any]]:
        undo, source = self.host.undo_stack, self.source
        return {
            (PLAIN, Qt.Key.Key_R): source.throw,
            (PLAIN, Qt.Key.Key_Comma): lambda: source.step(-1),
            (PLAIN, Qt.Key.Key_Period): lambda: source.step(1),
            (SHIFT, Qt.Key.Key_Less): lambda: source.step(-FAR),
            (SHIFT, Qt.Key.Key_Greater): lambda: source.step(FAR),
            (CTRL, Qt.Key.Key_C): self.copy,
            (CTRL, Qt.Key.Key_S): self.save,
            (CTRL, Qt.Key.Key_Z): undo.undo,
            (CTRL | SHIFT, Qt.Key.Key_Z): undo.redo,
            (CTRL, Qt.Key.Key_Y): undo.redo,
        }

    def _lay_out(self) -> None:
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        pictures = QHBoxLayout()
        pictures.setSpacing(24)
        pictures.addWidget(self.matrix, 1)
        pictures.addWidget(self.hero, 1)
        left = column(spacing=12)
        left.setContentsMargins(16, 4, 16, 12)
        left.addLayout(pictures, 1)
        compare = CompareButtons(Comparison(self.editor, self.hero, self))
        left.addWidget(BelowHero(self.hero, strip, compare), 0, Qt.AlignmentFlag.AlignHCenter)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(line)
        layout.addWidget(self.panel)
        self.setFocusProxy(self.matrix)

    def _connect(self) -> None:
        self.panel.copy.clicked.connect(self.copy)
        self.panel.save.clicked.connect(self.save)
        self.hero.copy_wanted.connect(self.copy)
        self.hero.save_wanted.connect(self.save)
        self.matrix.chosen.connect(self._choose_cell)
        self.matrix.row_chosen.connect(self._choose_row)
        self.matrix.column_chosen.connect(lambda column: self.source.choose((HEAD, column)))
        self.source.placed.connect(lambda: self.matrix.set_current(self.source.place))
        for target in (self.span, *self.layers.rows):
            target.dropped.connect(self._drops.take)
        self.editor.changed.connect(self._show_document)
        self.host.rendered.connect(self._take)
        self.host.moved.connect(lambda _step: self._weights_moved())
        self.host.document_opened.connect(self.open_document)
        self._channel.rendered.connect(lambda pictures, _milliseconds, _step: self.matrix.set_pictures(pictures))
        self._stale.timeout.connect(self._ask_matrix)

    def _choose_cell(self, row: int, column: int) -> None:
        self.editor.edit(self.editor.document.with_cell(row, column), "Mix a style in")

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

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.to_json())


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


def _first_document(host: CanvasHost) -> MixDocument:
    """What was here when the run was last open, or a beginning."""
    start = MixDocument.start(host.facts.num_ws)
    try:
        return _fitted(start if host.document is None else MixDocument.from_json(host.document), host.facts)
    except StudioError:
        return _fitted(start, host.facts)


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
