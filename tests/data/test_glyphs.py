"""The demo data: real glyphs, readable, the same everywhere, without Qt."""

from __future__ import annotations

import numpy as np
import pytest

from studio.api import DataKind
from studio.data.inspect import inspect
from studio.data.sources import open_source


def test_there_are_thousands_in_many_colours() -> None:
    source = open_source("demo:icons")
    assert len(source) > 7000
    assert source.kind is DataKind.UNLABELLED
    grounds = {tuple(source.picture(index, 16)[0, 0]) for index in range(0, 7000, 100)}
    assert len(grounds) > 40


@pytest.mark.parametrize("resolution", [16, 32, 64, 256])
def test_a_glyph_fills_its_picture_and_stands_out(resolution: int) -> None:
    source = open_source("demo:icons")
    for index in range(0, 7000, 500):
        picture = source.picture(index, resolution).astype(float)
        assert picture.shape == (resolution, resolution, 3)
        distance = np.abs(picture - picture[0, 0]).sum(axis=2)
        assert distance.max() > 120, source.key(index)
        rows, columns = np.nonzero(distance > 60)
        assert max(np.ptp(rows), np.ptp(columns)) > resolution / 3, source.key(index)


def test_a_glyph_is_the_same_every_time() -> None:
    first, again = (open_source("demo:icons").picture(1234, 64) for _ in range(2))
    assert np.array_equal(first, again)


def test_labelled_icons_come_in_pairs() -> None:
    source = open_source("demo:icons-labelled")
    assert source.labels == ("filled", "outline")
    labels = [source.label(index) for index in range(len(source))]
    assert len(labels) > 3000
    assert abs(np.mean(labels) - 0.5) < 0.05


def test_not_one_is_empty() -> None:
    report = inspect(open_source("demo:icons"))
    assert report.skipped == ()
    assert (report.count, report.width, report.height) == (len(open_source("demo:icons")), 64, 64)
