"""A disk that fills up while a run trains: it holds, loses nothing, and goes on where it was when there is room."""

from __future__ import annotations

import collections
import contextlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from studio.engine.atomic import DiskFullError
from studio.engine.commands import TrainPlan
from studio.engine.events import CheckpointSaved, Failed, RunState
from studio.engine.runs import Run
from studio.engine.state_tree import flatten
from tests.engine.conftest import Watcher

Plan = Callable[..., TrainPlan]
Usage = collections.namedtuple("Usage", "total used free")


@contextlib.contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes, as on a disk that is full."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def weights_of(folder: str) -> dict[str, torch.Tensor]:
    _, state, passed_over = Run.load(Path(folder)).checkpoints.load_newest()
    assert passed_over == []
    del state["elapsed"]
    return flatten(state)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
def test_a_run_on_a_full_disk_ends_with_the_same_weights_as_one_on_an_empty_disk(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(steps=30))
    straight = weights_of(watcher.until_state(RunState.FINISHED).run)
    watcher.session.train(plan(steps=30, checkpoint_every=3))
    before = watcher.until_kind(CheckpointSaved).step
    with files_at_most(2000):
        assert "The disk is full" in watcher.until_kind(Failed).message
        held = watcher.until_state(RunState.PAUSED)
    assert Run.load(Path(held.run)).checkpoints.load_newest()[0] >= before
    watcher.session.proceed()
    done = watcher.until_state(RunState.FINISHED)
    rows = [row["step"] for row in Run.load(Path(done.run)).metrics()]
    assert rows == list(range(1, 31))
    assert weights_of(done.run).keys() == straight.keys()
    assert all(torch.equal(tensor, straight[name]) for name, tensor in weights_of(done.run).items())


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
def test_a_disk_that_is_full_at_the_last_step_costs_no_step_too_many(watcher: Watcher, plan: Plan) -> None:
    with files_at_most(30_000):
        watcher.session.train(plan(steps=12))
        assert watcher.until_state(RunState.PAUSED).step == 12
    watcher.session.proceed()
    done = watcher.until_state(RunState.FINISHED)
    assert done.step == Run.load(Path(done.run)).checkpoints.load_newest()[0] == 12


def test_free_space_is_looked_at_before_anything_is_written(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher.session.train(plan(steps=40, checkpoint_every=3))
    watcher.until_kind(CheckpointSaved)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**9, 10**9 - 5000, 5000))
    failed = watcher.until_kind(Failed)
    assert "0 MB are free" in failed.message
    assert "needed" in failed.message
    held = watcher.until_state(RunState.PAUSED)
    assert not list(Path(held.run).rglob(".*.part"))
    monkeypatch.undo()
    watcher.session.proceed()
    watcher.until_state(RunState.FINISHED)


def test_a_disk_that_is_full_as_a_run_ends_holds_it_at_its_last_step(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(folder: Path, _size: int) -> None:
        raise DiskFullError(f"The disk that holds {folder} is full.", "Free some space, then go on.")

    with monkeypatch.context() as full:
        full.setattr("studio.engine.checkpoints.need_space", no_room)
        watcher.session.train(plan(steps=3))
        assert watcher.until_state(RunState.PAUSED).step == 3
        assert watcher.until_kind(Failed).held
    watcher.session.proceed()
    done = watcher.until_state(RunState.FINISHED)
    run = Run.load(Path(done.run))
    assert [row["step"] for row in run.metrics()] == [1, 2, 3]
    assert run.checkpoints.load_newest()[0] == 3
