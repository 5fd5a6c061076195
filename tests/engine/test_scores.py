"""Scores of checkpoints: which is the best, what retention makes of it, and what becomes of a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.api import MetricSpec
from studio.engine.runs import Run, RunRecord
from studio.engine.scores import SCORES, Scores

LOW = MetricSpec("low", "Low", True, "m:f")
HIGH = MetricSpec("high", "High", False, "m:f")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run(tmp_path, RunRecord(model="toy", data="d"))
    run.update()
    return run


def score(run: Run, spec: MetricSpec, values: dict[int, float], *, images: int = 5, data: str = "d") -> None:
    for step, value in values.items():
        run.scores.add(spec, step, value, images=images, data=data)


def saved(run: Run, *steps: int) -> list[int]:
    for step in steps:
        run.checkpoints.save_arrays(step, {"step": step})
    return [checkpoint.step for checkpoint in run.checkpoints.all()]


def test_the_best_checkpoint_stays_when_newer_ones_come(run: Run) -> None:
    saved(run, 9, 10, 11)
    score(run, LOW, {9: 0.5, 10: 0.1, 11: 0.3})
    assert saved(run, 12, 13, 14, 15, 17, 18, 19) == [10, 15, 17, 18, 19]


def test_it_goes_when_a_better_one_is_measured(run: Run) -> None:
    saved(run, 9, 10, 11)
    score(run, LOW, {10: 0.1})
    saved(run, 12, 13, 14)
    score(run, LOW, {13: 0.01})
    assert saved(run, 15, 17, 18, 19) == [13, 15, 17, 18, 19]


@pytest.mark.parametrize(("spec", "best"), [(LOW, 2), (HIGH, 3)])
def test_which_way_is_better_is_the_metrics_to_say(run: Run, spec: MetricSpec, best: int) -> None:
    score(run, spec, {1: 0.4, 2: 0.2, 3: 0.6})
    assert run.scores.best([1, 2, 3]) == best
    assert run.scores.best([1]) == 1
    assert run.scores.best([4]) is None


def test_the_first_metric_counts_until_another_is_chosen(run: Run) -> None:
    score(run, LOW, {1: 0.4, 2: 0.2})
    score(run, HIGH, {1: 0.9, 2: 0.1})
    assert run.scores.best([1, 2]) == 2
    run.scores.choose("high")
    assert run.scores.best([1, 2]) == 1
    assert run.scores.read().told(1, 1) == "High 0.9, the best"
    assert run.scores.read().told(2, 1) == "High 0.1"
    assert run.scores.read().told(3, 1) == ""


def test_scores_of_other_pictures_do_not_compare(run: Run) -> None:
    score(run, LOW, {1: 0.4, 2: 0.2})
    score(run, HIGH, {1: 0.4})
    score(run, LOW, {3: 0.3}, images=6)
    assert dict(run.scores.read().metrics["low"].values) == {3: 0.3}
    score(run, LOW, {4: 0.3}, images=6, data="other")
    assert dict(run.scores.read().metrics["low"].values) == {4: 0.3}
    assert dict(run.scores.read().metrics["high"].values) == {1: 0.4}


def test_a_run_that_goes_back_forgets_what_came_after(run: Run) -> None:
    score(run, LOW, {1: 0.4, 2: 0.2, 3: 0.1})
    run.rewind(2)
    assert dict(run.scores.read().metrics["low"].values) == {1: 0.4, 2: 0.2}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"metrics": {"low": {"values": {"one": 2}}}}'])
def test_a_damaged_file_is_no_file(tmp_path: Path, text: str) -> None:
    (tmp_path / SCORES).write_text(text)
    scores = Scores(tmp_path / SCORES)
    assert scores.best([1]) is None
    scores.add(LOW, 1, 0.5, images=2, data="d")
    assert scores.best([1]) == 1
