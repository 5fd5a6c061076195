"""The walk canvas: a film from picture to picture, played as it is edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.walk import WalkDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.carrying import edit_in
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.picture_stack import PictureStack
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.walk_ahead import FramesAhead
from studio.gui.canvases.walk_arrivals import WalkArrivals
from studio.gui.canvases.walk_controls import KeyframeControls, WayControls
from studio.gui.canvases.walk_editor import WalkEditor, fitted
from studio.gui.canvases.walk_film import FilmControls
from studio.gui.canvases.walk_keys import key_table
from studio.gui.canvases.walk_making import FilmMaking
from studio.gui.canvases.walk_player import WalkPlayer
from studio.gui.canvases.walk_thumbnails import WalkThumbnails
from studio.gui.canvases.walk_timeline import MARGIN, WalkTimeline
from studio.gui.canvases.walk_transport import WalkTransport
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.empty import EmptyState

SMALLEST_PX = 256
HINT = "Space plays · A adds a picture · drop pictures of the latent canvas on the timeline"
EMPTY = "A walk goes from picture to picture and becomes a film. Begin with four random ones, or bring your own."


class WalkCanvas(Canvas[WalkDocument]):
    """Keyframes on a timeline, the picture at the playhead, and the film of it.

    Keys: Space and K play and pause, J and L or Left and Right one frame (Shift: ten), Home and End, Up and Down the
    keyframe before and after, Enter goes to the chosen one, Ctrl+Left and Ctrl+Right move it, Delete takes it out,
    Ctrl+D duplicates it, R gives it a random seed, E another easing, [ and ] less and more time, A adds one, O loops,
    Ctrl+V pastes, Ctrl+Shift+S exports the film.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        player: plays it.
        hero: the picture.
        transport, timeline: below it.
        keyframe, way, film: the controls; `panel` holds them.
        making: exports.
        arrivals: brings keyframes in.
    """

    editor: WalkEditor
    panel: CanvasPanel

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        space = host.facts.latent_space
        if space is None:
            raise StudioError("This model has no latent space.", "Choose another canvas.")
        self._space = space
        first = self.first_document(WalkDocument(path="slerp" if space.distribution == "normal" else "lerp"))
        self.editor = WalkEditor(space, host.facts, host.undo_stack, first, self)
        self.player = WalkPlayer(self.editor, self)
        self.thumbnails = WalkThumbnails(host, space, self)
        self.hero = HeroPicture(self.envelope, host.facts.resolution, SMALLEST_PX)
        self.ahead = FramesAhead(self.editor, host, lambda: self.making.work.running, self)
        self._asks = True
        self.transport = WalkTransport(self.editor, self.player)
        self.timeline = WalkTimeline(self.editor, self.thumbnails, self.ahead)
        self.keyframe = KeyframeControls(self.editor, host.facts.labels)
        self.way = WayControls(self.editor, styles=bool(host.facts.num_ws))
        self.film = FilmControls(host.facts.resolution)
        self.panel = CanvasPanel((self.keyframe, self.way, self.film), host)
        self.making = FilmMaking(self.editor, host, self.film, self)
        self.arrivals = WalkArrivals(self.editor, host, self)
        self.setAcceptDrops(True)
        self._lay_out()
        self.listen(self.hero, self._stack, key_table(self))
        self._connect()
        self._show_document()

    def visit(self, index: int) -> None:
        """Stops, chooses a keyframe and goes there."""
        self.player.pause()
        self.editor.visit(index)

    def read(self, values: object) -> WalkDocument:
        return _fitted(WalkDocument.from_json(values), self.host.facts, self._space)

    def file_stem(self) -> str:
        return f"{self.host.facts.model}-walk-{self.editor.document.frame:05}"

    def shown(self) -> np.ndarray | None:
        return self.hero.pixels if self.editor.document.keyframes else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if edit_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.arrivals.take(event.mimeData(), len(self.editor.document.keyframes)):
            event.acceptProposedAction()
        else:
            event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.thumbnails.show_keyframes(self.editor.document.keyframes)
        self._look_ahead()
        self._show_frame()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.player.pause()
        self.thumbnails.stop()
        self.ahead.stop()

    def _lay_out(self) -> None:
        actions = (
            ("Make me one", self.editor.begin),
            ("Add a picture", self.editor.add_random),
            ("From latent", self._offer),
        )
        self.empty = EmptyState("No walk yet", EMPTY, actions)
        hint = DimLabel(HINT)
        hint.setWordWrap(False)
        hint.setIndent(MARGIN)
        stage = QWidget()
        below = column(spacing=8)
        below.addWidget(self.hero, 1)
        below.addWidget(self.transport)
        below.addWidget(self.timeline)
        below.addWidget(hint)
        stage.setLayout(below)
        self._stack = PictureStack(stage, self.timeline, self.empty)
        self.lay_out(row(self._stack), self.panel)

    def _connect(self) -> None:
        self.timeline.scrubbed.connect(self.player.pause)
        self.timeline.dropped.connect(self.arrivals.take)
        self.keyframe.latent_wanted.connect(self._offer)
        self.editor.changed.connect(self._show_document)
        self.editor.moved.connect(self._show_frame)
        self.player.playing_changed.connect(lambda _playing: self._show_frame())
        self.ahead.arrived.connect(self._take_ahead)
        self.host.rendered.connect(self._take)
        self.host.opened_anew.connect(self._look_ahead)

    def _look_ahead(self) -> None:
        if self.isVisible():
            self.ahead.follow()

    def _offer(self) -> None:
        button = self.keyframe.from_latent
        self.arrivals.offer(button.mapToGlobal(button.rect().bottomLeft()))

    def _show_document(self) -> None:
        keyframes = self.editor.document.keyframes
        self._stack.show_pictures(bool(keyframes))
        if not keyframes:
            self.host.withdraw()
            self.panel.status.setText("")
        for button in (self.panel.copy, self.panel.save, self.film.export):
            button.setEnabled(bool(keyframes))
        if self.isVisible():
            self.thumbnails.show_keyframes(keyframes)
        self._show_frame()

    def _show_frame(self) -> None:
        document = self.editor.document
        if document.keyframes:
            request = document.frames(self.editor.space, [document.time])
            known = self.ahead.picture(request)
            self._asks = known is None and (self.host.live or not self.player.playing)
            if known is not None:
                self._show(known)
            elif self._asks:
                self.host.request(request)
            else:
                self.ahead.ask(request)
        if not self.player.playing:  # while it plays the playhead is not worth writing down
            self.host.save(document.to_json())

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if self._asks:
            self._show(pictures[0])

    def _take_ahead(self, pixels: np.ndarray) -> None:
        if self.player.playing:
            self._show(pixels)

    def _show(self, pixels: np.ndarray) -> None:
        self.hero.show_pixels(pixels)
        self.player.note_picture()


def _fitted(document: WalkDocument, facts: ModelFacts, space: LatentSpace) -> WalkDocument:
    """The walk with classes that the model has, and through z where it has no w.

    Raises:
        StudioError: it was made with a model of another z.
    """
    keyframes = tuple(fitted(one, facts, space) for one in document.keyframes)
    through = document.through if facts.num_ws else "z"
    return replace(document, keyframes=keyframes, through=through)
