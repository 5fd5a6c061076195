"""One client's long work on the device: begun, told of, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.engine.events import Progressed, RenderFailed

if TYPE_CHECKING:
    from studio.api.canvas import LongRequest
    from studio.engine.session import TrainingSession
    from studio.gui.event_pump import EventPump


class Undertaking(QObject):
    """Long work with a run's networks, one at a time: a new one replaces the one before.

    Attributes:
        busy: whether there is work under way.

    Signals:
        progressed(progress): a `Progress`: how far it is, and what it has so far.
        finished(progress): the last of it.
        failed(message): it cannot be done, in a sentence.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(
        self, session: TrainingSession, pump: EventPump, run: str, client: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pump = pump
        self._run = run
        self._client = client
        self._serial: int | None = None
        self._open = True
        pump.subscribe(Progressed, self._take)
        pump.subscribe(RenderFailed, self._take_failure)

    @property
    def busy(self) -> bool:
        """Whether there is work under way."""
        return self._serial is not None

    def begin(self, request: LongRequest) -> None:
        """Begins, in place of what is under way; where it was closed, nothing."""
        if self._open:
            self._serial = self._session.begin(self._client, self._run, request)

    def cancel(self) -> None:
        """Leaves what is under way; no signal follows."""
        if self._serial is not None:
            self._serial = None
            self._session.cancel(self._client)

    def close(self) -> None:
        """Cancels, and hears no more. Closing it again does nothing."""
        self.cancel()
        if self._open:
            self._open = False
            self._pump.unsubscribe(Progressed, self._take)
            self._pump.unsubscribe(RenderFailed, self._take_failure)

    def _take(self, news: Sequence[Progressed]) -> None:
        for event in news:
            if event.client != self._client or event.serial != self._serial:
                continue
            if event.finished:
                self._serial = None
                self.finished.emit(event.progress)
            else:
                self.progressed.emit(event.progress)

    def _take_failure(self, failures: Sequence[RenderFailed]) -> None:
        for failure in failures:
            if failure.client == self._client and failure.serial == self._serial:
                self._serial = None
                self.failed.emit(failure.message)
