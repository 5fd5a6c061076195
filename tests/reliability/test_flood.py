"""A flood of events that nobody drains: memory stays bounded, and what a person must know is still in there."""

from __future__ import annotations

import numpy as np

from studio.engine.events import CheckpointSaved, Noticed, RunState, SamplesReady, StateChanged, StepLogged
from studio.engine.mailbox import MAX_EVENTS, EventQueue
from tests.reliability.memory import needs_proc, resident_megabytes

FLOOD = 80_000
MOST_MEGABYTES = 50.0


@needs_proc
def test_eighty_thousand_events_cost_less_than_fifty_megabytes() -> None:
    queue = EventQueue()
    before = resident_megabytes()
    queue.put(StateChanged(RunState.TRAINING, "r", "toy", 0, FLOOD))
    for step in range(FLOOD):
        metrics = {"loss/D": step * 0.5, "loss/G": step * 0.25, "D/real": float(step), "D/fake": -float(step)}
        queue.put(StepLogged("r", step, step * 64, step * 0.1, metrics, 31.2, 420.0))
        if step % 100 == 0:
            queue.put(SamplesReady("r", step, 0, np.full((48, 64, 64, 3), step % 256, np.uint8)))
            queue.put(CheckpointSaved("r", step, f"/runs/r/step-{step}", 0.1))
    queue.put(Noticed("A damaged checkpoint was passed over."))
    queue.put(StateChanged(RunState.FINISHED, "r", "toy", FLOOD, FLOOD))
    assert resident_megabytes() - before < MOST_MEGABYTES
    left = queue.drain()
    assert len(left) <= MAX_EVENTS
    assert [event.state for event in left if isinstance(event, StateChanged)] == [RunState.TRAINING, RunState.FINISHED]
    assert [event.step for event in left if isinstance(event, SamplesReady)] == [FLOOD - 100]
    assert len([event for event in left if isinstance(event, CheckpointSaved)]) == FLOOD // 100
    steps = [event.step for event in left if isinstance(event, StepLogged)]
    assert steps == sorted(steps)
    assert steps[-1] == FLOOD - 1
    assert isinstance(left[-2], Noticed)
