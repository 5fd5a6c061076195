"""The walk canvas: a film from picture to picture, played as it is edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.walk import WalkDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.carrying import edit_in
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import PictureKeeper
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.walk_ahead import FramesAhead
from studio.gui.canvases.walk_arrivals import WalkArrivals
from studio.gui.canvases.walk_controls import KeyframeControls, WayControls
from studio.gui.canvases.walk_editor import WalkEditor, fitted
from studio.gui.canvases.walk_film import FilmControls
from studio.gui.canvases.walk_keys import PLAIN, SHIFT, key_table
from studio.gui.canvases.walk_making import FilmMaking
from studio.gui.canvases.walk_player import WalkPlayer
from studio.gui.canvases.walk_thumbnails import WalkThumbnails
from studio.gui.canvases.walk_timeline import WalkTimeline
from studio.gui.canvases.walk_transport import WalkTransport
from studio.gui.widgets.basics import DimLabel
from studio.gui.widgets.empty import EmptyState

SMALLEST_PX = 256
HINT = "Space plays · A adds a picture · drop pictures of the latent canvas on the timeline"
EMPTY = "A walk goes from picture to picture and becomes a film. Begin with four random ones, or bring your own."


class WalkCanvas(QWidget):
    """Keyframes on a timeline, the picture at the playhead, and the film of it.

    Keys: Space and K play and pause, J and L or Left and Right one frame (Shift: ten), Home and End, Up and Down the
    keyframe before and after, Enter goes to the chosen one, Ctrl+Left and Ctrl+Right move it, Delete takes it out,
    Ctrl+D duplicates it, R gives it a random seed, E another easing, [ and ] less and more time, A adds one, O loops,
    Ctrl+V pastes, Ctrl+C copies, Ctrl+S saves the picture, Ctrl+Shift+S exports the film, Ctrl+Z, Ctrl+Shift+Z and
    Ctrl+Y undo and redo. In text fields the single keys are off.

    Args:
        host: the studio, as a canvas sees it.

    Attributes:
        host: as given.
        editor: the document and its undo stack.
        player: plays it.
        hero: the picture.
        transport, timeline: below it.
        keyframe, way, film: the controls.
        panel: what these stand in.
        making: exports.
        arrivals: brings keyframes in.
        keeper: copies and saves.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        space = host.facts.latent_space
        if space is None:
            raise StudioError("This model has no latent space.", "Choose another canvas.")
        self.host = host
        self.editor = WalkEditor(space, host.facts, host.undo_stack, _first_document(host, space), self)
        self.player = WalkPlayer(self.editor, self)
        self.thumbnails = WalkThumbnails(host, space, self)
        self.keeper = PictureKeeper(host, self)
        self.hero = HeroPicture(self._envelope, host.facts.resolution, SMALLEST_PX)
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
        self._keys = key_table(self)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._show_document()

    def visit(self, index: int) -> None:
        """Stops, chooses a keyframe and goes there."""
        self.player.pause()
        self.editor.visit(index)

    def copy(self) -> None:
        """Puts the picture on the clipboard, and the walk with it."""
        if self.hero.pixels is not None and self.editor.document.keyframes:
            self.keeper.copy(self.hero.pixels, self._envelope())
            self.panel.status.say("The picture is on the clipboard.")

    def save(self) -> None:
        """Asks where to save the picture at the playhead, and saves it with the walk in it."""
        document = self.editor.document
        if self.hero.pixels is not None and document.keyframes:
            name = f"{self.host.facts.model}-walk-{document.frame:05}"
            self.keeper.save(document, self.hero.pixels, self._envelope(), name)

    def open_document(self, document: object) -> None:
        """Goes to a saved walk, as one undo step; says why where it does not fit this model."""
        try:
            opened = _fitted(WalkDocument.from_json(document), self.host.facts, self.editor.space)
        except StudioError as error:
            self.host.studio.notify(error.message, error.remedy, level="warn")
            return
        self.editor.edit(opened, "Open an edit")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        typing = isinstance(self.focusWidget(), QLineEdit)
        action = self._keys.get((modifiers, Qt.Key(event.key())))
        if event.key() == Qt.Key.Key_Escape and not self.timeline.hasFocus():
            self.timeline.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action is None or (typing and modifiers in (PLAIN, SHIFT)) or action() is False:
            event.ignore()

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
        self.host.set_showing(True)
        self.thumbnails.show_keyframes(self.editor.document.keyframes)
        self.ahead.follow()
        self._show_frame()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.player.pause()
        self.thumbnails.stop()
        self.ahead.stop()
        self.host.set_showing(False)

    def _lay_out(self) -> None:
        actions = (
            ("Make me one", self.editor.begin),
            ("Add a picture", self.editor.add_random),
            ("From latent", self._offer),
        )
        self.empty = EmptyState("No walk yet", EMPTY, actions)
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        hint = DimLabel(HINT)
        hint.setWordWrap(False)
        stage = QWidget()
        below = column(spacing=8)
        below.addWidget(self.hero, 1)
        below.addWidget(self.transport)
        below.addWidget(self.timeline)
        below.addWidget(hint)
        stage.setLayout(below)
        self._stack = QStackedWidget()
        self._stack.addWidget(stage)
        self._stack.addWidget(self.empty)
        left = row(self._stack)
        left.setContentsMargins(16, 4, 16, 12)
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
        self.panel.copy.clicked.connect(self.copy)
        self.panel.save.clicked.connect(self.save)
        self.hero.copy_wanted.connect(self.copy)
        self.hero.save_wanted.connect(self.save)
        self.timeline.scrubbed.connect(self.player.pause)
        self.timeline.dropped.connect(self.arrivals.take)
        self.keyframe.latent_wanted.connect(self._offer)
        self.editor.changed.connect(self._show_document)
        self.editor.moved.connect(self._show_frame)
        self.player.playing_changed.connect(lambda _playing: self._show_frame())
        self.ahead.arrived.connect(self._take_ahead)
        self.host.rendered.connect(self._take)
        self.host.document_opened.connect(self.open_document)

    def _offer(self) -> None:
        button = self.keyframe.from_latent
        self.arrivals.offer(button.mapToGlobal(button.rect().bottomLeft()))

    def _show_document(self) -> None:
        keyframes = self.editor.document.keyframes
        self._stack.setCurrentIndex(0 if keyframes else 1)
        self.setFocusProxy(self.timeline if keyframes else self.empty)
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

    def _envelope(self) -> EditEnvelope:
        return self.host.envelope(self.editor.document.to_json())


def _first_document(host: CanvasHost, space: LatentSpace) -> WalkDocument:
    """What was here when the run was last open, or nothing yet."""
    start = WalkDocument(path="slerp" if space.distribution == "normal" else "lerp")
    try:
        return start if host.document is None else _fitted(WalkDocument.from_json(host.document), host.facts, space)
    except StudioError:
        return start


def _fitted(document: WalkDocument, facts: ModelFacts, space: LatentSpace) -> WalkDocument:
    """The walk with classes that the model has, and through z where it has no w.

    Raises:
        StudioError: it was made with a model of another z.
    """
    keyframes = tuple(fitted(one, facts, space) for one in document.keyframes)
    through = document.through if facts.num_ws else "z"
    return replace(document, keyframes=keyframes, through=through)
