"""Answers to what canvases ask for, on whichever thread owns or shares the device."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.api.canvas import Progress
from studio.api.errors import StudioError
from studio.api.requests import ExactRequest
from studio.engine import commands
from studio.engine.events import Event, Progressed, Rendered, RenderFailed
from studio.engine.vitals import Pulse

if TYPE_CHECKING:
    from studio.engine.mailbox import EventQueue, RequestBox
    from studio.engine.player import Player

NOT_OPEN = "This run is not open."


@dataclass
class _Work:
    """Long work under way: who wished for it, the step of its weights, what is left of it and how far it is."""

    wish: commands.Begin
    step: int
    rest: Iterator[Progress]
    reached: Progress

    def told(self, *, finished: bool) -> Progressed:
        return Progressed(self.wish.client, self.wish.serial, self.step, self.reached, finished)


class RequestServer:
    """Answers requests and carries long work on, one step of each between two answers. Lives on one thread.

    For clients whose pictures belong together it holds a copy of the networks, until they cancel.

    Args:
        box: where requests arrive.
        events: where answers go.
        find: the player of an open run, by the run's folder.

    Attributes:
        pulse: signs of life of a thread that does nothing else; one that does has its own.
    """

    def __init__(self, box: RequestBox, events: EventQueue, find: Callable[[str], Player | None]) -> None:
        self._box = box
        self._events = events
        self._find = find
        self._work: dict[str, _Work] = {}
        self._held: dict[str, Player] = {}
        self.pulse = Pulse()

    @property
    def busy(self) -> bool:
        """Whether long work is under way."""
        return bool(self._work)

    def serve(self, timeout: float | None = 0.0) -> None:
        """Answers whatever waits, then takes every long work one step further.

        Where there is neither, it waits for a request: at most `timeout` seconds, None for ever.
        """
        with self.pulse.rest():
            request = self._box.take(0.0 if self.busy else timeout)
        while request:
            self._take(request)
            self.pulse.beat()
            request = self._box.take()
        for client in tuple(self._work):
            self._advance(client)
            self.pulse.beat()

    def close(self) -> None:
        """Leaves all work."""
        for client in tuple(self._work):
            self._leave(client)
        self._held.clear()

    def _take(self, request: commands.Render | commands.Begin | commands.Cancel) -> None:
        match request:
            case commands.Render():
                self._events.put(self._answer(request))
            case commands.Begin():
                self._leave(request.client)
                self._begin(request)
            case commands.Cancel():
                self._leave(request.client)
                self._held.pop(request.client, None)

    def _answer(self, wish: commands.Render) -> Event:
        try:
            player = self._player(wish)
            if player is None:
                return RenderFailed(wish.client, wish.serial, NOT_OPEN)
            step = player.step_now()
            pictures = player.render(wish.request)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's bug must not end the thread
            return _failure(wish, error)
        return Rendered(wish.client, wish.serial, pictures, (time.monotonic() - wish.asked) * 1000, step)

    def _player(self, wish: commands.Render) -> Player | None:
        """Who answers: for pictures worth keeping a copy, for held ones even where the run has been closed since."""
        if not wish.held:
            found = self._find(wish.run)
            return found.held() if found is not None and isinstance(wish.request, ExactRequest) else found
        if wish.client not in self._held and (found := self._find(wish.run)) is not None:
            self._held[wish.client] = found.held()
        return self._held.get(wish.client)

    def _begin(self, wish: commands.Begin) -> None:
        found = self._find(wish.run)
        if found is None:
            self._events.put(RenderFailed(wish.client, wish.serial, NOT_OPEN))
            return
        try:
            player = found.copied()
            rest = player.undertake(wish.request)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            self._events.put(_failure(wish, error))
            return
        self._work[wish.client] = _Work(wish, player.step_now(), rest, Progress(0, 0))

    def _advance(self, client: str) -> None:
        work = self._work[client]
        try:
            work.reached = next(work.rest)
            self._events.put(work.told(finished=False))
        except StopIteration:
            del self._work[client]
            self._events.put(work.told(finished=True))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            del self._work[client]
            self._events.put(_failure(work.wish, error))

    def _leave(self, client: str) -> None:
        work = self._work.pop(client, None)
        if work is not None and isinstance(work.rest, Generator):
            work.rest.close()


def _failure(wish: commands.Render | commands.Begin, error: BaseException) -> RenderFailed:
    if isinstance(error, StudioError):
        return RenderFailed(wish.client, wish.serial, str(error))
    detail = "".join(traceback.format_exception(error))
    return RenderFailed(wish.client, wish.serial, f"The model could not render: {error}", detail)
