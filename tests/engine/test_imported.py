"""Runs made of named arrays: they play like the run they come from, cannot be resumed, and are whole or not there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.api import Realism, StudioError
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, ModelFacts, RunState
from studio.engine.imported import STAGING, averaged_networks, keep_as_run
from studio.engine.player import data_info, load_player
from studio.engine.previews import SeedsRequest
from studio.engine.runs import Run, RunStore
from tests import toys
from tests.engine.conftest import SPECS, ToyHost, Watcher

Arrays = dict[str, dict[str, np.ndarray]]


@pytest.fixture
def trained(watcher: Watcher, plan: Callable[..., TrainPlan]) -> Run:
    watcher.session.train(plan(steps=3))
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


def networks_of(run: Run) -> Arrays:
    _, state, _ = run.checkpoints.load_newest()
    averaged = averaged_networks(state["averages"])
    return {name: {key: tensor.numpy() for key, tensor in tensors.items()} for name, tensors in averaged.items()}


def keep(store: RunStore, run: Run, networks: Arrays, **options: Any) -> Run:
    info = data_info(run.record.data_info)
    given = {"source": "toys.safetensors", "sha256": "0" * 64, "step": 3, **options}
    return keep_as_run(store, ToyHost(), "toy", run.record.hyperparameters, info, networks, **given)  # type: ignore[arg-type]


def pictures(run: Run) -> np.ndarray:
    player = load_player(run, ToyHost(), torch.device("cpu"))  # type: ignore[arg-type]
    return player.render(SeedsRequest(0, 4, 1.0, None))


def test_it_plays_exactly_like_the_run_it_comes_from(trained: Run, store: RunStore) -> None:
    kept = keep(store, trained, networks_of(trained))
    assert kept.record.status is RunState.FINISHED
    assert kept.record.step == kept.record.steps == 3
    assert kept.record.origin is not None
    assert kept.record.origin.source == "toys.safetensors"
    assert kept.name.endswith("-toy-toys")
    assert [run.name for run in store.runs()] == [kept.name, trained.name]
    np.testing.assert_array_equal(pictures(kept), pictures(trained))


def test_half_precision_is_taken_too(trained: Run, store: RunStore) -> None:
    halves = {
        name: {key: array.astype(np.float16) if array.dtype.kind == "f" else array for key, array in arrays.items()}
        for name, arrays in networks_of(trained).items()
    }
    difference = pictures(keep(store, trained, halves)).astype(int) - pictures(trained)
    assert np.abs(difference).max() <= 1


def test_torchs_global_state_is_not_touched(trained: Run, store: RunStore) -> None:
    before = torch.random.get_rng_state()
    keep(store, trained, networks_of(trained))
    assert torch.equal(before, torch.random.get_rng_state())


def test_it_cannot_be_resumed_and_says_so(trained: Run, store: RunStore, watcher: Watcher) -> None:
    kept = keep(store, trained, networks_of(trained))
    watcher.session.resume(str(kept.folder), steps=9)
    failed: Failed = watcher.until_kind(Failed)
    assert "was imported" in failed.message
    assert failed.remedy


def _no_network(networks: Arrays) -> None:
    networks["H"] = networks.pop("G")


def _one_missing(networks: Arrays) -> None:
    del networks["G"]["0.weight"]


def _one_more(networks: Arrays) -> None:
    networks["G"]["9.weight"] = np.zeros(1, np.float32)


def _other_shape(networks: Arrays) -> None:
    networks["G"]["0.weight"] = np.zeros((4, 16), np.float32)


def _poisoned(networks: Arrays) -> None:
    networks["G"]["0.weight"] = np.full((16, 4), np.nan, np.float32)


def _unknown_network(networks: Arrays) -> None:
    networks["Q"] = {}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_no_network, "lacks the Toy network G"),
        (_one_missing, "G.0.weight is missing"),
        (_one_more, "G.9.weight is of no use"),
        (_other_shape, r"G.0.weight is \(4, 16\) and should be \(16, 4\)"),
        (_poisoned, "G.0.weight holds"),
        (_unknown_network, "no network Q"),
    ],
)
def test_what_does_not_fit_is_named_and_leaves_nothing(
    trained: Run, store: RunStore, spoil: Callable[[Arrays], None], words: str
) -> None:
    networks = networks_of(trained)
    spoil(networks)
    with pytest.raises(StudioError, match=words):
        keep(store, trained, networks)
    assert [run.name for run in store.runs()] == [trained.name]


def test_a_name_is_taken_once(trained: Run, store: RunStore) -> None:
    networks = networks_of(trained)
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _number: keep(store, trained, networks, name="toy-one", check=False), range(8)))
    assert {run.folder for run in kept} == {store.folder / "toy-one"}
    assert len(store.runs()) == 2
    assert [file.name for file in (store.home / STAGING).iterdir()] == ["lock"]


def test_two_of_one_moment_are_two(trained: Run, store: RunStore) -> None:
    networks = networks_of(trained)
    assert keep(store, trained, networks).folder != keep(store, trained, networks).folder


def test_a_failure_halfway_leaves_no_run_and_a_leftover_is_cleared(
    trained: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftover = store.home / STAGING / "run" / "checkpoints" / "half"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"cut short by a kill")
    with monkeypatch.context() as patch:
        patch.setattr(Run, "update", _full_disk)
        with pytest.raises(StudioError, match="full"):
            keep(store, trained, networks_of(trained), name="half")
    assert [run.name for run in store.runs()] == [trained.name]
    kept = keep(store, trained, networks_of(trained), name="half")
    assert len(kept.checkpoints.all()) == 1
    assert not leftover.parent.exists()


def _full_disk(_run: Run, **_changes: Any) -> None:
    raise StudioError("The disk is full.")


def test_without_D_it_is_no_judge_of_pictures(trained: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = dataclasses.replace(toys.TOY, capabilities=(*toys.TOY.capabilities, Realism))
    monkeypatch.setitem(SPECS, "toy", judge)
    networks = networks_of(trained)
    alone = keep(store, trained, networks)
    assert alone.record.origin is not None
    assert alone.record.origin.lacks == ("Realism",)
    assert "Realism" not in facts(alone).capabilities
    _, state, _ = trained.checkpoints.load_newest()
    networks["D"] = {key: tensor.numpy() for key, tensor in state["model"]["parts"]["D"].items()}
    both = keep(store, trained, networks)
    assert "Realism" in facts(both).capabilities
    D = load_player(both, ToyHost(), torch.device("cpu")).model.D  # type: ignore[arg-type, attr-defined]
    assert torch.equal(D[0].weight, state["model"]["parts"]["D"]["0.weight"])


def facts(run: Run) -> ModelFacts:
    return load_player(run, ToyHost(), torch.device("cpu")).facts  # type: ignore[arg-type]
