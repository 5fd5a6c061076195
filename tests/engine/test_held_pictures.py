"""Pictures that belong together: of one set of weights, whatever training does meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.engine.commands import TrainPlan
from studio.engine.events import Event, Rendered, RenderFailed, RunOpened, StepLogged
from studio.engine.previews import SeedsRequest
from studio.engine.serving import NOT_OPEN
from tests.engine.conftest import Watcher

Plan = Callable[..., TrainPlan]


@pytest.fixture
def run(watcher: Watcher, plan: Plan) -> str:
    """A run in training."""
    watcher.session.train(plan(steps=1_000_000, lr=0.05))
    opened = watcher.until_kind(RunOpened)
    watcher.until_kind(StepLogged)
    return opened.run


def ask(watcher: Watcher, run: str, client: str, *, held: bool) -> Rendered:
    serial = watcher.session.render(client, run, SeedsRequest(0, 4), held=held)

    def answers(event: Event) -> bool:
        return isinstance(event, (Rendered, RenderFailed)) and event.serial == serial

    answer = watcher.until(answers)
    assert isinstance(answer, Rendered), answer
    return answer


def train_on(watcher: Watcher, since: int) -> None:
    watcher.until(lambda event: isinstance(event, StepLogged) and event.step > since + 20)


def test_held_pictures_are_of_the_weights_of_the_first(watcher: Watcher, run: str) -> None:
    first = ask(watcher, run, "film", held=True)
    train_on(watcher, first.step)
    second = ask(watcher, run, "film", held=True)
    assert second.step == first.step
    assert np.array_equal(second.pictures, first.pictures)
    live = ask(watcher, run, "film", held=False)
    assert live.step > first.step
    assert not np.array_equal(live.pictures, first.pictures)


def test_who_cancels_has_newer_weights_next_time_and_others_keep_theirs(watcher: Watcher, run: str) -> None:
    first = ask(watcher, run, "film", held=True)
    other = ask(watcher, run, "other", held=True)
    train_on(watcher, other.step)
    watcher.session.cancel("film")
    assert ask(watcher, run, "film", held=True).step > first.step
    assert ask(watcher, run, "other", held=True).step == other.step


def test_a_run_that_is_not_open_has_none_to_hold(watcher: Watcher) -> None:
    serial = watcher.session.render("film", "/no/such/run", SeedsRequest(0, 1), held=True)
    failed = watcher.until_kind(RenderFailed)
    assert (failed.serial, failed.message) == (serial, NOT_OPEN)
