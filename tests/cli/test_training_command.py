"""`ganvas train` and `ganvas resume`."""

from __future__ import annotations

import itertools
import shlex
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from studio.engine.atomic import DiskFullError
from studio.engine.runs import Run
from tests.cli.conftest import TRAINED, Command


def test_training_is_told_as_json_and_nothing_else(ganvas: Command, pictures: Path, home: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures), "--steps", "5", "--set", "lr=0.002", "--json")
    assert said.code == 0, said.err
    events = said.objects
    (started,) = of_kind(events, "started")
    assert Path(started["run"]).parent == home / "runs"
    assert [one["step"] for one in of_kind(events, "step")] == [1, 2, 3, 4, 5]
    assert {"loss/D", "loss/G"} <= of_kind(events, "step")[-1]["metrics"].keys()
    assert of_kind(events, "checkpoint")[-1]["step"] == 5
    assert events[-1] == {"event": "finished", "run": started["run"], "steps": 5}
    assert "belongs on standard error" in said.err

    (shown,) = ganvas("show", "latest", "--json").objects
    assert (shown["seed"], shown["preset"], shown["status"]) == (3, "quick", "finished")
    assert shown["hyperparameters"].items() >= {"lr": 0.002, "resolution": 8, "batch": 4}.items()


def test_training_is_told_to_people(ganvas: Command, pictures: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures))
    assert said.code == 0
    assert "Training toy for 6 steps in " in said.out
    assert "Finished 6 steps. See the run with: ganvas show 2" in said.out
    assert "Training: 6 of 6" in said.err


def test_files_that_were_left_out_are_told_and_kept_in_the_runs_log(
    ganvas: Command, pictures: Path, tmp_path: Path, home: Path
) -> None:
    own = tmp_path / "own"
    shutil.copytree(pictures, own)
    (own / "empty.png").touch()
    (own / "words.png").write_text("not a picture")
    for _ in range(2):  # the second time out of the cache
        said = ganvas(*TRAINED, "--data", str(own), "--steps", "1")
        assert said.code == 0
        assert "2 files were left out. empty.png: It is empty." in said.err
        assert "Finished 1 step." in said.out
    for log in (home / "runs").glob("*/log.txt"):
        assert "2 files were left out." in log.read_text()
    assert "left out" not in ganvas(*TRAINED, "--data", str(pictures), "--steps", "1").err


