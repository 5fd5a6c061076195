"""Deleted runs are kept for thirty days."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studio.gui.run_bin import DAY, RunBin


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "a-run"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    return folder


def test_a_run_is_moved_and_comes_back(tmp_path: Path, run: Path) -> None:
    bin_ = RunBin(tmp_path)
    place = bin_.put(run)
    assert not run.exists()
    bin_.restore(place, run)
    assert (run / "run.json").read_text() == "{}"


def test_two_runs_of_one_name_do_not_meet(tmp_path: Path, run: Path) -> None:
    bin_ = RunBin(tmp_path)
    bin_.put(run)
    run.mkdir()
    bin_.put(run)
    assert len(list(bin_.folder.iterdir())) == 2


def test_only_what_is_old_is_swept(tmp_path: Path, run: Path) -> None:
    bin_ = RunBin(tmp_path)
    place = bin_.put(run)
    (bin_.folder / "a stranger").mkdir()
    bin_.sweep(time.time() + 29 * DAY)
    assert place.exists()
    bin_.sweep(time.time() + 31 * DAY)
    assert not place.exists()
    assert (bin_.folder / "a stranger").exists()


def test_coming_back_to_a_taken_place_is_an_error(tmp_path: Path, run: Path) -> None:
    bin_ = RunBin(tmp_path)
    place = bin_.put(run)
    run.mkdir()
    (run / "other").touch()
    with pytest.raises(OSError):
        bin_.restore(place, run)
    assert place.exists()
