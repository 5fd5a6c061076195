"""Frames of a walk, rendered ahead and remembered: what was computed once plays at full rate on any device."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from studio.edit.walk import WalkDocument
from studio.edit.walk_request import StyleFrames, ZFrames
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.walk_editor import WalkEditor

MOST_BYTES = 2**28
REST_MS = 300
SWEEP = 40


class FramesAhead(QObject):
    """Asks for one frame at a time: the one at the playhead, then those after it that are missing.

    It rests while the run trains, as its weights make every frame stale at once, and while `busy` says that something
    more important is under way.

    Signals:
        arrived(pixels): the picture that the playhead asked for is there.
        changed(): other frames are ready.
    """

    arrived = Signal(object)
    changed = Signal()

    def __init__(
        self, editor: WalkEditor, host: CanvasHost, busy: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._host = host
        self._busy = busy
        self._pictures: dict[bytes, np.ndarray] = {}
        self._bytes = 0
        self._step = -1
        self._asked: tuple[bytes, int, bool] | None = None
        self._now: tuple[bytes, ZFrames | StyleFrames] | None = None
        self._ready = bytearray()
        self._swept = self._first = 0
        self._film = WalkDocument()
        self._channel = host.channel("ahead")
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(lambda _message: self._give_up())
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._go_on)
        host.rendered.connect(lambda _pictures, _milliseconds, step: self._note_step(step))
        editor.changed.connect(self.follow)

    @property
    def ready(self) -> bytes:
        """A 1 for each frame of the film that is known to be ready."""
        return bytes(self._ready)

    def picture(self, request: ZFrames | StyleFrames) -> np.ndarray | None:
        """The picture, uint8 (H, W, 3), of a request for one; None where it is not there."""
        return None if self._host.live else self._pictures.get(request.key())

    def ask(self, request: ZFrames | StyleFrames) -> None:
        """Asks for a picture before all others; `arrived` follows, unless the next asking comes first."""
        self._now = (request.key(), request)
        self._pump()

    def follow(self) -> None:
        """Begins anew, in a moment, where the walk is another one."""
        film = self._editor.document.at(0)
        if film != self._film:
            self._film = film
            self._begin()
        if not self._rest.isActive():
            self._rest.start(REST_MS)

    def stop(self) -> None:
        """Asks no more until it is told to follow again."""
        self._now = None
        self._rest.stop()

    def _begin(self) -> None:
        self._ready = bytearray(self._film.frame_count)
        self._swept, self._first = 0, self._editor.document.frame
        self.changed.emit()

    def _go_on(self) -> None:
        if self._host.live:
            return
        if self._busy() or not self._host.up_to_date:
            self._rest.start(REST_MS)
            return
        self._pump()

    def _pump(self) -> None:
        """Asks for what is wanted most, if nothing is on its way."""
        if self._asked is not None or self._host.live:
            return
        if self._now is not None:
            (look, request), self._now = self._now, None
            self._send(look, -1, request, now=True)
        elif not self._busy():
            self._sweep()

    def _sweep(self) -> None:
        """Looks for a frame that is missing, a few at a time."""
        count = min(len(self._ready), self._room())
        for _ in range(SWEEP):
            if self._swept >= count:
                return
            frame = (self._first + self._swept) % len(self._ready)
            request = self._film.frames(self._editor.space, [frame / self._film.fps])
            look = request.key()
            if look not in self._pictures:
                self._send(look, frame, request, now=False)
                return
            self._ready[frame] = 1
            self._swept += 1
        self.changed.emit()
        self._rest.start(0)

    def _send(self, look: bytes, frame: int, request: ZFrames | StyleFrames, *, now: bool) -> None:
        self._asked = (look, frame, now)
        self._channel.request(request)

    def _take(self, pictures: np.ndarray, _milliseconds: float, step: int) -> None:
        self._note_step(step)
        assert self._asked is not None
        (look, frame, now), self._asked = self._asked, None
        self._remember(look, pictures[0])
        if now:
            self.arrived.emit(pictures[0])
        elif self._swept < len(self._ready) and frame == (self._first + self._swept) % len(self._ready):
            self._ready[frame] = 1
            self._swept += 1
            self.changed.emit()
        if self._now is not None:
            self._pump()
        elif not self._rest.isActive():
            self._rest.start(0)

    def _give_up(self) -> None:
        self._asked = None

    def _remember(self, look: bytes, picture: np.ndarray) -> None:
        self._bytes += picture.nbytes - (self._pictures.pop(look).nbytes if look in self._pictures else 0)
        self._pictures[look] = picture
        while self._bytes > MOST_BYTES:
            self._bytes -= self._pictures.pop(next(iter(self._pictures))).nbytes

    def _room(self) -> int:
        """How many frames can be remembered at a time."""
        return MOST_BYTES // (3 * self._host.facts.resolution**2)

    def _note_step(self, step: int) -> None:
        """Pictures of other weights are no use."""
        if step != self._step:
            self._step = step
            self._pictures.clear()
            self._bytes = 0
            self._begin()
