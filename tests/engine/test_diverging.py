"""Numbers gone bad: what is kept stays good, and the way back is offered, taken and remembered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch

from studio.api import hyper
from studio.engine.averages import Averages
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, HyperparameterChanged, RunState
from studio.engine.failures import halved, learning_rates, resume_command
from studio.engine.runs import Run
from studio.engine.state_tree import flatten
from tests.engine.conftest import Watcher
from tests.toys import ToyGan, ToyHyperparameters

Plan = Callable[..., TrainPlan]


def poison_weights(monkeypatch: pytest.MonkeyPatch, network: str, at: int, value: float = float("nan")) -> None:
    """Has the last update of step `at` ruin one weight, which no loss of that step can show."""
    honest = ToyGan._update

    def update(self: ToyGan, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
        honest(self, optimizer, loss)
        if self.clock.step + 1 == at and optimizer is self.opt_G:
            with torch.no_grad():
                next(getattr(self, network).parameters())[0, 0] = value

    monkeypatch.setattr(ToyGan, "_update", update)


def diverge(watcher: Watcher, plan: TrainPlan) -> tuple[Failed, Run]:
    watcher.session.train(plan)
    failed = watcher.until_kind(Failed)
    ended = watcher.until_state(RunState.FAILED)
    return failed, Run.load(Path(ended.run))


def all_finite(run: Run) -> bool:
    states = [checkpoint.load() for checkpoint in run.checkpoints.all()]
    return all(tensor.isfinite().all() for state in states for tensor in flatten(state)[0].values())


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("network", ["G", "D"])
def test_a_weight_that_no_loss_shows_reaches_neither_average_nor_checkpoint(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch, network: str, value: float
) -> None:
    poison_weights(monkeypatch, network, 12, value)
    failed, run = diverge(watcher, plan(steps=40, checkpoint_every=1, log_every=10))
    assert "A weight became infinite or NaN at step 12" in failed.message
    assert run.checkpoints.all()[-1].step <= 11
    assert all_finite(run)


def test_stopping_in_the_step_that_diverges_fails_the_run_and_the_next_one_can_begin(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_step, go_on = threading.Event(), threading.Event()

    def ruin(self: ToyGan, _optimizer: torch.optim.Optimizer, _loss: torch.Tensor) -> None:
        in_step.set()
        assert go_on.wait(60)
        with torch.no_grad():
            next(self.G.parameters()).fill_(float("nan"))

    with monkeypatch.context() as patch:
        patch.setattr(ToyGan, "_update", ruin)
        watcher.session.train(plan(steps=5))
        assert in_step.wait(60)
        watcher.session.stop()
        go_on.set()
        watcher.until_state(RunState.FAILED)
    watcher.session.train(plan(steps=2))
    watcher.until_state(RunState.FINISHED)


def test_the_way_back_is_offered_taken_and_remembered(watcher: Watcher, plan: Plan) -> None:
    failed, run = diverge(watcher, plan(steps=16, poison=12, checkpoint_every=5))
    back = failed.rollback
    assert back is not None
    assert (back.run, back.step, back.changes) == (str(run.folder), run.checkpoints.all()[-1].step, {"lr": 5e-4})
    assert failed.remedy == f"Go back to step {back.step} and halve the learning rate."
    for halvings in (1, 2):  # diverges again before its next checkpoint: the rate in force is halved once more
        watcher.session.resume(back.run, changes=back.changes)
        changed = watcher.until_kind(HyperparameterChanged)
        assert (changed.step, changed.name, changed.new) == (back.step, "lr", 1e-3 / 2**halvings)
        again = watcher.until_kind(Failed).rollback
        watcher.until_state(RunState.FAILED)
        if again.step != back.step:
            pytest.skip("a checkpoint was made in between")
        assert again.changes == {"lr": 1e-3 / 2 ** (halvings + 1)}
        back = again
    record = json.loads((run.folder / "run.json").read_text())
    assert [(one["step"], one["new"]) for one in record["changes"]] == [(back.step, 5e-4), (back.step, 2.5e-4)]


def test_without_a_checkpoint_there_is_no_way_back_but_a_lower_rate(watcher: Watcher, plan: Plan) -> None:
    failed, _ = diverge(watcher, plan(steps=40, poison=2))
    assert failed.rollback is None
    assert (
        failed.remedy
        == "There is no checkpoint to go back to; train again, with a lower learning rate: --set lr=0.0005."
    )


class _Rates(ToyHyperparameters):
    g_lr: float = hyper(1e-3, "Of G.", gt=0, le=1, live=True)
    learning_rate_d: float = hyper(2e-3, "Of D, from the start.", gt=0, le=1)
    lr_ratio: float = hyper(1.0, "No rate.", gt=0, le=10, live=True)


def test_which_hyperparameters_are_learning_rates() -> None:
    assert learning_rates(ToyHyperparameters(lr=1e-3)) == {"lr": 1e-3}
    assert learning_rates(_Rates()) == {"lr": 1e-3, "g_lr": 1e-3}
    assert halved(ToyHyperparameters(lr=3e-4)) == {"lr": 1.5e-4}
    assert resume_command("my run", {"lr": 1.5e-4}) == "ganvas resume 'my run' --set lr=0.00015"


def test_averages_stay_where_the_device_says_that_numbers_are_bad() -> None:
    from studio.api import DataInfo, DataKind

    hp = ToyHyperparameters(resolution=8, ema_kimg=0.001, ema_rampup=0.0)
    model = ToyGan(hp, DataInfo(DataKind.UNLABELLED, 4, 8))
    averages = Averages(model)
    averages.update(hp, 4, 4)
    before = {name: value.clone() for name, value in averages.networks["G"].state_dict().items()}
    with torch.no_grad():
        next(model.G.parameters()).fill_(float("nan"))
    averages.update(hp, 8, 4, torch.tensor(False))
    assert _same(averages.networks["G"].state_dict(), before)
    with torch.no_grad():
        next(model.G.parameters()).fill_(0.5)
    averages.update(hp, 12, 4, torch.tensor(True))
    assert not _same(averages.networks["G"].state_dict(), before)


def _same(left: Mapping[str, torch.Tensor], right: Mapping[str, torch.Tensor]) -> bool:
    return all(torch.equal(tensor, right[name]) for name, tensor in left.items())


@pytest.mark.parametrize(
    ("batch", "resolution", "remedy"),
    [
        (4, 8, "Halve the batch: --set batch=2."),
        (1, 16, "Halve the resolution: --set resolution=8."),
        (1, 8, "Choose a smaller model, or another device."),
    ],
)
def test_out_of_memory_says_what_to_lower_and_a_retry_works(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch, batch: int, resolution: int, remedy: str
) -> None:
    held: list[object] = []

    def hungry(self: ToyGan, batch: object) -> object:
        import weakref

        class Large:
            pass

        large = Large()
        held.append(weakref.ref(large))
        raise torch.OutOfMemoryError("CUDA out of memory.")

    with monkeypatch.context() as patch:
        patch.setattr(ToyGan, "training_step", hungry)
        failed, _ = diverge(watcher, plan(steps=3, batch=batch, resolution=resolution))
    assert failed.message == f"The device ran out of memory at batch {batch} and resolution {resolution}."
    assert (failed.remedy, failed.detail) == (remedy, "")
    assert held[0]() is None  # type: ignore[operator]  # what the failed step held is free again
    watcher.session.train(plan(steps=2))
    watcher.until_state(RunState.FINISHED)
