"""`ganvas runs measure`: every checkpoint scored by plugins' metrics, the best kept; what cannot be is one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.engine.plugins import PluginHost
from tests.cli import toy_metrics
from tests.cli.conftest import Command, call

every = PluginHost.metrics


@pytest.fixture(autouse=True)
def _nothing_seen() -> Iterator[None]:
    toy_metrics.seen.clear()
    yield
    toy_metrics.seen.clear()


@pytest.fixture
def longer(ganvas_with_run: Command) -> Command:
    """A run with checkpoints of the steps 6 and 9."""
    assert ganvas_with_run("resume", "latest", "--steps", "9").code == 0
    return ganvas_with_run


def sheet(home: Path) -> dict[str, Any]:
    [file] = (home / "runs").glob("*/scores.json")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def measured(said: Any) -> list[tuple[int, str]]:
    assert said.code == 0, said.err
    return [(one["step"], one["metric"]) for one in said.objects[:-1]]


def test_every_checkpoint_is_measured_and_the_best_marked(longer: Command, home: Path) -> None:
    said = longer("runs", "measure", "latest", "--metric", "toy-distance", "--json")
    assert measured(said) == [(9, "toy-distance"), (6, "toy-distance")]
    values = {one["step"]: one["value"] for one in said.objects[:-1]}
    best = min(values, key=lambda step: values[step])
    assert said.objects[-1] == {"run": said.objects[-1]["run"], "best": best, "best_by": "toy-distance"}
    kept = sheet(home)["metrics"]["toy-distance"]
    assert kept["values"] == {str(step): value for step, value in values.items()}
    assert (kept["images"], kept["lower_is_better"]) == (6, True)
    shown = longer("show", "latest").out
    assert f"{best} (Toy distance {values[best]:.4g}, the best)" in shown
    [one] = longer("show", "latest", "--json").objects
    assert one["best"] == best
    assert one["scores"] == {"toy-distance": {str(step): value for step, value in sorted(values.items())}}


def test_pictures_are_those_of_seeds_beside_as_many_real_ones(longer: Command, pictures: Path, tmp_path: Path) -> None:
    assert longer("runs", "measure", "latest", "--metric", "toy-distance", "--step", "6").code == 0
    [(_, real), (_, generated)] = toy_metrics.seen
    assert (real.shape, real.dtype) == ((6, 8, 8, 3), np.uint8)
    originals = [np.asarray(Image.open(path)) for path in pictures.iterdir()]
    assert all(any((one == other).all() for other in originals) for one in real)
    assert len({one.tobytes() for one in real}) == 6
    assert longer("sample", "latest", "--count", "6", "--step", "6", "--out", str(tmp_path / "s")).code == 0
    sampled = np.stack([np.asarray(Image.open(path)) for path in sorted((tmp_path / "s").iterdir())])
    assert np.abs(sampled.astype(int) - generated).max() <= 1


def test_what_was_measured_is_not_measured_twice_unless_asked(longer: Command) -> None:
    ask = ("runs", "measure", "latest", "--metric", "toy-distance", "--json")
    assert len(measured(longer(*ask))) == 2
    assert [whose for whose, _ in toy_metrics.seen] == ["real", "generated", "generated"]
    assert measured(longer(*ask)) == []
    assert longer("resume", "latest", "--steps", "12").code == 0
    assert measured(longer(*ask)) == [(12, "toy-distance")]
    assert len(measured(longer(*ask, "--again"))) == 3


def test_scores_with_other_pictures_do_not_compare_and_go(longer: Command, home: Path) -> None:
    ask = ("runs", "measure", "latest", "--metric", "toy-distance", "--json")
    longer(*ask)
    said = longer(*ask, "--images", "3", "--step", "9")
    assert "Scores of Toy distance so far are of other pictures." in said.err
    assert list(sheet(home)["metrics"]["toy-distance"]["values"]) == ["9"]
    assert measured(longer(*ask)) == [(6, "toy-distance")]
    assert sheet(home)["metrics"]["toy-distance"]["images"] == 3


def test_all_metrics_are_tried_and_those_that_cannot_be_had_are_named(
    longer: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy_metrics, "interrupted", toy_metrics.contrast)
    monkeypatch.setattr(PluginHost, "metrics", lambda self: tuple(one for one in every(self) if "toy" in one.id))
    said = longer("runs", "measure", "latest", "--step", "9", "--json")
    assert measured(said) == [(9, "toy-distance"), (9, "toy-contrast"), (9, "toy-interrupted")]
    told = said.err.splitlines()
    assert any(line.startswith("Lacking needs the module a_module_nobody_has") for line in told)
    assert any(line.startswith("Step 9: The plugin metrics failed while Failing was measured") for line in told)
    assert list(sheet(home)["metrics"]) == ["toy-distance", "toy-contrast", "toy-interrupted"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--metric", "gone"], "There is no metric 'gone'. There is: "),
        (["--metric", "toy-distance", "--step", "7"], "There is no checkpoint of step 7. There are: 6."),
        (["--metric", "toy-distance", "--data", "nowhere"], "There is nothing at nowhere."),
        (
            ["--metric", "toy-lacking"],
            "Lacking needs the module a_module_nobody_has, which is not installed. Install it: g",
        ),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(ganvas_with_run: Command, arguments: list[str], sentence: str) -> None:
    said = ganvas_with_run("runs", "measure", "latest", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        ("toy-failing", "Step 6: The plugin metrics failed while Failing was measured: RuntimeError: no yardstick."),
        ("toy-endless", "Step 6: The plugin metrics failed while Endless was measured: ValueError: it gave nan."),
    ],
)
def test_a_metric_that_fails_is_named_and_scores_nothing(
    ganvas_with_run: Command, home: Path, metric: str, sentence: str
) -> None:
    said = ganvas_with_run("runs", "measure", "latest", "--metric", metric)
    assert said.code == 2
    assert sentence in said.err
    assert "Nothing could be measured" in said.err
    assert not list((home / "runs").glob("*/scores.json"))


def test_ctrl_c_keeps_what_has_been_measured(longer: Command, home: Path) -> None:
    assert longer("runs", "measure", "latest", "--metric", "toy-contrast").code == 0
    said = longer("runs", "measure", "latest", "--metric", "toy-interrupted")
    assert said.code == 130
    assert said.err.endswith("Ended; what has been measured is kept.\n")
    assert len(sheet(home)["metrics"]["toy-contrast"]["values"]) == 2


def test_the_metric_that_was_named_last_says_which_is_the_best(longer: Command, home: Path) -> None:
    longer("runs", "measure", "latest", "--metric", "toy-distance")
    assert sheet(home)["best_by"] == "toy-distance"
    said = longer("runs", "measure", "latest", "--metric", "toy-contrast")
    assert sheet(home)["best_by"] == "toy-contrast"
    assert "Toy contrast: higher is better, 4 pictures." in said.out
    values = sheet(home)["metrics"]["toy-contrast"]["values"]
    [line] = [line for line in said.out.splitlines() if line.endswith("the best")]
    assert line.split()[0] == max(values, key=lambda step: float(values[step]))


def test_a_run_that_was_imported_is_measured_with_the_data_that_is_given(
    ganvas_with_run: Command, tmp_path: Path, pictures: Path
) -> None:
    file = tmp_path / "toys.safetensors"
    ganvas_with_run("export", "latest", "--out", str(file))
    [answer] = call("import", str(file), "--json").objects
    ask = ("runs", "measure", answer["run"], "--metric", "toy-distance")
    said = call(*ask)
    assert said.code == 2
    assert "does not say which pictures it was trained on. Give them: --data SOURCE." in said.err
    assert call(*ask, "--data", str(pictures)).code == 0


def test_models_that_sample_nothing_are_refused(ganvas: Command, pictures: Path, tmp_path: Path) -> None:
    for side in "AB":
        shutil.copytree(pictures, tmp_path / "pairs" / side)
    assert ganvas("train", "pairs", "--data", str(tmp_path / "pairs"), "--device", "cpu").code == 0
    said = ganvas("runs", "measure", "latest", "--metric", "toy-distance")
    assert said.code == 2
    assert said.err.startswith("Toy pairs draws no pictures from z alone,")


def test_a_damaged_checkpoint_is_named_and_the_others_are_measured(longer: Command, home: Path) -> None:
    [newest] = (home / "runs").glob("*/checkpoints/*9.safetensors")
    newest.write_bytes(newest.read_bytes()[:-9])
    said = longer("runs", "measure", "latest", "--metric", "toy-distance", "--json")
    assert measured(said) == [(6, "toy-distance")]
    assert "Step 9: step-000000000009.safetensors is damaged or cut short." in said.err
    assert said.objects[-1]["best"] == 6


def test_scores_that_cannot_be_kept_are_told(ganvas_with_run: Command, home: Path) -> None:
    [folder] = (home / "runs").iterdir()
    (folder / "scores.json").mkdir()  # nothing can take its place, as on a full disk
    said = ganvas_with_run("runs", "measure", "latest", "--metric", "toy-distance", "--json")
    assert said.code == 2
    [score] = said.objects
    assert score["step"] == 6
    assert (
        f"Step 6: toy-distance {score['value']:.4g}, which is not kept. {folder / 'scores.json'} cannot be" in said.err
    )
    assert said.err.endswith(
        f"Not every score of {folder.name} could be kept. Note those above, or measure them again.\n"
    )
