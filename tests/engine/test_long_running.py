"""What only shows after a while: memory that creeps up, and clocks that jump."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import pytest

from studio.engine.commands import TrainPlan
from studio.engine.events import CheckpointSaved, RunOpened, RunState, StepLogged
from studio.engine.previews import SeedsRequest
from studio.engine.schedule import Interval
from tests.engine.conftest import Watcher
from tests.reliability.memory import needs_proc, resident_megabytes

Plan = Callable[..., TrainPlan]

YEAR = 365 * 24 * 3600.0
SHORT, LONG = (100, 500), (2_000, 20_000)
MOST_MEGABYTES = 4.0
LONGEST_SECONDS = 1_800.0


@needs_proc
@pytest.mark.parametrize(("warm_up", "soak"), [SHORT, pytest.param(*LONG, marks=pytest.mark.slow)])
def test_memory_does_not_creep_up(watcher: Watcher, plan: Plan, warm_up: int, soak: int) -> None:
    """Steps, checkpoints and pictures as fast as they go: a leak of ten kilobytes a step would show, or of one."""
    watcher.session.train(plan(steps=10**7, log_every=1, sample_every=50, checkpoint_every=200))
    run = watcher.until_kind(RunOpened).run
    begun = _soak(watcher, run, warm_up)
    before = resident_megabytes()
    steps = _soak(watcher, run, begun + soak) - begun
    grown = resident_megabytes() - before
    print(f"{grown:.1f} MB in {steps:,} steps")
    watcher.session.stop()
    watcher.until_state(RunState.STOPPED)
    assert grown < MOST_MEGABYTES


def _soak(watcher: Watcher, run: str, until: int) -> int:
    """By steps and not by time: on a busy machine there are few, and a leak would hide."""
    end, step = time.monotonic() + LONGEST_SECONDS, 0
    while step < until:
        assert time.monotonic() < end, f"step {step} of {until}"
        watcher.session.render("canvas", run, SeedsRequest(seed=1, count=4))
        watcher.session.wait(0.05)
        step = max([step, *(event.step for event in watcher.session.drain() if isinstance(event, StepLogged))])
    return step


def test_a_clock_that_jumps_moves_neither_autosave_nor_the_time_left(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, itertools.cycle([0.0, YEAR, -YEAR])
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    watcher.session.train(plan(steps=30))
    watcher.until_state(RunState.FINISHED)
    logged = watcher.of_kind(StepLogged)
    elapsed = [event.elapsed for event in logged]
    assert elapsed == sorted(elapsed)
    assert elapsed[-1] < 60
    assert all(event.seconds_left is None or 0 <= event.seconds_left < 60 for event in logged)
    assert [event.step for event in watcher.of_kind(CheckpointSaved)] == [30]  # ten minutes have not gone by


def test_autosave_is_due_by_the_time_trained_alone() -> None:
    interval = Interval(600.0)
    assert not interval.due(step=5, steps=0, now=599.9)
    assert interval.due(step=5, steps=0, now=600.0)
    interval.done(600.0)
    assert not interval.due(step=6, steps=0, now=601.0)
