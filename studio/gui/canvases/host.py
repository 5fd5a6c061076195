"""What a canvas sees of the studio: a model's facts, a way to ask for pictures, its document and its undo stack."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from studio.api.requests import ExactRequest
from studio.edit.documents import EditEnvelope
from studio.engine.events import RunOpened, RunState, SamplesReady, StateChanged, StepLogged
from studio.engine.starters import reference
from studio.gui.canvases.autosave import Autosave
from studio.gui.canvases.channel import PURPOSE, RenderChannel
from studio.gui.canvases.undertaking import Undertaking

if TYPE_CHECKING:
    import numpy as np

    from studio.api.canvas import Document, RenderRequest
    from studio.engine.events import ModelFacts
    from studio.gui.studio import Studio

FRAME_MS = 33
STILL_MS = 120
MOVED_MS = 250
UNDO_LIMIT = 1000


class CanvasHost(QObject):
    """One canvas's door to the studio. It never sees a device, a session or a thread.

    While the run trains and the canvas is on screen, the newest request is asked again and again, as fast as answers
    come but at most 30 times a second, and less often while the weights stand still: the picture follows the weights.

    Args:
        studio: the studio.
        run: the run's folder.
        facts: what is known of its model.
        client: a name for this canvas's requests, unique in the window.
        canvas: the canvas's id.
        document: the document that was on this canvas when the run was last open, JSON-ready.
        keep: where documents are saved; None keeps nothing.

    Attributes:
        studio, run, facts, canvas, document: as given.
        undo_stack: every change of the document is a command on it.
        live: whether the run is training at this moment, so that its weights move.
        step: the step whose weights made the newest picture; 0 before the first.

    Signals:
        rendered(pictures, milliseconds, step): the answer to the newest request answered: uint8 (N, H, W, 3).
        failed(message): the request cannot be answered, in a sentence.
        moved(step): the weights moved; at most four times a second.
        opened_anew(): the engine has opened the run once more, as it does after a crash: what was asked for and has not
            come is lost, and what has come may be of other weights. Ask for all that is shown again.
        live_changed(live): training began or ended.
        document_opened(document): a person opened a picture or a file made on this canvas; show its document.
        edit_wanted(path): a file that was given to this canvas is a saved edit: open it where it was made.
    """

    rendered = Signal(object, float, int)
    failed = Signal(str)
    moved = Signal(int)
    opened_anew = Signal()
    live_changed = Signal(bool)
    document_opened = Signal(object)
    edit_wanted = Signal(object)

    def __init__(
        self,
        studio: Studio,
        run: str,
        facts: ModelFacts,
        client: str,
        *,
        canvas: str = "latent",
        document: Mapping[str, Any] | None = None,
        keep: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.studio = studio
        self.run = run
        self.facts = facts
        self.canvas = canvas
        self.document = document
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.live = _trains(studio.session.status, run)
        self.step = 0
        self._client = client
        self._reference = reference(self.name)
        self._showing = False
        self._request: RenderRequest | None = None
        self._asked = self._told = 0.0
        self._autosave = Autosave(studio, keep, self) if keep is not None else None
        self._losses: list[tuple[Callable[[], bool], str]] = []
        self._keeps = itertools.count(1)
        self._channel = RenderChannel(studio.session, studio.pump, run, client, self)
        self._closed = False
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(self.failed)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._ask)
        self._subscriptions: dict[type[Any], Any] = {
            StateChanged: self._state_changed,
            RunOpened: self._run_opened,
            StepLogged: self._weights_moved,
            SamplesReady: self._weights_moved,
        }
        for kind, callback in self._subscriptions.items():
            studio.pump.subscribe(kind, callback)

    @property
    def name(self) -> str:
        """The run's name."""
        return Path(self.run).name

    @property
    def keeps(self) -> Path | None:
        """The folder where this canvas may keep files of its own; None where nothing is kept."""
        return None if self._autosave is None else self._autosave.path.parent

    def request(self, request: RenderRequest) -> None:
        """Asks for pictures; `rendered` or `failed` follows. Of requests that wait only the newest is answered."""
        self._request = request
        self._ask()

    def withdraw(self) -> None:
        """Asks for nothing until the next request, since there is nothing to show."""
        self._request = None
        self._again.stop()

    def for_keeps(self, document: Document, take: Callable[[np.ndarray | None], None]) -> None:
        """Asks once for the pictures that `ganvas render` makes of a document.

        `take` gets uint8 (N, H, W, 3), or None where they cannot be made. Several askings at a time are each answered.
        """
        channel = self.channel(f"keep-{next(self._keeps)}")

        def answered(pictures: np.ndarray | None) -> None:
            channel.close()
            channel.deleteLater()
            take(pictures)

        channel.rendered.connect(lambda pictures, _milliseconds, _step: answered(pictures))
        channel.failed.connect(lambda _message: answered(None))
        channel.request(ExactRequest(document))

    def channel(self, purpose: str, *, held: bool = False) -> RenderChannel:
        """Another line to the device, for thumbnails and the like; it lives as long as the host, or until deleted.

        Where it is `held`, all its pictures have the weights of the first, until it is closed.
        """
        client = f"{self._client}{PURPOSE}{purpose}"
        made = RenderChannel(self.studio.session, self.studio.pump, self.run, client, self, held=held)
        if self._closed:
            made.close()
        return made

    def undertaking(self, purpose: str) -> Undertaking:
        """A line for long work on the device; it lives as long as the host."""
        made = Undertaking(self.studio.session, self.studio.pump, self.run, f"{self._client}{PURPOSE}{purpose}", self)
        if self._closed:
            made.close()
        return made

    def would_lose(self, under_way: Callable[[], bool], words: str) -> None:
        """Has people asked before the canvas is closed while something is under way: `words` say what is lost."""
        self._losses.append((under_way, words))

    @property
    def loss(self) -> str:
        """What closing the canvas now would lose, in sentences; empty where nothing is under way."""
        return " ".join(words for under_way, words in self._losses if under_way())

    def set_showing(self, showing: bool) -> None:
        """Told by the canvas when it comes on screen and leaves it: nothing is asked for what nobody sees."""
        self._showing = showing
        if showing:
            self._ask()
        else:
            self._again.stop()

    @property
    def up_to_date(self) -> bool:
        """Whether the newest picture is what the newest request asked for."""
        return not self._channel.busy

    @property
    def asking(self) -> bool:
        """Whether a picture is awaited, or will be asked for without anybody doing anything."""
        return self._channel.busy or self._again.isActive()

    def envelope(self, document: Mapping[str, Any], step: int | None = None) -> EditEnvelope:
        """A document with what a saved file says around it; `step` None: that of the newest picture."""
        return EditEnvelope(self.canvas, self._reference, self.step if step is None else step, document)

    def save(self, document: Mapping[str, Any]) -> None:
        """Keeps the document so that the canvas reopens with it; written half a second after the last change."""
        if self._autosave is not None and not self._closed:
            self._autosave.save(self.envelope(document))

    def close(self) -> None:
        """Writes what is unsaved, and asks and hears no more. To be called before the canvas is deleted.

        A line that is asked for after that, by a job that ends between here and there, is closed from the beginning.
        """
        self._closed = True
        self._again.stop()
        self._showing = False
        for channel in self.findChildren(RenderChannel):
            channel.close()
        for undertaking in self.findChildren(Undertaking):
            undertaking.close()
        for kind, callback in self._subscriptions.items():
            self.studio.pump.unsubscribe(kind, callback)
        self._subscriptions = {}
        if self._autosave is not None:
            self._autosave.close()

    def _ask(self) -> None:
        if self._request is not None and self._showing:
            self._again.stop()
            self._asked = time.monotonic()
            self._channel.request(self._request)

    def _take(self, pictures: object, milliseconds: float, step: int) -> None:
        stood_still = step == self.step
        self.step = step
        if self.live and self._showing and not self._channel.busy:
            passed = (time.monotonic() - self._asked) * 1000
            self._again.start(max(0, round((STILL_MS if stood_still else FRAME_MS) - passed)))
        self.rendered.emit(pictures, milliseconds, step)

    def _state_changed(self, changes: Sequence[StateChanged]) -> None:
        self._set_live(_trains(changes[-1], self.run))

    def _run_opened(self, openings: Sequence[RunOpened]) -> None:
        for opened in openings:
            if Path(opened.run) == Path(self.run):
                self._set_live(opened.live and self.studio.session.status.state is not RunState.PAUSED)
                self._ask()
                self.opened_anew.emit()

    def _weights_moved(self, news: Sequence[StepLogged | SamplesReady]) -> None:
        now = time.monotonic()
        latest = news[-1]
        if not self._showing or Path(latest.run) != Path(self.run) or (now - self._told) * 1000 < MOVED_MS:
            return
        self._told = now
        if not self._again.isActive() and not self._channel.busy:
            self._ask()
        self.moved.emit(latest.step)

    def _set_live(self, live: bool) -> None:
        if live == self.live:
            return
        self.live = live
        self._ask()
        self.live_changed.emit(live)


def _trains(status: StateChanged, run: str) -> bool:
    return status.state is RunState.TRAINING and Path(status.run) == Path(run)
