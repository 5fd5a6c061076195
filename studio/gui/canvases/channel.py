"""One client's requests for pictures: at most one on its way, the newest wish next, stale answers dropped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.engine.events import Rendered, RenderFailed

if TYPE_CHECKING:
    from studio.api.canvas import RenderRequest
    from studio.engine.session import TrainingSession
    from studio.gui.event_pump import EventPump

PATIENCE_SECONDS = 2.0
PURPOSE = ":"  # stands in a client's name before what a line of its own is for


class RenderChannel(QObject):
    """Asks for a run's pictures at the device's own pace; those that are `held` are all of one set of weights.

    While a request is on its way only the newest later wish is remembered, and it is sent when the answer is there: a
    picture then follows the hand as fast as the device can, and no queue builds up. Every answer in turn is shown,
    since each is newer than the one before; one that was overtaken is not.

    Attributes:
        busy: whether an answer is awaited.

    Signals:
        rendered(pictures, milliseconds, step): uint8 (N, H, W, 3), the time from asking to answer, and the step whose
            weights were used.
        failed(message): the request cannot be answered, in a sentence.
    """

    rendered = Signal(object, float, int)
    failed = Signal(str)

    def __init__(
        self,
        session: TrainingSession,
        pump: EventPump,
        run: str,
        client: str,
        parent: QObject | None = None,
        *,
        held: bool = False,
    ) -> None:
        super().__init__(parent)
        self._held = held
        self._session = session
        self._pump = pump
        self._run = run
        self._client = client
        self._wish: RenderRequest | None = None
        self._first: int | None = None
        self._awaited: int | None = None
        self._answered = 0
        self._asked = 0.0
        self._open = True
        pump.subscribe(Rendered, self._take)
        pump.subscribe(RenderFailed, self._take_failure)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited; an answer that never came is given up after two seconds."""
        return self._awaited is not None and time.monotonic() - self._asked < PATIENCE_SECONDS

    def request(self, request: RenderRequest) -> None:
        """Asks for pictures, now or as soon as the answer before is there; nothing where it is closed."""
        if self._open:
            self._wish = request
            if not self.busy:
                self._send()

    def close(self) -> None:
        """Asks and hears no more. Closing it again does nothing."""
        self._wish = None
        if self._open:
            self._open = False
            self._pump.unsubscribe(Rendered, self._take)
            self._pump.unsubscribe(RenderFailed, self._take_failure)
            if self._held and self._first is not None:
                self._session.cancel(self._client)

    def _send(self) -> None:
        request, self._wish = self._wish, None
        if request is None:
            return
        self._asked = time.monotonic()
        self._awaited = self._session.render(self._client, self._run, request, held=self._held)
        if self._first is None:
            self._first = self._awaited

    def _take(self, answers: Sequence[Rendered]) -> None:
        for answer in answers:
            if self._is_news(answer):
                self._send()
                self.rendered.emit(answer.pictures, answer.milliseconds, answer.step)

    def _take_failure(self, failures: Sequence[RenderFailed]) -> None:
        for failure in failures:
            if self._is_news(failure):
                self._send()
                self.failed.emit(failure.message)

    def _is_news(self, answer: Rendered | RenderFailed) -> bool:
        if not self._open or answer.client != self._client or self._first is None:
            return False
        if answer.serial < self._first or answer.serial <= self._answered:
            return False
        self._answered = answer.serial
        if answer.serial == self._awaited:
            self._awaited = None
        return True
