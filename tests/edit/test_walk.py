"""Walks: exact at every keyframe, in time, through z and through w; and documents that survive their files."""

from __future__ import annotations

import json
import math
import pickle
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.api import DataInfo, DataKind, GanModel, Hyperparameters, LatentSpace, StudioError
from studio.edit.interpolation import lerp, slerp
from studio.edit.latent import LatentPoint
from studio.edit.walk import LONGEST, MOST_KEYFRAMES, SHORTEST, Keyframe, WalkDocument, eased
from studio.edit.walk_request import ExactFrames, StyleFrames, ZFrames

SPACE = LatentSpace(6)
LAYERS = 3
A, B, C = (
    Keyframe(LatentPoint(1), seconds=2.0, ease="linear"),
    Keyframe(LatentPoint(2).moved({3: 1.5}), psi=0.5, seconds=0.1, ease="linear"),
    Keyframe(LatentPoint(3), seconds=0.7, ease="linear"),
)
WALK = WalkDocument((A, B, C))


class Styles(GanModel):
    """Every layer's w is psi z + label; a picture is its ws, plainly."""

    def __init__(self) -> None:
        super().__init__(Hyperparameters(), DataInfo(DataKind.UNLABELLED, 1, 8))
        self.device = torch.device("cpu")
        self.ema = {"G": nn.Linear(1, 1)}
        self.asked: list[tuple[float, int]] = []

    @property
    def latent_space(self) -> LatentSpace:
        return SPACE

    @property
    def num_ws(self) -> int:
        return LAYERS

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        self.asked.append((psi, len(z)))
        return self.synthesis(self.mapping(z, psi=psi, labels=labels))

    def mapping(
        self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Tensor | None = None
    ) -> Tensor:
        w = z * psi if labels is None else z * psi + labels[:, None]
        return w[:, None].repeat(1, LAYERS, 1)

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        return ws[:, None]


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype == np.float32 and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("path", ["slerp", "lerp"])
@pytest.mark.parametrize("ease", ["smooth", "linear", "hold"])
@pytest.mark.parametrize("loop", [True, False])
def test_it_is_at_every_keyframe_to_the_bit(path, ease, loop):
    walk = WalkDocument(tuple(replace(one, ease=ease) for one in (A, B, C)), path=path, loop=loop)
    for one, start in zip(walk.keyframes, walk.starts, strict=True):
        for time in (start, start + 1e-9, start - 1e-9):
            assert same(walk.z_at(time, SPACE), one.point.z(SPACE))
            assert walk.psi_at(time) == one.psi


def test_every_keyframe_on_a_whole_frame_is_in_the_film():
    walk = WalkDocument(tuple(Keyframe(LatentPoint(seed), seconds=0.1) for seed in range(30)), fps=30)
    frames = walk.frames(SPACE, [index / walk.fps for index in range(walk.frame_count)])
    assert walk.frame_count == 90
    for seed in range(30):
        assert same(frames.z[3 * seed], SPACE.draw(seed))


def test_between_keyframes_it_is_on_the_path():
    a, b = A.point.z(SPACE), B.point.z(SPACE)
    assert same(WALK.z_at(0.5, SPACE), slerp(a, b, 0.25))
    assert same(WALK.with_path("lerp").z_at(0.5, SPACE), lerp(a, b, 0.25))
    assert WALK.psi_at(0.5) == 0.875


