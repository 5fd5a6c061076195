"""Long work on the device: told step by step, beside training and other requests, until it ends or is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from studio.api import GanModel, LatentSampling, Progress, StudioError
from studio.engine.commands import Begin, Cancel, TrainPlan
from studio.engine.events import Progressed, Rendered, RenderFailed, RunOpened, RunState, StepLogged
from studio.engine.mailbox import RequestBox
from studio.engine.previews import SeedsRequest
from tests.engine.conftest import Watcher

Plan = Callable[..., TrainPlan]


@dataclass(frozen=True)
class Descend:
    """Looks for a z whose picture is dark, by its gradient."""

    rounds: int
    fails_at: int = -1

    def steps(self, model: GanModel) -> Iterator[Progress]:
        assert isinstance(model, LatentSampling)
        z = torch.ones(1, 4, requires_grad=True)
        for done in range(self.rounds):
            if done == self.fails_at:
                raise StudioError("There is no way on.", "Turn back.")
            loss = model.sample(z).square().mean() + z.square().mean()
            (slope,) = torch.autograd.grad(loss, z)
            z = (z - 0.1 * slope).detach().requires_grad_()
            yield Progress(done + 1, self.rounds, values={"loss": loss.detach().numpy()})


@pytest.fixture
def opened(watcher: Watcher, plan: Plan) -> RunOpened:
    watcher.session.train(plan(steps=4))
    watcher.session.open(watcher.until_state(RunState.FINISHED).run)
    opened = watcher.until_kind(RunOpened)
    assert isinstance(opened, RunOpened)
    return opened


def test_work_is_told_until_it_is_finished(watcher: Watcher, opened: RunOpened) -> None:
    serial = watcher.session.begin("me", opened.run, Descend(50))
    watcher.until(lambda event: isinstance(event, Progressed) and event.finished)
    told = watcher.of_kind(Progressed)
    assert {(event.client, event.serial, event.step) for event in told} == {("me", serial, 4)}
    assert told[-1].progress.done == told[-1].progress.total == 50
    first, last = (float(event.progress.values["loss"]) for event in (told[0], told[-1]))
    assert last < first or len(told) == 1


def test_pictures_are_answered_between_two_steps_of_work(watcher: Watcher, opened: RunOpened) -> None:
    watcher.session.begin("me", opened.run, Descend(10**9))
    watcher.until_kind(Progressed)
    for seed in range(3):
        watcher.session.render("canvas", opened.run, SeedsRequest(seed, 1))
        watcher.until_kind(Rendered)
    watcher.until_kind(Progressed)


def test_work_that_is_cancelled_is_heard_of_no_more(watcher: Watcher, opened: RunOpened) -> None:
    watcher.session.begin("me", opened.run, Descend(10**9))
    watcher.until_kind(Progressed)
    watcher.session.cancel("me")
    watcher.session.render("canvas", opened.run, SeedsRequest(0, 1))
    watcher.until_kind(Rendered)
    watcher.events.clear()
    watcher.session.render("canvas", opened.run, SeedsRequest(1, 1))
    watcher.until_kind(Rendered)
    assert not watcher.of_kind(Progressed)


def test_new_work_takes_the_place_of_a_clients_older_work(watcher: Watcher, opened: RunOpened) -> None:
    watcher.session.begin("me", opened.run, Descend(10**9))
    watcher.until_kind(Progressed)
    serial = watcher.session.begin("me", opened.run, Descend(3))
    finished = watcher.until(lambda event: isinstance(event, Progressed) and event.finished)
    assert isinstance(finished, Progressed)
    assert finished.serial == serial


def test_work_that_fails_says_so_and_the_rest_goes_on(watcher: Watcher, opened: RunOpened) -> None:
    watcher.session.begin("me", opened.run, Descend(9, fails_at=2))
    assert watcher.until_kind(RenderFailed).message == "There is no way on. Turn back."
    watcher.session.begin("me", opened.run, Descend(2))
    watcher.until(lambda event: isinstance(event, Progressed) and event.finished)


def test_work_for_a_run_that_is_not_open_is_refused(watcher: Watcher) -> None:
    serial = watcher.session.begin("me", "/no/such/run", Descend(1))
    assert watcher.until_kind(RenderFailed).serial == serial


def test_work_goes_on_beside_training_with_weights_that_stand_still(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(steps=100_000))
    run = watcher.until_kind(RunOpened).run
    watcher.until_kind(StepLogged)
    watcher.session.begin("me", run, Descend(300))
    finished = watcher.until(lambda event: isinstance(event, (Progressed, RenderFailed)) and _last(event))
    assert isinstance(finished, Progressed)
    losses = [float(event.progress.values["loss"]) for event in watcher.of_kind(Progressed)]
    assert np.all(np.diff(losses) < 1e-6)
    assert watcher.session.status.state is RunState.TRAINING


def test_a_waiting_cancel_takes_the_place_of_the_work_and_not_of_pictures() -> None:
    box = RequestBox()
    box.put(Begin("me", 1, "run", Descend(1)))
    box.put(Cancel("me"))
    assert [box.take(), box.take()] == [Cancel("me"), None]


def _last(event: Progressed | RenderFailed) -> bool:
    return isinstance(event, RenderFailed) or event.finished
