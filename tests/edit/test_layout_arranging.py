"""Where boxes go: pulled by their handles, brought onto lines, kept inside."""

import random

import pytest

from studio.edit.layout_arranging import (
    HANDLES,
    MOVE,
    SMALLEST,
    Handle,
    between,
    fitted,
    frame,
    pulled,
    roomy,
    rounded,
    snapped,
)

BOX = (0.2, 0.3, 0.4, 0.2)
NEAR = (0.02, 0.02)


def inside(box: tuple[float, ...], dust: float = 1e-9) -> bool:
    x, y, width, height = box
    return min(x, y) >= -dust and max(x + width, y + height) <= 1 + 1e-9 and min(width, height) > 0


def test_a_pulled_edge_moves_and_the_opposite_one_stays():
    assert pulled(BOX, Handle(1, 0), 0.1, 0.5) == pytest.approx((0.2, 0.3, 0.5, 0.2))
    assert pulled(BOX, Handle(-1, 0), 0.1, 0.5) == pytest.approx((0.3, 0.3, 0.3, 0.2))
    assert pulled(BOX, Handle(0, -1), 0.1, -0.1) == pytest.approx((0.2, 0.2, 0.4, 0.3))
    assert pulled(BOX, Handle(1, 1), 0.1, 0.1) == pytest.approx((0.2, 0.3, 0.5, 0.3))
    assert pulled(BOX, MOVE, 0.1, -0.1) == pytest.approx((0.3, 0.2, 0.4, 0.2))


def test_nothing_leaves_the_picture_or_turns_inside_out():
    chance = random.Random(1)
    for _ in range(500):
        x, y = chance.random() * 0.9, chance.random() * 0.9
        box = (x, y, chance.uniform(SMALLEST, 1 - x), chance.uniform(SMALLEST, 1 - y))
        for handle in (MOVE, *HANDLES):
            for proportional in (False, True):
                way = chance.uniform(-2, 2), chance.uniform(-2, 2)
                after = pulled(box, handle, *way, proportional=proportional)
                assert inside(after)
                assert min(after[2:]) >= SMALLEST * (1 - 1e-9)
                assert inside(snapped(after, handle, [box], NEAR).box)
                assert inside(rounded(after), dust=0)
        assert inside(between((chance.uniform(-1, 2), chance.uniform(-1, 2)), (x, y)))


def test_in_proportion_the_ratio_stays():
    for handle in HANDLES:
        after = pulled(BOX, handle, 0.07 * (handle.x or 1), 0.07 * (handle.y or 1), proportional=True)
        assert after[2] / after[3] == pytest.approx(BOX[2] / BOX[3])
        assert after[2] > BOX[2]


def test_an_edge_near_a_line_stands_on_it():
    third = snapped((0.34, 0.1, 0.123, 0.123), MOVE, [], NEAR)
    assert third.box[0] == pytest.approx(1 / 3)
    assert third.box[1:] == (0.1, 0.123, 0.123)
    assert third.x == (pytest.approx(1 / 3),)
    assert third.y == ()


def test_what_is_farther_than_near_stays():
    for box in ((0.36, 0.1, 0.2, 0.123), (0.3, 0.1, 0.12, 0.123)):
        assert snapped(box, MOVE, [], NEAR).box == box
    assert snapped((0.34, 0.1, 0.2, 0.2), Handle(1, 0), [], NEAR).box == (0.34, 0.1, 0.2, 0.2)


def test_a_neighbours_edge_is_a_line():
    neighbour = (0.61, 0.07, 0.1, 0.1)
    right = snapped((0.2, 0.21, 0.4, 0.2), Handle(1, 1), [neighbour], NEAR)
    assert right.box == pytest.approx((0.2, 0.21, 0.41, 0.2))
    assert right.x == (pytest.approx(0.61),)
    left = snapped((0.2, 0.21, 0.4, 0.2), Handle(-1, 0), [neighbour], NEAR)
    assert left.box == (0.2, 0.21, 0.4, 0.2)


def test_the_middle_finds_the_middle_when_moved():
    middle = snapped((0.31, 0.7, 0.4, 0.11), MOVE, [], NEAR)
    assert middle.box[0] == pytest.approx(0.3)
    assert middle.x == (0.5,)


def test_a_box_drawn_any_way_round_is_the_same():
    corners = (0.2, 0.3), (0.6, 0.5)
    assert between(*corners) == between(*reversed(corners)) == pytest.approx(BOX)
    assert between((0.6, 0.3), (0.2, 0.5)) == pytest.approx(BOX)
    assert between((0.5, 0.5), (0.5, 0.5)) == (0.5, 0.5, SMALLEST, SMALLEST)


def test_a_new_box_stands_where_there_is_room():
    assert roomy([], 0.3, 0.3) == (0.35, 0.35, 0.3, 0.3)
    assert roomy([(0.0, 0.0, 1.0, 1.0)], 0.3, 0.3) == (0.35, 0.35, 0.3, 0.3)
    x, y, width, height = roomy([(0.0, 0.0, 0.6, 1.0)], 0.3, 0.3)
    assert (x, y) == pytest.approx((0.6125, 0.35))
    assert (width, height) == (0.3, 0.3)
    filled = []
    for _ in range(9):
        filled.append(roomy(filled, 0.3, 0.3))
        assert inside(filled[-1])
    assert len(set(filled)) == 9


def test_frames():
    assert frame([BOX, (0.1, 0.4, 0.1, 0.5)]) == pytest.approx((0.1, 0.3, 0.5, 0.6))
    assert fitted((0.3, 0.4, 0.1, 0.1), (0.2, 0.3, 0.4, 0.2), (0.0, 0.0, 0.8, 0.4)) == pytest.approx(
        (0.2, 0.2, 0.2, 0.2)
    )


def test_rounding_twice_is_rounding_once():
    chance = random.Random(2)
    for _ in range(500):
        x, y = chance.random(), chance.random()
        box = rounded((x, y, chance.random() * (1 - x), chance.random() * (1 - y)))
        assert rounded(box) == box
