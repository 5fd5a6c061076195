"""The latent canvas: one picture of z, and everything that moves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.latent import LatentDocument
from studio.edit.requests import LatentRequest
from studio.engine.events import ModelFacts
from studio.gui.canvases.below_hero import BelowHero
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.comparing import CompareButtons, Comparison
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.history import HistoryStrip
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keys import PLAIN, SHIFT, KeyTable
from studio.gui.canvases.latent_history import LatentHistory
from studio.gui.canvases.latent_panels import CompactPanel, FullPanel
from studio.gui.canvases.rows import column, row

SMALLEST_PX = 256
FAR = 10


class LatentCanvas(Canvas[LatentDocument]):
    """A picture that follows the hand and, while the run trains, the weights.

    Keys: R random, Left and Right one seed on (Shift: ten), 1 and 2 pin A and B, Space morphs between them, C held
    shows the picture before the last change, F keeps the picture.

    Args:
        host: the studio, as a canvas sees it.
        compact: a small picture and a few controls, to stand beside something else.

    Attributes:
        hero: the picture.
    """

    editor: LatentEditor
    panel: CompactPanel | FullPanel

    def __init__(self, host: CanvasHost, parent: QWidget | None = None, compact: bool = False) -> None:
        super().__init__(host, parent)
        space = host.facts.latent_space
        if space is None:
            raise StudioError("This model has no latent space.", "Choose another canvas.")
        self._space = space
        start = LatentDocument(path="slerp" if space.distribution == "normal" else "lerp")
        first = self.first_document(_fitted(start, host.facts, space))
        self.editor = LatentEditor(space, host.undo_stack, first, self)
        self.hero = HeroPicture(self.envelope, host.facts.resolution, SMALLEST_PX)
        if compact:
            self.panel = CompactPanel(self.editor, host)
            self._lay_out_compact(self.panel)
            self.listen(self.hero, self.hero, self._common_keys())
        else:
            self.panel = FullPanel(self.editor, host)
            self._lay_out_full(self.panel)
            self.listen(self.hero, self.hero, self._common_keys() | self._full_keys(self.panel))
        self.editor.changed.connect(self._show_document)
        host.rendered.connect(self._take)
        self._request()

    def read(self, values: object) -> LatentDocument:
        return _fitted(LatentDocument.from_json(values), self.host.facts, self._space)

    def file_stem(self) -> str:
        return f"{self.host.facts.model}-seed-{self.editor.document.seed}"

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if isinstance(self.panel, FullPanel):
            self.panel.pins.morph.pause()

    def _common_keys(self) -> KeyTable:
        point = self.panel.point
        return {
            (PLAIN, Qt.Key.Key_R): point.throw,
            (PLAIN, Qt.Key.Key_Left): lambda: point.step(-1),
            (PLAIN, Qt.Key.Key_Right): lambda: point.step(1),
            (SHIFT, Qt.Key.Key_Left): lambda: point.step(-FAR),
            (SHIFT, Qt.Key.Key_Right): lambda: point.step(FAR),
        }

    def _full_keys(self, panel: FullPanel) -> KeyTable:
        return {
            (PLAIN, Qt.Key.Key_1): lambda: panel.pins.pin("a"),
            (PLAIN, Qt.Key.Key_2): lambda: panel.pins.pin("b"),
            (PLAIN, Qt.Key.Key_Space): self._morph,
            (PLAIN, Qt.Key.Key_F): self._star,
        }

    def _lay_out_compact(self, panel: CompactPanel) -> None:
        self.hero.setFixedSize(SMALLEST_PX, SMALLEST_PX)
        layout = row(self.hero, panel, spacing=16)
        layout.setAlignment(self.hero, Qt.AlignmentFlag.AlignTop)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _lay_out_full(self, panel: FullPanel) -> None:
        self.history = LatentHistory(self.editor, self.host, self)
        strip = HistoryStrip(self.history.entries)
        strip.chosen.connect(self.history.go_to)
        left = column(spacing=12)
        left.addWidget(self.hero, 1)
        self.comparison = Comparison(self.editor, self.hero, self)
        left.addWidget(BelowHero(self.hero, strip, CompareButtons(self.comparison)))
        self.lay_out(left, panel)

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
