"""How a run ended, in words, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.engine.events import RunState
from studio.gui.training.figures import duration
from studio.gui.widgets.notice import Action, Notice
from studio.gui.words import count, counted

if TYPE_CHECKING:
    from studio.engine.runs import RunRecord

LEVELS = {RunState.FINISHED: "good", RunState.FAILED: "bad", RunState.INTERRUPTED: "warn"}


def outcome_words(record: RunRecord, seconds: float) -> tuple[str, str]:
    """What became of a run, and what to do: two sentences, the second empty where nothing needs doing.

    Args:
        record: the run's record.
        seconds: how long it has trained.
    """
    step, steps = count(record.step), count(record.steps)
    match record.status:
        case RunState.FINISHED:
            return f"Finished {counted(record.steps, 'step')} in {duration(seconds)}.", ""
        case RunState.FAILED:
            return f"Training failed at step {step} of {steps}.", record.message
        case RunState.INTERRUPTED:
            near = f"This run was interrupted near step {step} of {steps}."
            remedy = f"It goes on from the checkpoint of step {step}." if record.step else "It has no checkpoint yet."
            return record.message or near, remedy
        case _:
            return f"Stopped at step {step} of {steps}.", ""


def outcome_notice(
    record: RunRecord, seconds: float, play: Callable[[], object], resume: Callable[[], object]
) -> Notice:
    """A notice of how a run ended, with the ways on."""
    message, remedy = outcome_words(record, seconds)
    actions: list[Action] = []
    if record.status is not RunState.FINISHED and record.step < record.steps:
        actions.append(("Resume", resume))
    actions.append(("Play with it", play))
    return Notice(message, remedy, level=LEVELS.get(record.status, "info"), actions=actions, closable=True)
