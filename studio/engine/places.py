"""Where the device thread lives: a session cannot tell one place from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from studio.engine.vitals import LONG_SECONDS

if TYPE_CHECKING:
    from studio.engine.commands import Command
    from studio.engine.mailbox import EventQueue
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore
    from studio.engine.vitals import Pulse
    from studio.engine.worker import WorkerOptions


@dataclass(frozen=True)
class ProcessOptions:
    """How the engine's process behaves.

    Attributes:
        safe_mode: load the built-in plugins alone.
        heartbeat: seconds of silence, or of a device thread that does nothing, after which it is taken to hang.
        long: seconds that one phase may compute.
        linger: seconds that it waits for another window when it has none and nothing to train.
    """

    safe_mode: bool = False
    heartbeat: float = 30.0
    long: float = LONG_SECONDS
    linger: float = 10.0


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


class PulsingPlace(Place, Protocol):
    """A device thread whose signs of life can be felt."""

    @property
    def pulses(self) -> tuple[Pulse, Pulse]:
        """Those of the device thread and of whoever answers requests beside it."""
        ...


MakePlace = Callable[["PluginHost", "RunStore", "EventQueue", "WorkerOptions"], Place]
