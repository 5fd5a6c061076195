"""Checkpoints: what goes in comes out, damage is found, old ones are let go, nothing is executed."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from studio.api import StudioError
from studio.engine.atomic import DiskError
from studio.engine.checkpoints import CheckpointStore

STATE: dict[str, Any] = {
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
    assert torch.equal(safetensors.torch.load_file(path)["weights/a"], STATE["weights"]["a"])


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


def test_a_pinned_checkpoint_is_kept_and_stays_what_it_was(store: CheckpointStore) -> None:
    store.save(5, STATE)
    pinned = store.pin(5)
    assert store.pin(5) == pinned
    assert store.all() == [pinned]
    for step in range(6, 21):
        store.save(step, {"step": step})
    assert [checkpoint.step for checkpoint in store.all()] == [5, 7, 15, 18, 19, 20]
    assert [checkpoint.step for checkpoint in store.all() if checkpoint.pinned] == [5]
    assert same(store.at(5).load(), STATE)
    assert torch.equal(safetensors.torch.load_file(pinned.path)["weights/a"], STATE["weights"]["a"])


def test_an_unpinned_checkpoint_goes_with_the_next_one(store: CheckpointStore) -> None:
    for step in range(5, 12):
        store.save(step, {"step": step})
        if step == 5:
            store.pin(5)
    assert not store.unpin(5).pinned
    assert [checkpoint.step for checkpoint in store.all()] == [5, 7, 9, 10, 11]
    store.save(12, {"step": 12})
    assert [checkpoint.step for checkpoint in store.all()] == [7, 10, 11, 12]


def test_the_newest_good_one_is_used_pinned_or_not(store: CheckpointStore) -> None:
    store.save(1, {"step": 1})
    store.save(2, {"step": 2})
    listed = store.at(2)
    store.pin(2)
    assert listed.load() == {"step": 2}  # under its new name
    assert store.load_newest()[0] == 2
    store.at(2).path.write_bytes(b"nonsense")
    assert store.load_newest()[0] == 1


def test_one_that_is_gone_is_called_by_the_name_that_it_had(store: CheckpointStore) -> None:
    store.save(2, {"step": 2})
    listed = store.at(2)
    listed.path.unlink()
    with pytest.raises(StudioError, match=listed.path.name):
        listed.load()


def test_a_step_that_is_made_again_stays_pinned(store: CheckpointStore) -> None:
    """A run whose newest checkpoint was damaged goes on from the one before, and comes by there once more."""
    store.save(1, {"step": 1})
    store.pin(1).path.write_bytes(b"nonsense")
    store.save(1, {"step": 1, "again": True})
    (only,) = store.all()
    assert only.pinned
    assert only.load() == {"step": 1, "again": True}


def test_a_checkpoint_that_is_not_there_cannot_be_pinned(store: CheckpointStore) -> None:
    store.save(3, {"step": 3})
    store.pin(3)
    with pytest.raises(StudioError, match=r"There is no checkpoint of step 4. There are: 3."):
        store.pin(4)


def test_one_that_was_let_go_at_that_very_moment_is_not_said_to_be_pinned(
    store: CheckpointStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(3, {"step": 3})
    store.save(4, {"step": 4})
    real = Path.replace

    def too_late(path: Path, target: Path) -> Path:
        path.unlink()
        return real(path, target)

    monkeypatch.setattr(Path, "replace", too_late)
    with pytest.raises(StudioError, match=r"There is no checkpoint of step 3. There are: 4."):
        store.pin(3)


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
