"""What becomes of a run when the process that trained it has ended, and what is said about it."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from pathlib import Path

from studio.api.errors import StudioError
from studio.engine.commands import OpenRun
from studio.engine.events import Event, Failed, RunState, StateChanged
from studio.engine.runs import Run
from studio.engine.standing import Standing

log = logging.getLogger(__name__)

WHILE = {
    RunState.PREPARING: "while it prepared to train",
    RunState.TRAINING: "while training at step {step:,}",
    RunState.PAUSED: "while the run was paused at step {step:,}",
    RunState.STOPPING: "while it saved step {step:,}",
}


def after_a_crash(standing: Standing, how: str, detail: str) -> list[Event]:
    """Marks the run that was busy as interrupted, with the cause, and returns what should be told.

    Args:
        standing: what held last.
        how: how the process ended: `was ended by signal 11 (a crash in native code)`.
        detail: the end of its log.
    """
    status = standing.status
    if not status.state.busy:
        return [Failed(f"The engine {how}.", "It starts again by itself; nothing is lost.", detail)]
    sentence = f"The engine {how} {WHILE[status.state].format(step=status.step)}."
    if not status.run:
        return [StateChanged(RunState.FAILED), Failed(sentence, "Try again; the detail has the engine's log.", detail)]
    saved = _mark(Path(status.run), sentence)
    if saved is None:
        return [replace(status, state=RunState.FAILED), Failed(sentence, "No checkpoint was made yet.", detail)]
    remedy = f"Resume goes on from the checkpoint of step {saved:,}."
    return [replace(status, state=RunState.INTERRUPTED, step=saved), Failed(sentence, remedy, detail)]


def to_reopen(standing: Standing) -> list[OpenRun]:
    """What opens the same runs again, as far as they are on disk."""
    wishes = []
    for opened in standing.opened.values():
        with contextlib.suppress(StudioError, OSError):
            steps = [checkpoint.step for checkpoint in Run.load(Path(opened.run)).checkpoints.all()]
            if steps:
                wishes.append(OpenRun(opened.run, opened.step if opened.step in steps and not opened.live else None))
    return wishes


def _mark(folder: Path, sentence: str) -> int | None:
    """Writes on the run how it ended; the step of its newest checkpoint, None where there is none."""
    try:
        run = Run.load(folder)
        saved = max((checkpoint.step for checkpoint in run.checkpoints.all()), default=None)
        if not run.owned_by_another():
            state = RunState.FAILED if saved is None else RunState.INTERRUPTED
            run.update(status=state, step=saved or 0, message=sentence)
            run.note(sentence)
    except (StudioError, OSError):
        log.warning("The run in %s could not be marked.", folder, exc_info=True)
        return None
    return saved
