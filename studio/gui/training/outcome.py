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
NOTHING_KEPT = "There is no checkpoint to go on from."


def outcome_words(record: RunRecord, seconds: float) -> tuple[str, str]:
    """What became of a run, and what to do: two sentences, the second empty where nothing needs doing.

    Args:
        record: the run's record.
        seconds: how long it has trained.
    """
    step, steps = count(record.step), count(record.steps)
    kept = f"The checkpoint of step {step} is kept." if record.step else NOTHING_KEPT
    match record.status:
        case RunState.FINISHED if record.origin is not None:
            return f"Trained elsewhere, {counted(record.step, 'step')}." if record.step else "Trained elsewhere.", ""
        case RunState.FINISHED:
            return f"Finished {counted(record.steps, 'step')} in {duration(seconds)}.", ""
        case RunState.FAILED:
            return "Training failed.", f"{record.message} {kept}".strip()
        case RunState.INTERRUPTED:
            return record.message or "This run was interrupted.", kept
        case _ if record.step:
            return f"Stopped at step {step} of {steps}.", ""
        case _:
            return "Stopped before the first checkpoint.", NOTHING_KEPT


def outcome_notice(
    record: RunRecord, seconds: float, play: Callable[[], object], resume: Callable[[], object]
) -> Notice:
    """A notice of how a run ended, with the ways on; without a checkpoint there are none."""
    message, remedy = outcome_words(record, seconds)
    actions: list[Action] = []
    if record.status is not RunState.FINISHED and 0 < record.step < record.steps:
        actions.append(("Resume", resume))
    if record.step:
        actions.append(("Play with it", play))
    return Notice(message, remedy, level=LEVELS.get(record.status, "info"), actions=actions, closable=True)
