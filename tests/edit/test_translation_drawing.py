"""Strokes become pixels: where, how wide, and the same whichever way one got there."""

import random

import numpy as np
import pytest

from studio.edit.strokes import Paper, Stroke

RED = "#ff0000"


def white(size: int = 32) -> np.ndarray:
    return np.full((size, size, 3), 255, np.uint8)


def test_paper_without_strokes_is_white_and_a_ground_is_itself():
    paper, ground = Paper(32), np.random.default_rng(0).integers(256, size=(32, 32, 3), dtype=np.uint8)
    assert (paper.pixels(None, ()) == 255).all()
    assert paper.pixels(ground, ()) is ground


def test_a_stroke_is_where_the_hand_was_and_as_wide_as_the_pen():
    pixels = Paper(32).pixels(None, [Stroke(((0.25, 0.5), (0.75, 0.5)), 4 / 32, RED)])
    red = (pixels == (255, 0, 0)).all(-1)
    assert red[14:18, 8:24].all()
    assert not red[:13].any()
    assert not red[19:].any()
    rows, columns = np.nonzero((pixels != 255).any(-1))
    assert (rows.min(), rows.max()) == (14, 17)
    assert (columns.min(), columns.max()) == (6, 25)


def test_edges_are_smooth():
    pixels = Paper(32).pixels(None, [Stroke(((0.1, 0.1), (0.9, 0.6)), 0.08, "#000000")])
    assert len(np.unique(pixels)) > 4


def test_a_dot_is_round_and_seen_however_thin_the_pen():
    pixels = Paper(32).pixels(None, [Stroke(((0.5, 0.5),), 0.001, "#000000")])
    assert (pixels != 255).any()


def test_pixels_that_no_stroke_touches_are_the_grounds_own():
    ground = np.random.default_rng(1).integers(256, size=(32, 32, 3), dtype=np.uint8)
    pixels = Paper(32).pixels(ground, [Stroke(((0.1, 0.1), (0.3, 0.1)), 0.1, RED)])
    assert (pixels[8:] == ground[8:]).all()
    assert (pixels[:8] != ground[:8]).any()


def test_the_eraser_brings_the_ground_back():
    ground = np.random.default_rng(2).integers(256, size=(32, 32, 3), dtype=np.uint8)
    strokes = [Stroke(((0.2, 0.5), (0.8, 0.5)), 0.2, RED), Stroke(((0.0, 0.5), (1.0, 0.5)), 0.5)]
    assert (Paper(32).pixels(ground, strokes) == ground).all()
    assert (Paper(32).pixels(None, strokes) == 255).all()


@pytest.mark.parametrize("resolution", [16, 64, 1024])
def test_drawing_on_gives_what_drawing_at_once_gives(resolution):
    chance = random.Random(3)
    strokes = [
        Stroke(
            tuple((chance.random(), chance.random()) for _ in range(chance.randrange(1, 5))),
            chance.uniform(0.01, 0.2),
            chance.choice([RED, "#00ff00", ""]),
        )
        for _ in range(8)
    ]
    paper = Paper(resolution)
    for count in (1, 2, 3, 8, 5, 0, 6, 2, 8):
        expected = Paper(resolution).pixels(None, strokes[:count])
        assert (paper.pixels(None, strokes[:count]) == expected).all()
    ground = white(resolution) // 2
    assert (paper.pixels(ground, strokes) == Paper(resolution).pixels(ground, strokes)).all()


def test_a_hand_that_leaves_the_paper_harms_nothing():
    stroke = Stroke.at((0.5, 0.5), 0.1, RED).to((4.0, -9.0)).to((float(np.float32(0.1)), 0.2))
    assert stroke.points == ((0.5, 0.5), (2.0, -1.0), (0.1, 0.2))
    Paper(16).pixels(None, [stroke])
    assert Stroke.from_json(stroke.to_json()) == stroke
