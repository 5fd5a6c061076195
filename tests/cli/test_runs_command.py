"""`ganvas runs` and `ganvas show`."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command


def test_without_runs_the_way_to_one_is_shown(ganvas: Command) -> None:
    assert "There are no runs yet." in ganvas("runs").out
    assert ganvas("runs", "--json").out == ""
    said = ganvas("show", "latest")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("There are no runs yet.")


def test_runs_are_listed(ganvas_with_run: Command, pictures: Path) -> None:
    (listed,) = ganvas_with_run("runs", "--json").objects
    expected = {"model": "toy", "status": "finished", "step": 6, "steps": 6, "data": str(pictures)}
    assert listed.items() >= expected.items()
    out = ganvas_with_run("runs").out
    assert listed["name"] in out
    assert "6 of 6" in out


def test_a_run_that_cannot_be_listed_is_named_with_its_reason(ganvas: Command, home: Path) -> None:
    for name, record in {"torn": '{"model": "gan"', "newer": '{"format": 2, "status": "hibernating"}'}.items():
        (home / "runs" / name).mkdir(parents=True)
        (home / "runs" / name / "run.json").write_text(record, "utf-8")
    said = ganvas("runs")
    assert (said.code, said.out) == (0, "")
    assert f"The record of the run in {home / 'runs' / 'torn'} is damaged." in said.err
    assert f"The run in {home / 'runs' / 'newer'} was written by a newer Ganvas. Update Ganvas" in said.err
    assert ganvas("resume", "newer").code == 2


@pytest.mark.parametrize("command", ["show", "resume", "runs measure"])
@pytest.mark.parametrize("wrong", [{"labels": 5}, {"kind": "spoken"}, {"domains": ["A"]}])
def test_a_record_that_was_changed_by_hand_is_damaged_in_one_sentence(
    ganvas_with_run: Command, home: Path, command: str, wrong: dict[str, Any]
) -> None:
    [file] = (home / "runs").glob("*/run.json")
    record = json.loads(file.read_text("utf-8"))
    record["data_info"] |= wrong
    file.write_text(json.dumps(record), "utf-8")
    said = ganvas_with_run(*command.split(), file.parent.name)
    assert said.code == 2
    assert said.err == f"The record of the run in {file.parent} is damaged. Its checkpoints are untouched.\n"


def test_a_folder_in_the_place_of_the_lock_is_one_sentence(ganvas_with_run: Command, home: Path) -> None:
    [folder] = (home / "runs").iterdir()
    (folder / "run.lock").unlink(missing_ok=True)
    (folder / "run.lock").mkdir()
    said = ganvas_with_run("resume", folder.name, "--steps", "8")
    assert said.code == 2
    assert "Traceback" not in said.err
    assert f"{folder / 'run.lock'} may not be written. " in said.err


def test_what_can_be_no_name_is_no_run(ganvas: Command) -> None:
    said = ganvas("show", "x" * 400)
    assert (said.code, said.err[:20]) == (2, "There is no run call")


def test_a_run_is_found_by_folder_name_and_latest(ganvas_with_run: Command, home: Path) -> None:
    (folder,) = (home / "runs").iterdir()
    for text in (str(folder), folder.name, "latest"):
        (shown,) = ganvas_with_run("show", text, "--json").objects
        assert shown["run"] == str(folder)
    assert shown.items() >= {"model": "toy", "status": "finished", "step": 6, "directions": [], "labels": []}.items()
    assert shown["capabilities"] == ["LatentSampling"]
    assert shown["hyperparameters"]["resolution"] == 8
    assert shown["metrics"]["step"] == 6


def test_a_run_is_shown_for_people(ganvas_with_run: Command) -> None:
    out = ganvas_with_run("show", "latest").out
    assert "finished, step 6 of 6" in out
    assert "toy (plugin toy 3.1)" in out
    assert "loss/G" in out


def test_a_run_whose_plugin_is_gone_can_be_looked_at(ganvas_with_run: Command) -> None:
    said = ganvas_with_run("--safe-mode", "show", "latest", "--json")
    assert said.code == 0
    assert said.objects[0]["capabilities"] == []
    assert "needs toy, of the plugin toy 3.1, which is not here." in said.err


def test_a_damaged_run_is_named(ganvas_with_run: Command, home: Path) -> None:
    (record,) = (home / "runs").glob("*/run.json")
    record.write_text("{")
    said = ganvas_with_run("show", record.parent.name)
    assert said.code == 2
    assert "is damaged" in said.err


def test_a_pinned_checkpoint_is_shown_and_outlives_a_training_that_goes_on(ganvas_with_run: Command) -> None:
    (pinned,) = ganvas_with_run("runs", "pin", "latest", "--json").objects
    assert (pinned["step"], pinned["pinned"]) == (6, True)
    assert "6 (pinned)" in ganvas_with_run("show", "latest").out
    for steps in ("7", "8", "9", "10"):
        assert ganvas_with_run("resume", "latest", "--steps", steps).code == 0
    (shown,) = ganvas_with_run("show", "latest", "--json").objects
    assert shown["checkpoints"] == [6, 7, 8, 9, 10]
    assert shown["pinned"] == [6]
    said = ganvas_with_run("runs", "unpin", "latest")
    assert said.out == f"Step 6 of {shown['name']} is pinned no longer.\n"
    assert ganvas_with_run("show", "latest", "--json").objects[0]["pinned"] == []


@pytest.mark.parametrize(
    "typed", [("--json", "pin", "latest"), ("pin", "--json", "latest"), ("pin", "latest", "--json")]
)
def test_json_is_understood_wherever_it_is_typed(ganvas_with_run: Command, typed: tuple[str, ...]) -> None:
    (pinned,) = ganvas_with_run("runs", *typed).objects
    assert (pinned["step"], pinned["pinned"]) == (6, True)


def test_what_cannot_be_pinned_is_said(ganvas_with_run: Command, home: Path) -> None:
    said = ganvas_with_run("runs", "pin", "latest", "5")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("There is no checkpoint of step 5. There are: 6.")
    assert "is pinned." in ganvas_with_run("runs", "unpin", "latest").err
    assert ganvas_with_run("runs", "pin", "nothing").err.startswith("There is no run called nothing.")
    (checkpoint,) = (home / "runs").glob("*/checkpoints/*")
    checkpoint.unlink()
    assert "has no checkpoint yet." in ganvas_with_run("runs", "pin", "latest").err


def test_of_several_that_are_pinned_one_must_be_named(ganvas_with_run: Command) -> None:
    ganvas_with_run("runs", "pin", "latest", "6")
    ganvas_with_run("resume", "latest", "--steps", "8")
    ganvas_with_run("runs", "pin", "latest")
    said = ganvas_with_run("runs", "unpin", "latest")
    assert said.code == 2
    assert said.err.endswith("Say which: 6, 8.\n")
    assert ganvas_with_run("runs", "unpin", "latest", "8").code == 0


def test_the_newest_row_is_shown_without_holding_the_others(ganvas_with_run: Command, home: Path) -> None:
    [folder] = (home / "runs").iterdir()
    with (folder / "metrics.jsonl").open("w", encoding="utf-8") as file:
        for step in range(1, 31):
            file.write(json.dumps({"step": step, "note": "x" * 2**20}) + "\n")
        file.write(json.dumps({"step": 31, "loss/G": 0.25}) + "\n")
    ganvas_with_run("show", "latest")  # what is imported for the first time counts for nothing
    tracemalloc.start()
    try:
        [shown] = ganvas_with_run("show", "latest", "--json").objects
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shown["metrics"] == {"step": 31, "loss/G": 0.25}
    assert peak < 15 * 2**20
