"""Follows a run in training from its events to its end, for a person or for a program."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli.output import HOW_TO_REPORT
from studio.engine.events import (
    CheckpointSaved,
    Event,
    Failed,
    HyperparameterChanged,
    Noticed,
    RunState,
    StateChanged,
    StepLogged,
    TaskProgress,
)
from studio.engine.failures import resume_command

if TYPE_CHECKING:
    from studio.cli.interrupts import Interrupts
    from studio.cli.output import Output
    from studio.cli.progress import Progress
    from studio.engine.runs import RunStore
    from studio.engine.session import TrainingSession

MENDABLE, BUG = 2, 1
POLL_SECONDS = 0.2
RETRY_SECONDS = 30.0


class Follower:
    """Tells what happens to a run, and knows with which exit code it ended."""

    def __init__(self, store: RunStore, out: Output, progress: Progress, interrupts: Interrupts) -> None:
        self._store = store
        self._out = out
        self._progress = progress
        self._interrupts = interrupts
        self._run = ""
        self._steps = 0
        self._kept = 0
        self._changes: Mapping[str, Any] = {}
        self._code: int | None = None
        self._stopping = False
        self._ending = False
        self._held = False
        self._again_at: float | None = None

    def follow(self, session: TrainingSession) -> int:
        """Waits for the end, stopping the run when a signal asks for it, and returns the exit code."""
        while self._code is None:
            if self._interrupts.received and not self._stopping:
                self._stopping = True
                self._out.note("Stopping after the step in progress. Ctrl-C again leaves at once.")
                session.stop()
            elif self._again_at is not None and not self._stopping and time.monotonic() >= self._again_at:
                self._again_at = None
                session.proceed()
            session.wait(POLL_SECONDS)
            self._take(session)
        session.close()
        self._take(session)  # a checkpoint may have been on its way when the run failed
        if self._code in (BUG, MENDABLE) and self._kept and Path(self._run).is_dir():
            self._out.note(f"The checkpoint of step {self._kept} is kept. Go on with: {self._way_on}")
        if self._code == BUG:
            self._out.note(HOW_TO_REPORT)
        return self._code

    def _take(self, session: TrainingSession) -> None:
        for event in session.drain():
            self._tell(event)

    def _tell(self, event: Event) -> None:
        match event:
            case TaskProgress(task, done, total):
                self._progress.show(task, done, total)
                self._out.object(event="progress", task=task, done=done, total=total)
            case StateChanged():
                self._enter(event)
            case StepLogged():
                self._log(event)
            case CheckpointSaved(_, step, path, _):
                self._kept, self._held = step, False
                self._out.object(event="checkpoint", step=step, path=path)
            case HyperparameterChanged(_, step, name, old, new):
                self._out.object(event="hyperparameter", step=step, name=name, old=old, new=new)
            case Noticed(message):
                self._out.object(event="notice", message=message)
                self._out.note(message)
            case Failed(held=True) if not (self._stopping and self._ending):
                self._hold(event)
            case Failed() if self._code is None:
                self._fail(event)
            case _:
                pass

    def _enter(self, event: StateChanged) -> None:
        match event.state:
            case RunState.TRAINING if not self._run:
                self._run, self._steps, self._kept = event.run, event.steps, event.step
                self._out.object(event="started", run=event.run, model=event.model, step=event.step, steps=event.steps)
                self._out.say(f"Training {event.model} for {_steps(event.steps)} in {event.run}")
            case RunState.STOPPING:
                self._ending = True
            case RunState.FINISHED:
                self._out.object(event="finished", run=event.run, steps=event.step)
                self._end(0, f"Finished {_steps(event.step)}. See the run with: ganvas show {self._name}")
            case RunState.STOPPED:
                self._out.object(event="stopped", run=event.run, step=event.step)
                self._end(self._interrupts.exit_code, self._stopped(event.step))
            case RunState.IDLE:
                self._out.object(event="stopped", run="", step=0)
                self._end(self._interrupts.exit_code, "Stopped before training began. Nothing was kept.")
            case _:
                pass

    def _stopped(self, step: int) -> str:
        if step == 0:
            return "Stopped before the first step. There is nothing to resume."
        return f"Stopped at step {step}. Go on with: ganvas resume {self._name}"

    def _log(self, event: StepLogged) -> None:
        self._out.object(
            event="step",
            step=event.step,
            metrics=event.metrics,
            images=event.images,
            elapsed=event.elapsed,
            images_per_second=event.images_per_second,
            seconds_left=event.seconds_left,
        )
        self._progress.show("Training", event.step, self._steps, _remark(event))

    def _hold(self, event: Failed) -> None:
        """A full disk: waits for room, however long that takes, and says so once until a checkpoint is saved again."""
        self._again_at, self._ending = time.monotonic() + RETRY_SECONDS, False
        if not self._held:
            self._held = True
            self._out.object(event="held", run=self._run, message=event.message, remedy=event.remedy)
            self._out.note(f"{event.message} {event.remedy}")
            self._out.note(f"Training is held until there is room: it tries again every {RETRY_SECONDS:.0f} seconds.")

    def _fail(self, event: Failed) -> None:
        if event.rollback:
            self._kept, self._changes = event.rollback.step, event.rollback.changes
        back = {"rollback": {"step": self._kept, "command": self._way_on}} if event.rollback else {}
        self._out.object(event="failed", run=self._run, message=event.message, remedy=event.remedy, **back)
        self._end(BUG if event.detail else MENDABLE)
        if event.detail:
            self._out.note(event.detail)
        self._out.note(f"{event.message} {event.remedy}".rstrip())

    def _end(self, code: int, sentence: str = "") -> None:
        if self._code is None:
            self._code = code
            self._progress.close()
            if sentence:
                self._out.say(sentence)

    @property
    def _way_on(self) -> str:
        folder = Path(self._run)
        return resume_command(folder.name if folder.parent == self._store.folder else self._run, self._changes)

    @property
    def _name(self) -> str:
        folder = Path(self._run)
        return folder.name if folder.parent == self._store.folder else shlex.quote(self._run)


def _remark(event: StepLogged) -> str:
    left = [] if event.seconds_left is None else [f"{duration(event.seconds_left)} left"]
    metrics = [f"{name} {value:.3g}" for name, value in event.metrics.items()]
    return "  ".join([*left, f"{event.images_per_second:,.0f} pictures/s", *metrics])


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


def duration(seconds: float) -> str:
    """A duration as people say it: `40 s`, `3 min`, `2 h 5 min`."""
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