def test_a_preset_brings_its_values_and_steps(ganvas: Command, pictures: Path) -> None:
    assert ganvas(*TRAINED, "--data", str(pictures), "--preset", "paper").code == 0
    (shown,) = ganvas("show", "latest", "--json").objects
    assert (shown["step"], shown["preset"]) == (50, "paper")
    assert shown["hyperparameters"].items() >= {"lr": 0.01, "resolution": 16}.items()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tov"], "There is no model 'tov'. Did you mean toy?"),
        (["toy", "--preset", "slow"], "toy has no preset 'slow'. Choose from: quick, paper."),
        (["toy", "--set", "batch=0"], "batch cannot be '0'. It takes 1 to 4096 pictures."),
        (["toy", "--set", "send=SIGHUP"], "send cannot be 'SIGHUP'. It takes one of nothing, SIGINT, SIGTERM."),
        (["toy", "--set", "colour=1"], "There is no hyperparameter 'colour'. "),
        (["toy", "--set", "lr"], "--set cannot read 'lr'. Write it as NAME=VALUE: --set lr=1e-4."),
        (["toy", "--device", "cuda:77"], "There is no device cuda:77 here. Choose from: cpu"),
        (["toy", "--device", "abacus"], "There is no device abacus here. Choose from: cpu"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_no_run(
    ganvas: Command, pictures: Path, home: Path, arguments: list[str], sentence: str
) -> None:
    said = ganvas("train", *arguments, "--data", str(pictures))
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1
    assert not list(home.glob("runs/*"))


def test_data_that_is_not_there_is_one_sentence(ganvas: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert ganvas(*TRAINED, "--data", str(tmp_path / "nowhere")).err.startswith("There is nothing at ")
    said = ganvas(*TRAINED, "--data", str(tmp_path / "empty"), "--json")
    assert said.code == 2
    assert "There are no pictures in " in said.err
    assert said.objects[-1]["event"] == "failed"


def test_a_folder_that_holds_a_run_is_left_alone(ganvas: Command, pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "my run"
    first = ganvas(*TRAINED, "--data", str(pictures), "--out", str(out))
    assert f"ganvas show '{out}'" in first.out
    said = ganvas(*TRAINED, "--data", str(pictures), "--out", str(out))
    assert said.code == 2
    assert said.err.startswith(f"There is a run in {out} already. Go on with it: ganvas resume '{out}'.")
    assert ganvas("show", str(out), "--json").objects[0]["step"] == 6


@pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_stops_cleanly_and_the_run_goes_on(ganvas: Command, pictures: Path, signal: str, code: int) -> None:
    endless = ("--steps", "1000000", "--set", f"send={signal}")
    said = ganvas(*TRAINED, "--data", str(pictures), *endless)
    assert said.code == code
    (shown,) = ganvas("show", "latest", "--json").objects
    step = shown["step"]
    assert shown["status"] == "stopped"
    assert shown["checkpoints"][-1] == step >= 3
    assert f"Stopped at step {step}. Go on with: ganvas resume {shown['name']}\n" in said.out

    resumed = ganvas("resume", "latest", "--steps", str(step + 2), "--json")
    assert resumed.code == 0
    assert of_kind(resumed.objects, "started")[0]["step"] == step
    assert resumed.objects[-1].items() >= {"event": "finished", "steps": step + 2}.items()


def fills_up(patch: pytest.MonkeyPatch, refusals: int) -> None:
    """The disk has no room for checkpoints, so many times."""
    left = itertools.count(refusals, -1)

    def need_space(folder: Path, _size: int) -> None:
        if next(left) > 0:
            raise DiskFullError(f"The disk that holds {folder} is full.", "Free some space, then go on.")

    patch.setattr("studio.engine.checkpoints.need_space", need_space)
    patch.setattr("studio.cli.following.RETRY_SECONDS", 0.0)


def test_on_a_full_disk_training_is_held_until_there_is_room(
    ganvas: Command, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fills_up(monkeypatch, 3)
    said = ganvas(*TRAINED, "--data", str(pictures), "--set", "checkpoint_every=2", "--json")
    assert said.code == 0
    assert [one["event"] for one in said.objects].count("held") == 1
    assert said.err.count("is full. Free some space, then go on.") == 1
    assert said.objects[-1]["event"] == "finished"
    assert [one["step"] for one in of_kind(said.objects, "step")] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("room", [True, False])
def test_a_signal_ends_a_run_that_is_held(
    ganvas: Command, pictures: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    """Step 3 sends it; checkpoints in training are refused, and the one at the end only where there is no room."""

    def need_space(folder: Path, _size: int) -> None:
        if not room or threading.current_thread().name.startswith("ganvas-checkpoint"):
            raise DiskFullError(f"The disk that holds {folder} is full.", "Free some space, then go on.")

    monkeypatch.setattr("studio.engine.checkpoints.need_space", need_space)
    endless = ("--steps", "1000000", "--set", "send=SIGINT", "--set", "checkpoint_every=3")
    said = ganvas(*TRAINED, "--data", str(pictures), *endless)
    assert said.code == (130 if room else 2)
    assert "is full. Free some space" in said.err or room


def test_a_stop_is_told_as_json_too(ganvas: Command, pictures: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures), "--steps", "1000000", "--set", "send=SIGINT", "--json")
    stopped = said.objects[-1]
    assert stopped["event"] == "stopped"
    assert f"Stopped at step {stopped['step']}. Go on with: ganvas resume " in said.err


def test_a_models_bug_is_a_traceback_and_1(ganvas: Command, pictures: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures), "--set", "fail=3", "--json")
    assert said.code == 1
    assert "broken on purpose" in said.objects[-1]["message"]
    assert "Traceback" in said.err
    assert "ganvas doctor --report" in said.err
    assert ganvas("runs", "--json").objects[0]["status"] == "failed"


def test_numbers_gone_bad_are_told(ganvas: Command, pictures: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures), "--set", "poison=3", "--set", "checkpoint_every=1")
    assert said.code == 2
    assert "The checkpoint of step " in said.err
    assert "training has diverged" in said.err
    assert "Traceback" not in said.err


def test_the_way_back_from_numbers_gone_bad_is_a_command_that_works(ganvas: Command, pictures: Path) -> None:
    said = ganvas(*TRAINED, "--data", str(pictures), "--set", "poison=4", "--set", "checkpoint_every=1", "--json")
    back = of_kind(said.objects, "failed")[0]["rollback"]
    program, *arguments = shlex.split(back["command"])
    assert program == "ganvas"
    assert arguments[0] == "resume"
    assert arguments[2:] == ["--set", "lr=0.0005"]
    assert f"The checkpoint of step {back['step']} is kept. Go on with: {back['command']}" in said.err
    again = ganvas(*arguments, "--json")
    (changed,) = of_kind(again.objects, "hyperparameter")
    assert (changed["step"], changed["old"], changed["new"]) == (back["step"], 0.001, 0.0005)
    (shown,) = ganvas("show", "latest", "--json").objects
    assert shown["changes"] == [{"step": back["step"], "name": "lr", "old": 0.001, "new": 0.0005}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "There is no run called nothing."),
        (["latest"], "done 6 steps already. Ask for more: --steps 12."),
        (["latest", "--steps", "3"], "done 6 steps already."),
        (["latest", "--steps", "9", "--device", "cuda:77"], "There is no device cuda:77 here."),
        (["latest", "--steps", "9", "--set", "lr=7"], "lr cannot be '7'. It takes above 0 to 1."),
        (["latest", "--steps", "9", "--set", "batch=8"], "batch cannot change while training. These can: lr,"),
        (["latest", "--steps", "9", "--set", "colour=8"], "There is no hyperparameter 'colour'."),
    ],
)
def test_a_run_that_cannot_go_on_says_why(ganvas_with_run: Command, arguments: list[str], sentence: str) -> None:
    said = ganvas_with_run("resume", *arguments)
    assert said.code == 2
    assert sentence in said.err
    assert ganvas_with_run("runs", "--json").objects[0]["status"] == "finished"


def test_a_run_without_its_checkpoints_cannot_go_on(ganvas_with_run: Command, home: Path) -> None:
    for file in home.glob("runs/*/checkpoints/*"):
        file.unlink()
    said = ganvas_with_run("resume", "latest", "--steps", "9")
    assert said.code == 2
    assert "There is no usable checkpoint" in said.err


def test_a_run_whose_folder_goes_away_claims_no_checkpoint(
    ganvas_with_run: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_metrics = Run.add_metrics

    def add(run: Run, row: Mapping[str, Any]) -> None:
        shutil.rmtree(run.folder)
        add_metrics(run, row)

    monkeypatch.setattr(Run, "add_metrics", add)
    said = ganvas_with_run("resume", "latest", "--steps", "9")
    assert said.code == 2
    assert " is gone, and metrics.jsonl could not be written. Put it back, or begin in another folder." in said.err
    assert "is kept" not in said.err
    assert not list((home / "runs").iterdir())


def of_kind(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["event"] == kind]
