"""Where the device thread lives: a session cannot tell one place from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from studio.engine.commands import Command
    from studio.engine.mailbox import EventQueue
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore
    from studio.engine.worker import WorkerOptions


class Place(Protocol):
    """A device thread somewhere: `DeviceWorker` in this process, `EngineProcess` in one of its own.

    What happens goes to the event queue that the place was made with.
    """

    def start(self) -> None:
        """Starts the device thread; returns at once."""
        ...

    def submit(self, command: Command) -> None:
        """Hands a command over, from any thread; returns at once."""
        ...

    def join(self, timeout: float | None = None) -> bool:
        """Waits for the device thread to end; False if it did not in time."""
        ...


MakePlace = Callable[["PluginHost", "RunStore", "EventQueue", "WorkerOptions"], Place]
