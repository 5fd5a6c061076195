"""Deleted runs are kept for so many days of use, whatever the clock says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studio.gui.run_bin import DAY, DIARY, RunBin

NOW = time.time()
YEAR = 365 * DAY
DAYS = 4


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "runs" / "a-run"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    return folder


@pytest.fixture
def bin_(tmp_path: Path) -> RunBin:
    return RunBin(tmp_path, DAYS)


def look(bin_: RunBin, days: int, start: float = NOW) -> float:
    """Looks into the bin several times a day, and returns when it was last looked at."""
    now = start
    for now in (start + (1 + quarter / 4) * DAY for quarter in range(4 * days)):
        bin_.sweep(now)
    return now


def test_a_run_is_moved_and_comes_back(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    assert not run.exists()
    bin_.restore(place, run)
    assert (run / "run.json").read_text() == "{}"


def test_two_runs_of_one_name_do_not_meet(bin_: RunBin, run: Path) -> None:
    bin_.put(run)
    run.mkdir()
    bin_.put(run)
    assert len(list(bin_.folder.iterdir())) == 2


def test_only_what_is_old_is_swept(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    (bin_.folder / "a stranger").mkdir()
    then = look(bin_, DAYS)
    assert place.exists()
    run.mkdir()
    younger = bin_.put(run)
    look(bin_, 1, then)
    assert not place.exists()
    assert younger.exists()
    assert (bin_.folder / "a stranger").exists()


def test_a_clock_that_jumps_and_comes_back_is_a_day_at_most(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    bin_.sweep(NOW)
    bin_.sweep(NOW + YEAR)
    bin_.sweep(NOW + 60)
    look(bin_, DAYS - 2, NOW + 60)
    assert place.exists()


def test_a_clock_that_is_wrong_for_good_still_empties_the_bin_in_the_end(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    bin_.sweep(NOW + YEAR)
    look(bin_, DAYS + 1, NOW - 10 * YEAR)
    assert not place.exists()


@pytest.mark.parametrize("found", ["", "{", '{"days": {"a": "b"}}', "[]"])
def test_what_cannot_be_read_of_the_past_keeps_a_run_longer(bin_: RunBin, run: Path, found: str) -> None:
    place = bin_.put(run)
    then = look(bin_, DAYS)
    (bin_.folder / DIARY).write_text(found)
    then = look(bin_, DAYS, then)
    assert place.exists()
    look(bin_, 1, then)
    assert not place.exists()


def test_a_bin_that_cannot_remember_keeps_everything(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    (bin_.folder / DIARY).mkdir()
    look(bin_, 2 * DAYS)
    assert place.exists()


def test_coming_back_to_a_taken_place_is_an_error(bin_: RunBin, run: Path) -> None:
    place = bin_.put(run)
    run.mkdir()
    (run / "other").touch()
    with pytest.raises(OSError):
        bin_.restore(place, run)
    assert place.exists()
