"""Masks: marks become pixels, by hand-worked values and by what must hold for any of them."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from studio.api import StudioError
from studio.edit.inpaint_mask import Mark, MaskSheet, feathered
from tests.edit.known_inpainting import random_mark


def cover(*marks: Mark, side: int = 8) -> np.ndarray:
    return MaskSheet(side).cover(marks)


def test_a_hard_brush_covers_a_disc_with_a_smooth_edge_of_one_pixel() -> None:
    row = cover(Mark.brush((0.5, 0.5625), 0.45, 1.0))[4]
    assert row == pytest.approx([0, 0, 0.8, 1, 1, 0.8, 0, 0])


def test_a_soft_brush_fades_from_its_middle() -> None:
    row = cover(Mark.brush((0.5, 0.5 + 1 / 32), 1.0, 0.0), side=16)[8]
    distances = np.abs(np.arange(16) + 0.5 - 8)
    assert row == pytest.approx(np.clip((8.5 - distances) / 9, 0, 1), abs=1e-6)


def test_a_rectangle_covers_the_pixels_whose_middles_are_inside() -> None:
    expected = np.zeros((8, 8))
    expected[2:4, 1:6] = 1
    assert np.array_equal(cover(Mark.shape("rectangle", [(0.75, 0.5), (0.125, 0.25)])), expected)


def test_a_lasso_covers_what_it_goes_around_and_leaves_what_it_goes_around_twice() -> None:
    triangle = cover(Mark.shape("lasso", [(0, 0), (1, 0), (0, 1)]))
    assert np.array_equal(triangle, np.flipud(np.tri(8, k=-1)) + np.fliplr(np.eye(8)) * triangle[0, 7])
    outer, inner = [(0, 0), (1, 0), (1, 1), (0, 1)], [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    ring = cover(Mark.shape("lasso", [*outer, outer[0], *inner, inner[0], outer[0]]))
    assert ring[0, 0] == 1
    assert ring[4, 4] == 0


def test_a_dragged_rectangle_has_two_corners_however_the_hand_went() -> None:
    dragged = Mark.shape("rectangle", [(0.1, 0.1)]).to((0.9, 0.2)).to((0.5, 0.5))
    assert dragged.points == ((0.1, 0.1), (0.5, 0.5))


def test_the_eraser_takes_off_and_turning_twice_is_nothing() -> None:
    everything, spot = Mark.shape("rectangle", [(0, 0), (1, 1)]), Mark.brush((0.5, 0.5), 0.5, 1.0, erases=True)
    erased = cover(everything, spot)
    assert erased[4, 4] == 0
    assert erased[0, 0] == 1
    assert np.array_equal(cover(everything, spot, Mark("invert")), 1 - erased)
    assert np.array_equal(cover(everything, spot, Mark("invert"), Mark("invert")), erased)


def test_painting_on_gives_what_painting_at_once_gives() -> None:
    chance, sheet = random.Random(3), MaskSheet(24)
    marks: tuple[Mark, ...] = ()
    for _ in range(60):
        if marks and chance.random() < 0.2:
            marks = marks[: chance.randrange(len(marks))]
        elif marks and marks[-1].kind == "brush" and chance.random() < 0.5:
            marks = (*marks[:-1], marks[-1].to((chance.random(), chance.random())))
        else:
            marks = (*marks, random_mark(chance))
        assert np.array_equal(sheet.cover(marks), MaskSheet(24).cover(marks))


def test_a_feather_fades_out_around_what_is_masked_and_leaves_it_whole() -> None:
    line = cover(Mark.shape("rectangle", [(0, 0), (0.25, 1)]))
    faded = feathered(line, 0.25)
    assert faded[3] == pytest.approx([1, 1, 2 / 3, 1 / 3, 0, 0, 0, 0])
    assert np.array_equal(feathered(line, 0), line)
    assert not feathered(np.zeros((8, 8), np.float32), 0.2).any()


def test_a_feather_follows_euclidean_distance() -> None:
    spot = np.zeros((33, 33), np.float32)
    spot[16, 16] = 1
    y, x = np.indices(spot.shape) - 16
    assert feathered(spot, 8 / 33) == pytest.approx(np.clip(1 - np.hypot(y, x) / 9, 0, 1), abs=1e-6)


def test_marks_survive_json() -> None:
    chance = random.Random(5)
    for _ in range(100):
        mark = random_mark(chance)
        assert Mark.from_json(json.loads(json.dumps(mark.to_json()))) == mark


@pytest.mark.parametrize(
    "values",
    [
        None,
        {},
        {"kind": "spray", "points": [[0, 0]]},
        {"kind": "brush", "points": []},
        {"kind": "brush", "points": [[0]]},
        {"kind": "brush", "points": [[0, float("nan")]]},
        {"kind": "brush", "points": [[0, 0]], "width": -1},
        {"kind": "brush", "points": [[0, 0]], "hardness": 2},
        {"kind": "lasso", "points": [[0, 9]]},
        {"kind": "lasso", "points": [[0, 0]], "erases": 1},
    ],
)
def test_a_damaged_mark_is_named(values: object) -> None:
    with pytest.raises(StudioError):
        Mark.from_json(values)
