"""`ganvas resume` after the data was moved: it says where it was, and takes the new place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TRAINED, Command


@pytest.fixture
def moved(ganvas: Command, pictures: Path, tmp_path: Path) -> Path:
    """Where the data of the home's one run is now; it was at `before` beside."""
    before, now = tmp_path / "before", tmp_path / "now"
    shutil.copytree(pictures, before)
    assert ganvas(*TRAINED, "--data", str(before)).code == 0
    return before.rename(now)


def shown(ganvas: Command) -> dict[str, Any]:
    [run] = ganvas("show", "latest", "--json").objects
    return run


def test_data_that_was_moved_is_said_with_its_old_place(ganvas: Command, moved: Path) -> None:
    said = ganvas("resume", "latest", "--steps", "8")
    assert said.code == 2
    before = moved.with_name("before")
    assert f"was at {before}, where there is nothing now. Put it back there, or say where it is: " in said.err
    assert shown(ganvas)["step"] == 6
    moved.rename(before)
    assert ganvas("resume", "latest", "--steps", "8").code == 0


def test_the_new_place_is_taken_from_then_on(ganvas: Command, moved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(moved.parent)
    said = ganvas("resume", "latest", "--steps", "8", "--data", moved.name)
    assert said.code == 0, said.err
    assert "not those" not in said.err
    assert shown(ganvas)["data"] == str(moved)
    assert ganvas("resume", "latest", "--steps", "10").code == 0


def test_other_pictures_are_noticed(ganvas: Command, moved: Path) -> None:
    (moved / "0.png").unlink()
    said = ganvas("resume", "latest", "--steps", "8", "--data", str(moved))
    assert said.code == 0
    assert f"The pictures in {moved} are not those that this run began with, or have changed since." in said.err


def test_a_place_without_data_leaves_the_run_as_it_was(ganvas: Command, moved: Path) -> None:
    said = ganvas("resume", "latest", "--steps", "8", "--data", str(moved / "nowhere"))
    assert (said.code, said.err[:20]) == (2, "There is nothing at ")
    assert shown(ganvas)["data"] == str(moved.with_name("before"))
