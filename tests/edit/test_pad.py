"""The pad: exact at its corners, and the picture stays when it leaves it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from studio.api import LatentSpace, StudioError
from studio.edit.latent import LatentDocument
from studio.edit.pad import Pad
from studio.edit.points import LatentPoint

SPACE = LatentSpace(16)
CORNERS = tuple(LatentPoint(seed).moved({seed: 0.5}) for seed in (3, 5, 7, 9))


@pytest.fixture
def document() -> LatentDocument:
    return LatentDocument(pad=Pad(CORNERS))


@pytest.mark.parametrize("path", ["slerp", "lerp"])
def test_at_a_corner_it_is_the_corners_z_to_the_bit(document: LatentDocument, path: str) -> None:
    document = replace(document, path=path)
    for (y, x), corner in zip(itertools.product((0, 1), (0, 1)), CORNERS, strict=True):
        assert document.on_pad(x, y).z(SPACE).tobytes() == corner.z(SPACE).tobytes()


def test_in_a_line_the_middle_is_the_mean(document: LatentDocument) -> None:
    middle = document.with_path("lerp").on_pad(0.5, 0.5).z(SPACE)
    assert np.allclose(middle, np.mean([corner.z(SPACE) for corner in CORNERS], axis=0), atol=1e-6)


def test_the_spot_is_held_within_the_pad_and_needs_all_corners(document: LatentDocument) -> None:
    assert document.on_pad(-1, 2).pad.spot == (0, 1)
    lacking = document.with_corner(2, None, SPACE)
    assert lacking.on_pad(0.5, 0.5) == lacking
    assert not lacking.between


def test_taking_a_corner_out_leaves_the_picture_as_it_is(document: LatentDocument) -> None:
    there = document.on_pad(0.3, 0.8)
    assert there.with_corner(1, None, SPACE).z(SPACE).tobytes() == there.z(SPACE).tobytes()


def test_another_corner_moves_a_picture_on_the_pad(document: LatentDocument) -> None:
    there = document.on_pad(0.3, 0.8)
    moved = there.with_corner(1, LatentPoint(50), SPACE)
    assert moved.pad.spot == there.pad.spot
    assert not np.array_equal(moved.z(SPACE), there.z(SPACE))


def test_landing_and_leaving(document: LatentDocument) -> None:
    there = document.on_pad(0.9, 0.2)
    landed = there.landed(SPACE)
    assert landed.point.seed == CORNERS[1].seed
    assert landed.pad.spot is None
    assert landed.z(SPACE).tobytes() == there.z(SPACE).tobytes()
    assert there.with_seed(8).z(SPACE).tobytes() == SPACE.draw(8).tobytes()
    assert there.with_component(0, 1.0, SPACE).pad.spot is None
    assert there.pinned("a", SPACE).z(SPACE).tobytes() == there.z(SPACE).tobytes()


def test_it_survives_json(document: LatentDocument) -> None:
    for one in (document, document.on_pad(1 / 3, 0.7), document.with_corner(0, None, SPACE)):
        read = LatentDocument.from_json(json.loads(json.dumps(one.to_json())))
        assert read == one
        assert read.z(SPACE).tobytes() == one.z(SPACE).tobytes()


@pytest.mark.parametrize(
    "broken",
    [
        1,
        {},
        {"corners": [None]},
        {"corners": [None, None, None, 3]},
        {"corners": [{"seed": 1}] * 4, "spot": [2, 0]},
        {"corners": [{"seed": 1}] * 4, "spot": [0]},
        {"corners": [{"seed": 1}] * 4, "spot": "x"},
    ],
)
def test_damaged_pads_are_refused(broken: object) -> None:
    with pytest.raises(StudioError):
        Pad.from_json(broken)
