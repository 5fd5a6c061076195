"""Checkpoints: what goes in comes out, damage is found, old ones are let go, nothing is executed."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path

import pytest
import safetensors.torch
import torch

from studio.api import StudioError
from studio.engine.atomic import DiskError
from studio.engine.checkpoints import CheckpointStore

STATE = {
    "step": 7,
    "weights": {"a": torch.arange(12.0).view(3, 4), "empty": torch.zeros(0), "count": torch.tensor(3)},
    "half": torch.ones(2, dtype=torch.bfloat16),
    "optimiser": {"state": {0: {"step": torch.tensor(1.0)}}, "betas": (0.5, 0.999), "flags": [True, None, "x"]},
}


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    return CheckpointStore(tmp_path / "checkpoints")


def same(left: object, right: object) -> bool:
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return left.dtype == right.dtype and torch.equal(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return type(left) is type(right) and all(map(same, left, right))
    return left == right


def test_state_comes_back_as_it_was(store: CheckpointStore) -> None:
    store.save(7, STATE)
    step, state, passed_over = store.load_newest()
    assert step == 7
    assert passed_over == []
    assert same(state, STATE)


def test_stock_safetensors_opens_a_checkpoint(store: CheckpointStore) -> None:
    path = store.save(7, STATE)
    assert torch.equal(safetensors.torch.load_file(path)["weights/a"], STATE["weights"]["a"])  # type: ignore[index]


def test_every_flipped_bit_is_found(store: CheckpointStore) -> None:
    path = store.save(7, STATE)
    good = path.read_bytes()
    for position in range(0, len(good), max(1, len(good) // 400)):
        damaged = bytearray(good)
        damaged[position] ^= 1 << (position % 8)
        path.write_bytes(damaged)
        with pytest.raises(StudioError):
            store.at(7).load()


@pytest.mark.parametrize("length", [0, 4, 8, 100, -1])
def test_a_checkpoint_cut_short_is_found(store: CheckpointStore, length: int) -> None:
    path = store.save(7, STATE)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(StudioError, match="damaged"):
        store.at(7).load()


def test_a_pickle_with_a_checkpoints_name_is_not_executed(store: CheckpointStore, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "executed",))

    store.folder.mkdir()
    (store.folder / "step-000000000001.safetensors").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(StudioError):
        store.load_newest()
    assert not (tmp_path / "executed").exists()


def test_the_newest_good_one_is_used(store: CheckpointStore) -> None:
    store.save(1, {**STATE, "step": 1})
    newest = store.save(2, {**STATE, "step": 2})
    newest.write_bytes(b"nonsense")
    step, state, passed_over = store.load_newest()
    assert (step, state["step"]) == (1, 1)
    assert newest.name in passed_over[0]


def test_the_newest_three_and_one_for_each_power_of_two_are_kept(store: CheckpointStore) -> None:
    for step in range(1, 21):
        store.save(step, {"step": step})
    assert [checkpoint.step for checkpoint in store.all()] == [1, 3, 7, 15, 18, 19, 20]


def test_a_full_disk_leaves_the_old_checkpoint_and_nothing_else(
    store: CheckpointStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(1, STATE)

    def full(descriptor: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskError, match="full"):
        store.save(2, STATE)
    assert [path.name for path in store.folder.iterdir()] == ["step-000000000001.safetensors"]


def test_what_a_checkpoint_cannot_hold_is_named(store: CheckpointStore) -> None:
    with pytest.raises(TypeError, match="pool/0 holds a set"):
        store.save(1, {"pool": [{1, 2}]})
