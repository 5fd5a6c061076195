"""Training through the session: what is told, what is kept, and what happens when something goes wrong."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.api import Batch, DataInfo, DataKind, DatasetSpec, LatentSpace, StudioError
from studio.engine import start
from studio.engine.commands import TrainPlan
from studio.engine.events import (
    CheckpointSaved,
    DeviceReady,
    Event,
    Failed,
    HyperparameterChanged,
    Noticed,
    Rendered,
    RenderFailed,
    RunOpened,
    RunState,
    SamplesReady,
    StateChanged,
    StepLogged,
)
from studio.engine.previews import SeedsRequest
from studio.engine.runs import Run, RunStore
from studio.engine.state_tree import flatten
from tests.engine.conftest import ToyHost, Watcher
from tests.toys import ToyGan

Plan = Callable[..., TrainPlan]


def finish(watcher: Watcher, plan: TrainPlan) -> Run:
    watcher.session.train(plan)
    ended = watcher.until_state(RunState.FINISHED, RunState.FAILED)
    assert ended.state is RunState.FINISHED
    return Run.load(Path(ended.run))


def tensors_of(run: Run) -> dict[str, torch.Tensor]:
    _, state, _ = run.checkpoints.load_newest()
    del state["elapsed"]
    return flatten(state)[0]


def assert_same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> None:
    assert left.keys() == right.keys()
    for name, tensor in left.items():
        assert torch.equal(tensor, right[name]), name


def test_a_run_is_told_from_beginning_to_end_and_kept(watcher: Watcher, plan: Plan, host: ToyHost) -> None:
    run = finish(watcher, plan(steps=5))
    states = [event.state for event in watcher.of_kind(StateChanged)]
    assert states == [RunState.PREPARING, RunState.TRAINING, RunState.STOPPING, RunState.FINISHED]
    assert [event.step for event in watcher.of_kind(StepLogged)] == [1, 2, 3, 4, 5]
    assert watcher.of_kind(DeviceReady)[0].kind == "cpu"
    assert watcher.of_kind(SamplesReady)[-1].pictures.shape == (48, 8, 8, 3)
    assert [checkpoint.step for checkpoint in run.checkpoints.all()] == [5]
    rows = list(run.metrics())
    assert [row["step"] for row in rows] == [1, 2, 3, 4, 5]
    assert {"loss/D", "loss/G", "images", "elapsed"} <= rows[0].keys()
    assert rows[-1]["images"] == 5 * 3 * 4  # the step's own batch and two fresh ones
    assert [step for step, _ in run.samples()] == [1, 5]
    assert run.record.status is RunState.FINISHED
    assert watcher.session.close()
    assert host.finished == [(run.folder, "finished")]


def test_the_same_seed_gives_the_same_weights_and_another_seed_does_not(watcher: Watcher, plan: Plan) -> None:
    first, again = (tensors_of(finish(watcher, plan())) for _ in range(2))
    other = tensors_of(finish(watcher, replace(plan(), seed=4)))
    assert_same(first, again)
    assert not torch.equal(first["model/parts/G/0.weight"], other["model/parts/G/0.weight"])


def test_resuming_in_a_new_session_is_exact_to_the_bit(
    new_session: Callable[[], Watcher], plan: Plan, store: RunStore
) -> None:
    straight = finish(new_session(), plan(steps=30))
    broken_off = finish(new_session(), plan(steps=11))
    watcher = new_session()
    watcher.session.resume(str(broken_off.folder), steps=30)
    watcher.until_state(RunState.FINISHED)
    assert_same(tensors_of(straight), tensors_of(broken_off))
    losses = [[(row["step"], row["loss/G"]) for row in run.metrics()] for run in (straight, broken_off)]
    assert losses[0] == losses[1]


@pytest.mark.parametrize(("values", "outcome"), [({}, RunState.FINISHED), ({"poison": 3}, RunState.FAILED)])
def test_who_is_told_that_a_run_has_ended_may_have_it_at_once(
    host: ToyHost, store: RunStore, plan: Plan, values: dict[str, Any], outcome: RunState
) -> None:
    taken: dict[RunState, bool] = {}

    def note(event: Event) -> None:
        if isinstance(event, StateChanged):
            taken[event.state] = Run.load(Path(event.run)).owned_by_another()

    around = start.Surroundings(host, store, note, lambda: False)  # type: ignore[arg-type]  # it is enough of a host
    job = start.begin(plan(steps=5, **values), around)
    job.begin()
    while job.state is RunState.TRAINING:
        try:
            job.advance()
        except StudioError as error:
            job.fail(error.message)
    assert taken[RunState.TRAINING]
    assert taken[outcome] is False


class NoFacts(ToyGan):
    """Cannot say what z it takes."""

    @property
    def latent_space(self) -> LatentSpace:
        raise RuntimeError("broken on purpose")


def test_a_plugin_that_fails_before_training_leaves_no_run_behind(
    watcher: Watcher, plan: Plan, host: ToyHost, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "load_model", lambda _model: NoFacts)
    watcher.session.train(plan())
    watcher.until_state(RunState.FAILED)
    assert "broken on purpose" in watcher.until_kind(Failed).detail
    assert not list(store.folder.glob("*"))


class LazyToy(ToyGan):
    """Yields one more loss every fourth step, as lazy regularisation does."""

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, torch.Tensor | float]]:
        yield from super().training_step(batch)
        if self.clock.step % 4 == 0:
            yield {"loss/lazy": next(self.G.parameters()).square().sum(), "at": float(self.clock.step)}


def test_what_is_computed_every_few_steps_is_logged_with_its_newest_value(
    new_session: Callable[[], Watcher], plan: Plan, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "load_model", lambda _model: LazyToy)
    run = finish(new_session(), plan(steps=30, log_every=3))
    lazy = {row["step"]: row.get("at") for row in run.metrics()}
    assert lazy == {1: 0, 3: 0, 6: 4, 9: 8, 12: None, 15: 12, 18: 16, 21: 20, 24: None, 27: 24, 30: 28}
    broken_off = finish(new_session(), plan(steps=14, log_every=3))
    watcher = new_session()
    watcher.session.resume(str(broken_off.folder), steps=30)
    watcher.until_state(RunState.FINISHED)
    resumed = {row["step"]: row.get("loss/lazy") for row in broken_off.metrics()}
    assert resumed == {row["step"]: row.get("loss/lazy") for row in run.metrics()} | {14: resumed[14]}
    assert resumed[14] is not None
    assert_same(tensors_of(run), tensors_of(broken_off))


def test_stop_keeps_a_checkpoint_and_the_rest_can_be_done_later(watcher: Watcher, plan: Plan) -> None:
    straight = finish(watcher, plan(steps=40))
    watcher.session.train(plan(steps=40))
    watcher.until(lambda event: isinstance(event, StepLogged) and event.step == 3)
    watcher.session.stop()
    stopped = watcher.until_state(RunState.STOPPED)
    assert 3 <= stopped.step < 40
    watcher.session.resume(stopped.run)
    watcher.until_state(RunState.FINISHED)
    assert_same(tensors_of(straight), tensors_of(Run.load(Path(stopped.run))))


def test_pause_holds_with_a_checkpoint_and_proceed_goes_on(watcher: Watcher, plan: Plan) -> None:
    straight = finish(watcher, plan(steps=40))
    watcher.session.train(plan(steps=40))
    watcher.until(lambda event: isinstance(event, StepLogged) and event.step == 2)
    watcher.session.pause()
    paused = watcher.until_state(RunState.PAUSED)
    assert watcher.until_kind(CheckpointSaved).step == paused.step
    watcher.session.proceed()
    done = watcher.until_state(RunState.FINISHED)
    assert_same(tensors_of(straight), tensors_of(Run.load(Path(done.run))))


def test_rendering_while_training_changes_nothing(watcher: Watcher, plan: Plan) -> None:
    straight = finish(watcher, plan(steps=40))
    watcher.session.train(plan(steps=40))
    opened = watcher.until_kind(RunOpened)
    for _ in range(40):
        watcher.session.render("canvas", opened.run, SeedsRequest(seed=0, count=1))
        watcher.until_kind(StepLogged)
    watcher.until_state(RunState.FINISHED)
    assert len(watcher.of_kind(Rendered)) > 3
    assert_same(tensors_of(straight), tensors_of(Run.load(Path(opened.run))))


def test_a_live_hyperparameter_changes_in_mid_run_and_is_remembered(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(steps=60))
    watcher.until_kind(StepLogged)
    watcher.session.set_hyperparameter("lr", "5e-4")
    changed = watcher.until_kind(HyperparameterChanged)
    done = watcher.until_state(RunState.FINISHED)
    assert (changed.name, changed.old, changed.new) == ("lr", 1e-3, 5e-4)
    record = json.loads((Path(done.run) / "run.json").read_text())
    assert record["changes"] == [{"step": changed.step, "name": "lr", "old": 1e-3, "new": 5e-4}]
    _, state, _ = Run.load(Path(done.run)).checkpoints.load_newest()
    assert state["hyperparameters"]["lr"] == 5e-4


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("lr", 7, "above 0 to 1"), ("batch", 8, "cannot change while training"), ("momentum", 1, "no hyperparameter")],
)
def test_a_change_that_cannot_be_is_refused_and_training_goes_on(
    watcher: Watcher, plan: Plan, name: str, value: object, words: str
) -> None:
    watcher.session.train(plan(steps=60))
    watcher.until_kind(StepLogged)
    watcher.session.set_hyperparameter(name, value)
    assert words in " ".join([(failed := watcher.until_kind(Failed)).message, failed.remedy])
    assert watcher.until_state(RunState.FINISHED, RunState.FAILED).state is RunState.FINISHED


def test_numbers_gone_bad_end_the_run_with_its_last_good_checkpoint(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(steps=40, poison=12, checkpoint_every=5))
    failed = watcher.until_kind(Failed)
    ended = watcher.until_state(RunState.FAILED)
    assert "loss/G became nan at step 12" in failed.message
    assert not failed.detail
    run = Run.load(Path(ended.run))
    assert run.checkpoints.all()[-1].step in (5, 10)
    assert run.record.message == failed.message


def test_a_full_disk_holds_the_run_and_it_goes_on_when_there_is_room(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write, full = os.write, threading.Event()

    def write(descriptor: int, data: memoryview) -> int:
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    watcher.session.train(plan(steps=40, checkpoint_every=3))
    watcher.until_kind(CheckpointSaved)
    full.set()
    assert "The disk is full" in watcher.until_kind(Failed).message
    watcher.until_state(RunState.PAUSED)
    full.clear()
    watcher.session.proceed()
    done = watcher.until_state(RunState.FINISHED)
    assert Run.load(Path(done.run)).checkpoints.load_newest()[0] == 40


def test_a_bug_in_a_plugin_ends_the_run_with_its_traceback_and_the_next_run_works(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(fail=3))
    failed = watcher.until_kind(Failed)
    assert "broken on purpose" in failed.message
    assert "training_step" in failed.detail
    watcher.until_state(RunState.FAILED)
    finish(watcher, plan(steps=2))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "nothing"}, "no model nothing"),
        ({"data": "/nowhere/at/all"}, "/nowhere/at/all"),
        ({"device": "cuda:7"}, "no device cuda:7"),
        ({"device": "toaster"}, "no device toaster"),
        ({"precision": "int3"}, "no precision"),
        ({"steps": 0}, "0 steps"),
        ({"hyperparameters": {"batch": 0}}, "1 to 4096"),
    ],
)
def test_a_plan_that_cannot_be_leaves_no_run_behind(
    watcher: Watcher, plan: Plan, store: RunStore, change: dict[str, Any], words: str
) -> None:
    watcher.session.train(replace(plan(), **change))
    failed = watcher.until_kind(Failed)
    assert words in f"{failed.message} {failed.remedy}"
    assert not failed.detail
    assert store.runs() == []


class Wanders(ToyGan):
    """Changes the folder that the process is in."""

    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        os.chdir("/")


def test_a_plugin_that_changes_the_folder_moves_neither_run_nor_data(
    watcher: Watcher, plan: Plan, host: ToyHost, monkeypatch: pytest.MonkeyPatch, pictures: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(host, "load_model", lambda _model: Wanders)
    monkeypatch.chdir(pictures.parent)
    run = finish(watcher, replace(plan(steps=1), data=pictures.name, out=str(Path(os.path.relpath(tmp_path)) / "run")))
    assert (run.folder, run.record.data) == (tmp_path / "run", str(pictures))
    monkeypatch.chdir(tmp_path)
    watcher.session.resume("run", steps=2)
    watcher.until_state(RunState.FINISHED)
    assert Run.load(tmp_path / "run").checkpoints.all()[-1].step == 2


def test_data_that_a_plugin_names_is_found_again_from_any_folder(
    watcher: Watcher, plan: Plan, host: ToyHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = DatasetSpec("mine:icons", "Icons", DataKind.UNLABELLED, "Icons.", "tests.data.test_offered:Kites")
    monkeypatch.setattr(host, "datasets", lambda: (spec,))
    run = finish(watcher, replace(plan(steps=1), data="mine:icons"))
    assert run.record.data == "mine:icons"
    monkeypatch.chdir(tmp_path)
    watcher.session.resume(str(run.folder), steps=2)
    assert watcher.until_state(RunState.FINISHED, RunState.FAILED).state is RunState.FINISHED


def test_two_runs_at_once_are_refused(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(steps=10_000))
    watcher.until_kind(StepLogged)
    watcher.session.train(plan())
    assert "in training already" in watcher.until_kind(Failed).message
    watcher.session.stop()
    watcher.until_state(RunState.STOPPED)


def test_closing_stops_with_a_checkpoint_and_leaves_no_thread(
    new_session: Callable[[], Watcher], plan: Plan, store: RunStore
) -> None:
    before = set(threading.enumerate())
    watcher = new_session()
    watcher.session.train(plan(steps=10_000))
    watcher.until_kind(StepLogged)
    assert watcher.session.close()
    [run] = store.runs()
    assert run.record.status is RunState.STOPPED
    assert run.checkpoints.load_newest()[0] == run.record.step > 0
    assert set(threading.enumerate()) <= before


def test_an_opened_run_answers_as_it_did_in_training(new_session: Callable[[], Watcher], plan: Plan) -> None:
    watcher = new_session()
    run = finish(watcher, plan())
    pictures = []
    for user in (watcher, new_session()):
        user.session.open(str(run.folder))
        opened = user.until_kind(RunOpened)
        assert (opened.live, opened.step, opened.facts.latent_space.dim) == (False, 20, 4)
        user.session.render("canvas", opened.run, SeedsRequest(5, 3))
        pictures.append(user.until_kind(Rendered).pictures)
    assert pictures[0].shape == (3, 8, 8, 3)
    assert np.array_equal(*pictures)


def test_a_request_for_a_run_that_is_not_open_is_answered_too(watcher: Watcher) -> None:
    serial = watcher.session.render("canvas", "/no/such/run", SeedsRequest(0, 1))
    assert watcher.until_kind(RenderFailed).serial == serial


def test_a_damaged_checkpoint_is_passed_over_and_said(watcher: Watcher, plan: Plan) -> None:
    run = finish(watcher, plan(steps=12, checkpoint_every=4))
    newest = run.checkpoints.all()[-1]
    older = run.checkpoints.all()[-2]
    data = bytearray(newest.path.read_bytes())
    data[len(data) // 2] ^= 4
    newest.path.write_bytes(data)
    watcher.session.resume(str(run.folder), steps=14)
    notice = watcher.until_kind(Noticed)
    assert newest.path.name in notice.message
    assert f"step {older.step}" in notice.message
    watcher.until_state(RunState.FINISHED)


@pytest.mark.parametrize("changes", [{"lr": 5e-4, "batch": 2}, {"lr": 5e-4, "steepness": 1}, {"lr": 7}])
def test_changes_that_cannot_be_leave_the_run_as_it_was(watcher: Watcher, plan: Plan, changes: dict[str, Any]) -> None:
    run = finish(watcher, plan(steps=4))
    before = (run.folder / "run.json").read_bytes()
    watcher.session.resume(str(run.folder), steps=9, changes=changes)
    watcher.until_kind(Failed)
    assert (run.folder / "run.json").read_bytes() == before


def test_resuming_a_finished_run_says_how_to_ask_for_more(watcher: Watcher, plan: Plan) -> None:
    run = finish(watcher, plan(steps=4))
    watcher.session.resume(str(run.folder))
    failed = watcher.until_kind(Failed)
    assert "has done 4 steps already" in failed.message
    assert "--steps" in failed.remedy
