"""Directions kept beside a run: found again with their names, without how far a picture was moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.edit.direction_files import MOST_FILES, store, stored
from studio.edit.directions import Directions


def found(step: int = 7) -> Directions:
    return Directions.of(np.random.RandomState(0).randn(3, 6), np.full(3, 0.25), "w", step)


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    named = found().named(1, "Wide")
    store(tmp_path / "directions", named.along(0, 2.0), None)
    assert stored(tmp_path / "directions", 7, None) == named


def test_steps_and_classes_are_kept_apart(tmp_path: Path) -> None:
    store(tmp_path, found(), 3)
    assert stored(tmp_path, 7, 3) == found()
    assert stored(tmp_path, 7, None) is None
    assert stored(tmp_path, 8, 3) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"through": "w", "found": 3}'])
def test_a_damaged_file_is_none(tmp_path: Path, content: str) -> None:
    store(tmp_path, found(), None)
    next(tmp_path.iterdir()).write_text(content)
    assert stored(tmp_path, 7, None) is None


def test_a_run_that_was_deleted_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        store(tmp_path / "run" / "edits" / "directions", found(), None)
    assert not list(tmp_path.iterdir())


def test_only_the_newest_stay(tmp_path: Path) -> None:
    for step in range(MOST_FILES + 3):
        store(tmp_path, found(step), None)
    assert len(list(tmp_path.iterdir())) == MOST_FILES
    assert stored(tmp_path, MOST_FILES + 2, None) is not None