def test_easing_says_when_it_is_where():
    assert [eased(t, "linear") for t in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]
    assert [eased(t, "smooth") for t in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
    assert eased(0.1, "smooth") < 0.1 < 0.9 < eased(0.9, "smooth")
    held = WALK.with_keyframe(0, replace(A, ease="hold"))
    assert same(held.z_at(1.999, SPACE), A.point.z(SPACE))
    assert same(held.z_at(2.0, SPACE), B.point.z(SPACE))


def test_a_loop_goes_back_to_where_it_began():
    assert WALK.duration == pytest.approx(2.8)
    assert same(WALK.z_at(2.8, SPACE), A.point.z(SPACE))
    assert same(WALK.z_at(2.45, SPACE), slerp(C.point.z(SPACE), A.point.z(SPACE), eased(0.5, "linear")))
    assert WALK.frame_count == 70
    once = WALK.with_loop(False)
    assert once.duration == pytest.approx(2.1)
    assert same(once.z_at(99, SPACE), C.point.z(SPACE))
    assert once.with_fps(10).frame_count == 22


@pytest.mark.parametrize("loop", [True, False])
def test_one_keyframe_is_one_frame(loop):
    walk = WalkDocument((A,), loop=loop)
    assert (walk.duration, walk.frame_count) == (0, 1)
    assert same(walk.z_at(5, SPACE), A.point.z(SPACE))


def test_without_keyframes_there_is_no_picture():
    assert (WalkDocument().duration, WalkDocument().frame_count, WalkDocument().frame) == (0, 0, 0)
    with pytest.raises(StudioError, match="no keyframes"):
        WalkDocument().wish(Styles())


def test_the_playhead_stays_within_the_walk_and_counts_frames():
    assert WALK.at(99).time == WALK.duration
    assert WALK.at(-1).time == 0
    assert [WALK.still(index).frame for index in range(70)] == list(range(70))
    assert WALK.at(2.7).without(2).time == pytest.approx(2.1)
    assert WALK.at(2.7).with_loop(False).time == pytest.approx(2.1)


def test_keyframes_come_go_and_change_places():
    extra = Keyframe(LatentPoint(9))
    assert WALK.with_more([extra], at=1).keyframes == (A, extra, B, C)
    assert WALK.with_more([extra]).keyframes == (A, B, C, extra)
    assert WALK.without(1).keyframes == (A, C)
    assert WALK.moved(0, 2).keyframes == (B, C, A)
    assert WALK.moved(2, 0).keyframes == (C, A, B)
    full = WalkDocument().with_more([extra] * (MOST_KEYFRAMES + 5))
    assert len(full.keyframes) == MOST_KEYFRAMES


def test_durations_are_whole_frames_within_bounds():
    assert WALK.with_seconds(0, 1.013).keyframes[0].seconds == 1.0
    assert WALK.with_seconds(0, 0).keyframes[0].seconds == 1 / 25
    assert WALK.with_seconds(0, 1e9).keyframes[0].seconds == LONGEST
    assert WALK.with_keyframe(0, replace(A, seconds=0)).keyframes[0].seconds == SHORTEST


def test_frames_ask_for_each_picture_alone_with_its_truncation():
    model = Styles()
    request = WALK.film(model, 0, 3)
    assert isinstance(request, ZFrames)
    assert request.render(model).shape[0] == 3
    assert [count for _, count in model.asked] == [1, 1, 1]
    assert [psi for psi, _ in model.asked] == [WALK.psi_at(index / 25) for index in range(3)]


def test_a_frame_does_not_depend_on_which_others_were_asked_for():
    model = Styles()
    for walk in (WALK, WALK.with_through("w")):
        together = walk.film(model, 0, 20).render(model)
        alone = torch.cat([walk.still(index).wish(model).render(model) for index in range(20)])
        assert torch.equal(together, alone)


def test_through_w_styles_are_mixed_in_a_line():
    model = Styles()
    walk = WALK.with_through("w")
    request = walk.frames(SPACE, [0.0, 0.5, 2.0])
    assert isinstance(request, StyleFrames)
    ws = request.render(model)[:, 0, 0].numpy()
    a, b = A.point.z(SPACE), B.point.z(SPACE) * np.float32(0.5)
    assert same(ws[0], a)
    assert same(ws[2], b)
    assert np.allclose(ws[1], 0.75 * a + 0.25 * b)


def test_classes_change_at_keyframes_in_z_and_gradually_in_w():
    walk = WalkDocument((replace(A, label=1), replace(B, label=3)))
    assert walk.frames(SPACE, [0.0, 1.0, 2.0]).labels == (1, 1, 3)
    assert walk.with_through("w").frames(SPACE, [1.0]).labels == ((1, 3),)
    model = Styles()
    ws = walk.with_through("w").frames(SPACE, [1.0]).render(model)[0, 0, 0].numpy()
    assert np.allclose(ws, (A.point.z(SPACE) + B.point.z(SPACE) * 0.5) / 2 + 2)
    assert WALK.frames(SPACE, [0.0]).labels is None


def test_frames_for_keeps_are_computed_in_double_precision():
    model = Styles()
    kept = ExactFrames(WALK, 0, 4).render(model)
    assert kept.dtype == torch.float64
    assert torch.allclose(kept.float(), WALK.film(model, 0, 4).render(model))
    assert model.ema["G"].weight.dtype == torch.float32


def test_requests_pickle():
    for request in (WALK.frames(SPACE, [0.3]), WALK.with_through("w").frames(SPACE, [0.3]), ExactFrames(WALK, 0, 1)):
        copy = pickle.loads(pickle.dumps(request))
        assert torch.equal(copy.render(Styles()), request.render(Styles()))


def test_models_that_cannot_are_refused():
    with pytest.raises(StudioError, match="no pictures from z"):
        WALK.frames(SPACE, [0.0]).render(object())
    with pytest.raises(StudioError, match="no w to walk through"):
        WALK.with_through("w").frames(SPACE, [0.0]).render(object())
    with pytest.raises(StudioError, match="moves component 3"):
        WALK.z_at(2.0, LatentSpace(2))


def test_a_document_survives_json_to_the_bit():
    chance = random.Random(3)
    walk = WALK
    for _ in range(60):
        point = LatentPoint(chance.randrange(2**31)).moved({chance.randrange(6): chance.gauss(0, 1)})
        more = Keyframe(point, chance.random(), chance.choice((None, 4)), 0.04 + chance.random(), "smooth")
        walk = walk.with_more([more]).with_fps(chance.randint(1, 60)).at(chance.random() * 9)
        walk = walk.with_loop(chance.random() < 0.5).with_through(chance.choice(("z", "w")))
        read = WalkDocument.from_json(json.loads(json.dumps(walk.to_json())))
        assert read == walk
        assert read.digest() == walk.digest()


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ({"keyframes": None}, "keyframes"),
        ({"keyframes": [1]}, "keyframes"),
        ({"keyframes": [{}] * (MOST_KEYFRAMES + 1)}, "keyframes"),
        ({"keyframes": [{"seed": -1}]}, "seed"),
        ({"keyframes": [{"seed": 1, "seconds": 0}]}, "seconds"),
        ({"keyframes": [{"seed": 1, "seconds": math.inf}]}, "seconds"),
        ({"keyframes": [{"seed": 1, "ease": "jump"}]}, "ease"),
        ({"keyframes": [{"seed": 1, "psi": 2}]}, "psi"),
        ({"keyframes": [{"seed": 1, "label": "cat"}]}, "label"),
        ({"path": "zigzag"}, "path"),
        ({"through": "y"}, "through"),
        ({"loop": 1}, "loop"),
        ({"fps": 0}, "fps"),
        ({"fps": 25.0}, "fps"),
        ({"time": math.nan}, "time"),
        ({"time": "now"}, "time"),
    ],
)
def test_a_damaged_document_names_what_is_wrong(damage, name):
    with pytest.raises(StudioError, match=f"'{name}' cannot be read"):
        WalkDocument.from_json(WALK.to_json() | damage)
