"""A plugin that has changed since a run was made: what does not fit is said, with the version that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from studio.api import GanModel, ModelSpec, StudioError, hyper
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, RunState
from studio.engine.player import load_player
from studio.engine.plugin_status import PluginStatus
from studio.engine.runs import Run
from tests import toys
from tests.engine.conftest import ToyHost, Watcher

Plan = Callable[..., TrainPlan]


class Wider(toys.ToyGan):
    """Another layer."""

    def __init__(self, hp: Any, data: Any) -> None:
        super().__init__(hp, data)
        self.G[0] = nn.Linear(4, 24)


class Judged(toys.ToyGan):
    """One more network."""

    def __init__(self, hp: Any, data: Any) -> None:
        super().__init__(hp, data)
        self.judge = nn.Linear(2, 2)


class Averaging(Judged):
    """One more that is averaged."""

    ema_networks = ("G", "judge")


class Split(toys.ToyGan):
    """An optimiser of fewer weights."""

    def __init__(self, hp: Any, data: Any) -> None:
        super().__init__(hp, data)
        self.opt_G = torch.optim.Adam(list(self.G.parameters())[:2], hp.lr)


class Bounded(toys.ToyHyperparameters):
    """A bound that the run's value does not keep to."""

    lr: float = hyper(1e-4, "Learning rate.", gt=0, le=5e-4, live=True)


@pytest.fixture
def made(watcher: Watcher, plan: Plan) -> Run:
    watcher.session.train(plan(steps=1))
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


def update(host: ToyHost, patch: pytest.MonkeyPatch, model: type[GanModel], version: str = "2.0") -> None:
    status = PluginStatus("toys", True, "ganvas-toys", version, ("toy",), "", "")
    patch.setattr(host, "load_model", lambda _model: model)
    patch.setattr(host, "plugin_of", lambda _model: status)


CHANGED = [
    (Wider, "G.0.bias is (16,) in its checkpoint, and (24,) now."),
    (Averaging, "There is no average of judge in its checkpoint."),
]


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        *CHANGED,
        (Judged, "There is no judge in its checkpoint."),
        (Split, "opt_G holds 6 tensors in its checkpoint, and 2 now."),
    ],
)
def test_going_on_with_a_changed_model_is_refused_with_what_fits(
    watcher: Watcher, made: Run, host: ToyHost, monkeypatch: pytest.MonkeyPatch, model: type[GanModel], reason: str
) -> None:
    update(host, monkeypatch, model)
    watcher.session.resume(str(made.folder), steps=2)
    failed = watcher.until_kind(Failed)
    assert failed.message.startswith(f"{made.name} was made with ganvas-toys 1.0, and does not fit 2.0, which is")
    assert failed.remedy == "Install ganvas-toys 1.0 again, or train anew."
    assert not failed.detail
    if model is not Averaging:  # its networks are missed first
        assert failed.message.endswith(reason)


@pytest.mark.parametrize(("model", "reason"), CHANGED)
def test_so_is_playing_with_it(
    made: Run, host: ToyHost, monkeypatch: pytest.MonkeyPatch, model: type[GanModel], reason: str
) -> None:
    update(host, monkeypatch, model, version="1.0")
    with pytest.raises(StudioError, match="does not fit the plugin toys any more") as refused:
        load_player(made, host, torch.device("cpu"))  # type: ignore[arg-type]  # it is enough of a host
    assert refused.value.message.endswith(reason)


def test_a_network_that_only_training_needs_may_be_new_to_who_plays(
    made: Run, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(host, monkeypatch, Judged)
    assert load_player(made, host, torch.device("cpu")).step_now() == 1  # type: ignore[arg-type]


def test_a_hyperparameter_that_is_out_of_bounds_now_is_said_so(
    watcher: Watcher, made: Run, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(host, monkeypatch, toys.ToyGan)
    spec: ModelSpec = replace(toys.TOY, hyperparameters=Bounded)
    monkeypatch.setattr(host, "models", lambda: {"toy": spec})
    watcher.session.resume(str(made.folder), steps=2)
    assert watcher.until_kind(Failed).message.endswith("which is installed: lr cannot be 0.001.")
    with pytest.raises(StudioError, match="does not fit 2.0, which is installed: lr cannot be"):
        load_player(made, host, torch.device("cpu"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plugins", "reason"),
    [
        ((), "needs toy, of the plugin toys 1.0, which is not here."),
        (
            (PluginStatus("toys", False, "ganvas-toys", "2.0", (), "It wants torch 9."),),
            "needs the plugin toys, which could not be loaded: It wants torch 9.",
        ),
    ],
)
def test_a_plugin_that_is_gone_is_named_with_the_run_that_needs_it(
    watcher: Watcher,
    made: Run,
    host: ToyHost,
    monkeypatch: pytest.MonkeyPatch,
    plugins: tuple[PluginStatus, ...],
    reason: str,
) -> None:
    monkeypatch.setattr(host, "models", dict)
    monkeypatch.setattr(host, "plugins", plugins)
    watcher.session.resume(str(made.folder), steps=2)
    assert watcher.until_kind(Failed).message == f"{made.name} {reason}"
    with pytest.raises(StudioError, match="needs"):
        load_player(made, host, torch.device("cpu"))  # type: ignore[arg-type]
