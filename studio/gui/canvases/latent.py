"""The latent canvas: one picture of z, and everything that moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.latent import LatentDocument
from studio.edit.requests import LatentRequest
from studio.engine.events import ModelFacts
from studio.gui.canvases.below_hero import BelowHero
from studio.gui.canvases.comparing import CompareButtons, Comparison
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.latent_history import LatentHistory
from studio.gui.canvases.latent_panels import CompactPanel, FullPanel
from studio.gui.canvases.rows import column, row

SMALLEST_PX = 256
FAR = 10

Key = tuple[Qt.KeyboardModifier, Qt.Key]

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class LatentCanvas(QWidget):
    """A picture that follows the hand and, while the run trains, the weights.

    Keys: R random, Left and Right one seed on (Shift: ten), 1 and 2 pin A and B, Space morphs between them, C held
    shows the picture before the last change, F keeps the picture, Ctrl+C copies, Ctrl+S saves, Ctrl+Z, Ctrl+Shift+Z
    and Ctrl+Y undo and redo, Escape leaves a control. In text fields the single keys are off.

    Args:
        host: the studio, as a canvas sees it.
        compact: a small picture and a few controls, to stand beside something else.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        hero: the picture.
        panel: the controls.
        keeper: copies and saves.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None, compact: bool = False) -> None:
        super().__init__(parent)
        space = host.facts.latent_space
        if space is None:
            raise StudioError("This model has no latent space.", "Choose another canvas.")
        self.host = host
        self.editor = LatentEditor(space, host.undo_stack, _first_document(host, space), self)
        self.keeper = PictureKeeper(host, self)
        self.hero = HeroPicture(self._envelope, host.facts.resolution, SMALLEST_PX)
        self.panel: CompactPanel | FullPanel
        self._keys: dict[Key, Callable[[], Any]] = {}
        if compact:
            self.panel = CompactPanel(self.editor, host)
            self._lay_out_compact(self.panel)
        else:
            self.panel = FullPanel(self.editor, host)
            self._lay_out_full(self.panel)
        self._keys |= self._common_keys()
        self.setFocusProxy(self.hero)
        self.hero.copy_wanted.connect(self.copy)
        self.hero.save_wanted.connect(self.save)
        self.editor.changed.connect(self._show_document)
        host.rendered.connect(self._take)
        host.document_opened.connect(self.open_document)
        self._request()

    def copy(self) -> None:
        """Puts the picture on the clipboard, and its edit with it."""
        if self.hero.pixels is not None:
            self.keeper.copy(self.hero.pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture, and saves it."""
        if self.hero.pixels is not None:
            name = f"{self.host.facts.model}-seed-{self.editor.document.seed}"
            self.keeper.save(self.editor.document, self.hero.pixels, self._envelope(), name)

    def open_document(self, document: object) -> None:
        """Goes to a saved document, as one undo step; says why where it does not fit this model."""
        try:
            opened = _fitted(LatentDocument.from_json(document), self.host.facts, self.editor.space)
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")
            return
        self.editor.edit(opened, "Open an edit")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(self.focusWidget(), QLineEdit)
        action = self._keys.get((modifiers, Qt.Key(event.key())))
        if event.key() == Qt.Key.Key_Escape and not self.hero.hasFocus():
            self.hero.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action is None or (typing and modifiers in (PLAIN, SHIFT)):
            event.ignore()
        else:
            action()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.host.set_showing(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.host.set_showing(False)
        if isinstance(self.panel, FullPanel):
            self.panel.pins.morph.pause()

    def _common_keys(self) -> dict[Key, Callable[[], Any]]:
        undo, point = self.host.undo_stack, self.panel.point
        return {
            (PLAIN, Qt.Key.Key_R): point.throw,
            (PLAIN, Qt.Key.Key_Left): lambda: point.step(-1),
            (PLAIN, Qt.Key.Key_Right): lambda: point.step(1),
            (SHIFT, Qt.Key.Key_Left): lambda: point.step(-FAR),
            (SHIFT, Qt.Key.Key_Right): lambda: point.step(FAR),
            (CTRL, Qt.Key.Key_C): self.copy,
            (CTRL, Qt.Key.Key_S): self.save,
            (CTRL, Qt.Key.Key_Z): undo.undo,
            (CTRL | SHIFT, Qt.Key.Key_Z): undo.redo,
            (CTRL, Qt.Key.Key_Y): undo.redo,
        }

    def _lay_out_compact(self, panel: CompactPanel) -> None:
        self.hero.setFixedSize(SMALLEST_PX, SMALLEST_PX)
        layout = row(self.hero, panel, spacing=16)
        layout.setAlignment(self.hero, Qt.AlignmentFlag.AlignTop)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _lay_out_full(self, panel: FullPanel) -> None:
        self._keys |= {
            (PLAIN, Qt.Key.Key_1): lambda: panel.pins.pin("a"),
            (PLAIN, Qt.Key.Key_2): lambda: panel.pins.pin("b"),
            (PLAIN, Qt.Key.Key_Space): self._morph,
            (PLAIN, Qt.Key.Key_F): self._star,
        }
        self.history = LatentHistory(self.editor, self.host, self)
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        panel.copy.clicked.connect(self.copy)
        panel.save.clicked.connect(self.save)
        left = column(spacing=12)
        left.setContentsMargins(16, 4, 16, 12)
        left.addWidget(self.hero, 1)
        self.comparison = Comparison(self.editor, self.hero, self)
        left.addWidget(BelowHero(self.hero, strip, CompareButtons(self.comparison)), 0, Qt.AlignmentFlag.AlignHCenter)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(line)
        layout.addWidget(panel)

    def _morph(self) -> None:
        assert isinstance(self.panel, FullPanel)
        if not self.editor.document.both_pinned:
            self.panel.status.say("Pin two pictures first: 1 pins A, 2 pins B.")
        self.panel.pins.toggle_morph()

    def _star(self) -> None:
        if self.history.star():
            self.panel.status.say("The picture is kept.")

    def _show_document(self) -> None:
        self.host.save(self.editor.document.to_json())
        self._request()

    def _request(self) -> None:
        self.host.request(LatentRequest.of([self.editor.document], self.editor.space))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        self.hero.show_pixels(pictures[0])

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.to_json())


def _first_document(host: CanvasHost, space: LatentSpace) -> LatentDocument:
    """What was here when the run was last open, or a beginning."""
    start = LatentDocument(path="slerp" if space.distribution == "normal" else "lerp")
    try:
        kept = start if host.document is None else LatentDocument.from_json(host.document)
        return _fitted(kept, host.facts, space)
    except StudioError:
        return _fitted(start, host.facts, space)


def _fitted(document: LatentDocument, facts: ModelFacts, space: LatentSpace) -> LatentDocument:
    """The document with a class that the model has.

    Raises:
        StudioError: it was made with a model of another z, or of other layers.
    """
    for point in document.points:
        point.z(space)
    document.check_layers(facts.num_ws)
    label = min(document.label or 0, len(facts.labels) - 1) if facts.labels else None
    return replace(document, label=label)
