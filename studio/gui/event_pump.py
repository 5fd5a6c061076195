"""The only crossing from the engine's threads to Qt: a timer on the GUI thread that drains the engine's queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from studio.engine.events import Event

E = TypeVar("E", bound="Event")

INTERVAL_MS = 30


class EventPump(QObject):
    """Hands events to subscribers, at most one call a subscriber a tick, so that a curve is redrawn once a tick."""

    def __init__(self, drain: Callable[[], list[Event]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drain = drain
        self._subscribers: dict[type[Event], list[Callable[[Sequence[Any]], None]]] = defaultdict(list)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.pump)

    def subscribe(self, kind: type[E], callback: Callable[[Sequence[E]], None]) -> None:
        """Calls `callback` with this tick's events of exactly `kind`, oldest first, whenever there are any."""
        self._subscribers[kind].append(callback)

    def unsubscribe(self, kind: type[E], callback: Callable[[Sequence[E]], None]) -> None:
        """Takes a subscription back; to be called before the subscriber is deleted."""
        self._subscribers[kind].remove(callback)

    def start(self) -> None:
        """Begins to drain every 30 ms."""
        self._timer.start()

    def stop(self) -> None:
        """Stops draining."""
        self._timer.stop()

    def pump(self) -> None:
        """Drains once, now."""
        by_kind: dict[type[Event], list[Event]] = {}
        for event in self._drain():
            by_kind.setdefault(type(event), []).append(event)
        for kind, events in by_kind.items():
            for callback in tuple(self._subscribers[kind]):
                callback(events)
