"""A look through a source tells how far it is, can be called off, and keeps to the fields of the command line."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PIL import Image

from studio.api.data import Source
from studio.data import progress as pace
from studio.data.cache import Cancelled
from studio.data.inspect import inspect
from studio.data.sources import open_source

PICTURES = 40


@pytest.fixture
def folder(tmp_path: Path) -> Source:
    for index in range(PICTURES):
        Image.new("RGB", (9, 7) if index % 4 else (5, 5)).save(tmp_path / f"{index:02}.png")
    (tmp_path / "bad.png").write_text("no picture")
    return open_source(str(tmp_path))


def test_the_report_keeps_to_the_fields_of_the_command_line(folder: Source) -> None:
    assert inspect(folder).as_json() == {
        "name": folder.name,
        "kind": "unlabelled",
        "count": PICTURES,
        "width": 9,
        "height": 7,
        "labels": [],
        "domains": {},
        "skipped": [{"file": "bad.png", "reason": "It is not a picture that Ganvas reads."}],
    }


@pytest.mark.parametrize(("seconds_apart", "expected"), [(0.01, 9), (1.0, PICTURES + 1)])
def test_progress_comes_as_often_as_an_eye_can_follow(
    folder: Source, monkeypatch: pytest.MonkeyPatch, seconds_apart: float, expected: int
) -> None:
    clock = itertools.count(1)
    monkeypatch.setattr(pace.time, "monotonic", lambda: next(clock) * seconds_apart)
    told: list[tuple[int, int]] = []
    inspect(folder, lambda done, total: told.append((done, total)))
    assert len(told) == pytest.approx(expected, abs=2)
    assert told == sorted(told)
    assert told[-1] == (PICTURES + 1, PICTURES + 1)


def test_it_can_be_called_off(folder: Source) -> None:
    told: list[int] = []
    with pytest.raises(Cancelled):
        inspect(folder, lambda done, total: told.append(done), lambda: bool(told))
    assert told == [1]
