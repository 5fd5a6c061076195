"""The handle that the window, the command line and tests hold: ask for things, drain what happened."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio.engine import commands
from studio.engine.events import Event, RunState, StateChanged
from studio.engine.mailbox import EventQueue
from studio.engine.worker import DeviceWorker, WorkerOptions

if TYPE_CHECKING:
    from studio.api.canvas import LongRequest, RenderRequest
    from studio.engine.places import MakePlace
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore


class TrainingSession:
    """Start, pause, stop, change and watch training, and ask for pictures. No call blocks but `close` and `wait`.

    Everything is answered by events. Users drain them from one thread of their own: `drain` returns what has happened
    since the last time, in order, with superseded pictures left out.
    """

    def __init__(
        self,
        host: PluginHost,
        store: RunStore,
        options: WorkerOptions | None = None,
        place: MakePlace = DeviceWorker,
    ) -> None:
        """A session whose device thread lives in a `place`: in this process unless another is named."""
        self._events = EventQueue()
        self._serials = itertools.count(1)
        self._lock = threading.Lock()
        self._status = StateChanged(RunState.IDLE)
        self._worker = place(host, store, self._events, options or WorkerOptions())

    @property
    def status(self) -> StateChanged:
        """The newest state that was drained."""
        return self._status

    def start(self) -> None:
        """Starts the device thread, which loads torch and chooses a device."""
        self._worker.start()

    def train(self, plan: commands.TrainPlan) -> None:
        """Trains from the beginning. Refused with a `Failed` event while another run is busy."""
        self._worker.submit(plan)

    def resume(
        self,
        run: str,
        steps: int | None = None,
        device: str = "auto",
        changes: Mapping[str, Any] | None = None,
        data: str = "",
    ) -> None:
        """Goes on with a run from its newest good checkpoint, with `changes` of live hyperparameters."""
        self._worker.submit(commands.ResumeRun(run, steps, device, dict(changes or {}), data))

    def open(self, run: str, step: int | None = None, device: str = "auto") -> None:
        """Loads a run to play with; `RunOpened` follows."""
        self._worker.submit(commands.OpenRun(run, step, device))

    def pause(self) -> None:
        """Holds training after the step in progress, with a checkpoint."""
        self._worker.submit(commands.Pause())

    def proceed(self) -> None:
        """Goes on after a pause."""
        self._worker.submit(commands.Proceed())

    def stop(self) -> None:
        """Ends training after the step in progress, with a checkpoint."""
        self._worker.submit(commands.Stop())

    def set_hyperparameter(self, name: str, value: Any) -> None:
        """Changes a live hyperparameter; `HyperparameterChanged` or `Failed` follows."""
        self._worker.submit(commands.SetHyperparameter(name, value))

    def render(self, client: str, run: str, request: RenderRequest, *, held: bool = False) -> int:
        """Asks for pictures of `run` and returns the serial. A client's older unanswered request is dropped.

        Where they are `held`, all have the weights of the client's first such request, until it cancels.
        """
        serial = next(self._serials)
        self._worker.submit(commands.Render(client, serial, run, request, time.monotonic(), held))
        return serial

    def begin(self, client: str, run: str, request: LongRequest) -> int:
        """Begins long work with `run`, in place of the client's older work, and returns the serial.

        `Progressed` events follow, the last of them `finished`, or `RenderFailed`.
        """
        serial = next(self._serials)
        self._worker.submit(commands.Begin(client, serial, run, request))
        return serial

    def cancel(self, client: str) -> None:
        """Leaves a client's long work and the weights held for it. A `Progressed` on its way may still arrive."""
        self._worker.submit(commands.Cancel(client))

    def drain(self) -> list[Event]:
        """What has happened since the last call, oldest first."""
        events = self._events.drain()
        for event in events:
            if isinstance(event, StateChanged):
                self._status = event
        return events

    def wait(self, timeout: float | None = None) -> bool:
        """Blocks until there is something to drain, for users without an event loop; False on time-out."""
        return self._events.wait(timeout)

    def close(self, timeout: float = 60.0) -> bool:
        """Stops training with a checkpoint and ends the device thread; False if it did not end in time."""
        self._worker.submit(commands.Close())
        return self._worker.join(timeout)
