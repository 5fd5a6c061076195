"""The two crossings between threads: events out, bounded and with stale pictures left out; requests in, newest wins."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from studio.engine.commands import Begin, Cancel, Render
from studio.engine.events import Event, Progressed, Rendered, RenderFailed, SamplesReady, StepLogged, TaskProgress

Request = Render | Begin | Cancel

MAX_EVENTS = 10_000


class EventQueue:
    """Events on their way to one reader. Never blocks a writer and never grows without bound.

    Of events that replace each other (sample grids, answers to one client, progress of one task) only the newest
    is kept. When nobody drains, every other logged step is dropped first: the run's metrics file has them all.
    """

    def __init__(self) -> None:
        self._events: OrderedDict[Hashable, Event] = OrderedDict()
        self._count = 0
        self._changed = threading.Condition()

    def put(self, event: Event) -> None:
        """Adds an event, from any thread."""
        with self._changed:
            key = _replaces(event)
            self._count += 1
            if key is None:
                self._events[self._count] = event
            else:
                self._events.pop(key, None)
                self._events[key] = event
            if len(self._events) > MAX_EVENTS:
                self._thin_out()
            self._changed.notify_all()

    def drain(self) -> list[Event]:
        """Takes everything out, oldest first."""
        with self._changed:
            events = list(self._events.values())
            self._events.clear()
            return events

    def wait(self, timeout: float | None = None) -> bool:
        """Blocks until there is an event; False on time-out."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._events), timeout)

    def _thin_out(self) -> None:
        logged = [key for key, event in self._events.items() if isinstance(event, StepLogged)]
        for key in logged[::2] or [next(iter(self._events))]:
            del self._events[key]


class RequestBox:
    """Requests on their way to the device: one slot a client, the newest request wins, oldest client first.

    A client's long work has a slot of its own.
    """

    def __init__(self) -> None:
        self._slots: OrderedDict[Hashable, Request] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, request: Request) -> None:
        """Adds a request in place of the client's older one, which keeps its turn."""
        with self._changed:
            self._slots[request.client, isinstance(request, Render)] = request
            self._changed.notify_all()

    def take(self, timeout: float | None = 0.0) -> Request | None:
        """The next request; None when there is none in time, or the box was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._slots or self._closed, timeout)
            if self._closed or not self._slots:
                return None
            return self._slots.popitem(last=False)[1]

    @property
    def closed(self) -> bool:
        """Whether no more requests will be answered."""
        return self._closed

    def close(self) -> None:
        """Drops what is waiting and wakes whoever waits."""
        with self._changed:
            self._closed = True
            self._slots.clear()
            self._changed.notify_all()


def _replaces(event: Event) -> Hashable | None:
    match event:
        case Rendered() | RenderFailed():
            return ("render", event.client)
        case Progressed():
            return ("work", event.client)
        case SamplesReady():
            return ("samples", event.run)
        case TaskProgress():
            return ("task", event.task)
        case _:
            return None
