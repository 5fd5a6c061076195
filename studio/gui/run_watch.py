"""What the engine is doing, in words: the one place that turns its events into a state chip and a status line."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from studio.engine.events import (
    CheckpointSaved,
    DeviceReady,
    Rendered,
    RunState,
    StateChanged,
    StepLogged,
    TaskProgress,
)
from studio.gui import words
from studio.gui.canvases.channel import PURPOSE
from studio.gui.event_pump import EventPump

_WORDS = {
    RunState.IDLE: ("Ready", "none"),
    RunState.PREPARING: ("Preparing", "info"),
    RunState.TRAINING: ("Training", "good"),
    RunState.PAUSED: ("Paused", "warn"),
    RunState.STOPPING: ("Stopping · saving a checkpoint", "warn"),
    RunState.STOPPED: ("Stopped", "none"),
    RunState.FINISHED: ("Finished", "good"),
    RunState.FAILED: ("Failed", "bad"),
    RunState.INTERRUPTED: ("Interrupted", "warn"),
}
SHOWN_METRICS = 3


class RunWatch(QObject):
    """Follows the engine.

    Attributes:
        state: the newest state.
        run: the folder of the run that it is about; empty before the first.
        device: what is computed on, for people; empty until torch has loaded.

    Signals:
        state_changed(): the engine entered another state.
        changed(): any of the words may be different.
    """

    state_changed = Signal()
    changed = Signal()

    def __init__(self, pump: EventPump, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState.IDLE
        self.run = ""
        self.device = ""
        self._where = StateChanged(RunState.IDLE)
        self._logged: StepLogged | None = None
        self._task: TaskProgress | None = None
        self._saved_at: float | None = None
        self._milliseconds: float | None = None
        pump.subscribe(DeviceReady, self._on_device)
        pump.subscribe(StateChanged, self._on_state)
        pump.subscribe(TaskProgress, self._on_task)
        pump.subscribe(StepLogged, self._on_logged)
        pump.subscribe(CheckpointSaved, self._on_saved)
        pump.subscribe(Rendered, self._on_rendered)

    @property
    def level(self) -> str:
        """The state chip's level."""
        return _WORDS[self.state][1]

    def sentence(self) -> str:
        """The state in words: `Training · step 12,400 of 25,000 · 31 img/s · 7 min left`."""
        if not self.device and not self.state.busy:
            return "Loading PyTorch"
        if self.state is RunState.PREPARING and self._task is not None:
            return " · ".join(self._preparing(self._task))
        return " · ".join([_WORDS[self.state][0], *self._progress()])

    def checkpoint(self) -> str:
        """When the last checkpoint was saved; empty before the first."""
        if self._saved_at is None:
            return ""
        return f"Checkpoint saved {words.ago(time.monotonic() - self._saved_at)}"

    def metrics(self) -> str:
        """The newest numbers that were plotted."""
        if self._logged is None:
            return ""
        losses = {name: value for name, value in self._logged.metrics.items() if name.startswith("loss/")}
        shown = list((losses or self._logged.metrics).items())[:SHOWN_METRICS]
        return "   ".join(f"{name.removeprefix('loss/')} {value:.2f}" for name, value in shown)

    def latency(self) -> str:
        """How long the last picture took from the asking to the answer."""
        return "" if self._milliseconds is None else f"{self._milliseconds:.0f} ms a picture"

    def _progress(self) -> list[str]:
        if self.state is RunState.FINISHED:
            return [words.counted(self._where.steps or self._where.step, "step")]
        if self.state in (RunState.IDLE, RunState.STOPPING) or not self._where.steps:
            return []
        logged = self._logged if self._logged and self._logged.run == self.run else None
        step = max(self._where.step, logged.step if logged else 0)
        parts = [f"step {words.count(step)} of {words.count(self._where.steps)}"]
        if logged and self.state is RunState.TRAINING:
            parts.append(words.rate(logged.images_per_second))
            if logged.seconds_left is not None:
                parts.append(words.left(logged.seconds_left))
        return parts

    def _preparing(self, task: TaskProgress) -> list[str]:
        done = words.count(task.done)
        return [task.task, f"{done} of {words.count(task.total)}" if task.total else done]

    def _on_device(self, events: Sequence[DeviceReady]) -> None:
        self.device = events[-1].name
        self.changed.emit()

    def _on_state(self, events: Sequence[StateChanged]) -> None:
        newest = events[-1]
        if newest.run != self.run:
            self._logged = self._saved_at = None
        if newest.state is not RunState.PREPARING:
            self._task = None
        self.state, self.run, self._where = newest.state, newest.run or self.run, newest
        self.state_changed.emit()
        self.changed.emit()

    def _on_task(self, events: Sequence[TaskProgress]) -> None:
        self._task = events[-1]
        self.changed.emit()

    def _on_logged(self, events: Sequence[StepLogged]) -> None:
        self._logged = events[-1]
        self.changed.emit()

    def _on_saved(self, _events: Sequence[CheckpointSaved]) -> None:
        self._saved_at = time.monotonic()
        self.changed.emit()

    def _on_rendered(self, events: Sequence[Rendered]) -> None:
        """A canvas's picture counts; its thumbnails, many at a time, have a line of their own."""
        big = [event for event in events if PURPOSE not in event.client]
        if big:
            self._milliseconds = big[-1].milliseconds
            self.changed.emit()
