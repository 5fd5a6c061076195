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
from studio.edit.directions import Directions
from studio.edit.documents import MAX_BYTES
from studio.edit.interpolation import lerp, slerp
from studio.edit.keyframes import LONGEST, MOST_KEYFRAMES, SHORTEST, Keyframe
from studio.edit.latent import LatentDocument
from studio.edit.points import LatentPoint
from studio.edit.walk import WalkDocument, eased, stills
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
    """Every layer's w is psi z + label, or z + label / psi where nothing is truncated; a picture is its ws, plainly."""

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
        ws = (z if labels is None else z + labels[:, None] / psi)[:, None].repeat(1, LAYERS, 1)
        ws[:, :cutoff] *= psi
        return ws

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        return ws[:, None]


def psis(walk: WalkDocument, times: Sequence[float]) -> list[float]:
    """Truncation after some seconds."""
    model = Styles()
    walk.frames(SPACE, times).render(model)
    return [psi for psi, _ in model.asked]


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
            assert psis(walk, [time]) == [one.psi]


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
    WALK.frames(SPACE, [0.5]).render(model := Styles())
    assert model.asked == [(0.875, 1)]


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
    assert [psi for psi, _ in model.asked] == psis(WALK, [index / 25 for index in range(3)])


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
    model = Styles()
    added = [
        walk.frames(SPACE, [time]).render(model)[0, 0, 0].numpy() - psi * walk.z_at(time, SPACE)
        for time, psi in ((0.0, 1.0), (1.0, 0.75), (2.0, 0.5))
    ]
    assert np.allclose(added, np.array([1, 1, 3])[:, None], atol=1e-5)
    ws = walk.with_through("w").frames(SPACE, [1.0]).render(model)[0, 0, 0].numpy()
    assert np.allclose(ws, (A.point.z(SPACE) + B.point.z(SPACE) * 0.5) / 2 + 2)
    assert WALK.frames(SPACE, [0.0]).looks[0][0].label is None


def moved(through: str, *amounts: float) -> Directions:
    """Directions along the first axes, moved along; those of w in some layers each."""
    found = Directions.of(np.eye(6, dtype=np.float32)[: len(amounts)], np.full(len(amounts), 0.1), through, 7)
    for index, amount in enumerate(amounts):
        found = found.along(index, amount)
        if through == "w":
            found = found.in_layers(index, (0, 1 + index) if index else None)
    return found


LOOKS = (
    LatentDocument().with_seed(4).with_psi(0.3).with_cutoff(1),
    LatentDocument().with_seed(5).with_directions(moved("w", 2.5, -1.2)).with_psi(0.7).with_label(2),
    LatentDocument().with_seed(6).with_directions(moved("w", 1.0, 0.0)).with_cutoff(2).with_psi(0.5),
    LatentDocument().with_seed(7).with_directions(moved("z", 0.4, 3.0)),
    LatentDocument().with_seed(8).with_directions(moved("w", 0.0)),
)


@pytest.mark.parametrize("through", ["z", "w"])
@pytest.mark.parametrize("document", LOOKS)
def test_a_keyframe_looks_as_the_latent_canvas_does_to_the_bit(document, through):
    keyframe, model = Keyframe.showing(document, SPACE), Styles()
    walk = WalkDocument((A, keyframe, B), through=through).at(2.0)
    shown = document.wish(model).render(model)
    assert torch.equal(walk.wish(model).render(model), shown)
    assert torch.equal(stills([keyframe], SPACE).render(model), shown)


@pytest.mark.parametrize("through", ["z", "w"])
def test_between_keyframes_directions_and_truncated_layers_go_over_steadily(through):
    start = replace(Keyframe.showing(LOOKS[2], SPACE), ease="linear")
    end = replace(Keyframe.showing(LOOKS[1].with_label(None), SPACE), point=start.point)
    walk, model = WalkDocument((start, end), through=through), Styles()
    ws = [walk.frames(SPACE, [time]).render(model)[0, 0].numpy() for time in (0.0, 0.5, 1.0, 2.0)]
    assert np.allclose(ws[1], 0.75 * ws[0] + 0.25 * ws[3], atol=1e-6)
    assert np.allclose(ws[2], 0.5 * ws[0] + 0.5 * ws[3], atol=1e-6)
    assert not np.allclose(ws[0][2], ws[3][2])


def test_directions_of_z_are_added_to_z():
    start = replace(Keyframe.showing(LOOKS[3], SPACE), ease="linear", psi=0.5)
    walk, model = WalkDocument((start, replace(start, directions=None))), Styles()
    ws = walk.frames(SPACE, [1.0]).render(model)[0, 0, 0].numpy()
    truncated = 0.5 * np.array([0.2, 1.5, 0, 0, 0, 0])  # as z is
    assert np.allclose(ws - 0.5 * start.point.z(SPACE), truncated, atol=1e-6)


def test_a_keyframe_takes_along_the_directions_it_is_moved_along_and_what_they_are_called():
    found = moved("w", 0.0, 2.0, -1.0).named(2, "Roundness")
    keyframe = Keyframe.showing(LatentDocument().with_directions(found), SPACE)
    assert [(one.name, one.amount) for one in keyframe.directions.found] == [("Direction 2", 2), ("Roundness", -1)]
    assert Keyframe.showing(LatentDocument().with_directions(found.reset()), SPACE).directions is None


@pytest.mark.parametrize("amounts", [(), (0.0, 0.0)])
def test_directions_that_move_nothing_are_none_when_they_are_read(amounts):
    idle = replace(A, directions=moved("w", *amounts))
    assert WalkDocument.from_json(WalkDocument((idle,)).to_json()).keyframes == (A,)


def test_layers_that_a_model_has_not_are_refused():
    for document, layers in ((LOOKS[1], 0), (LOOKS[0], 0), (LOOKS[2], 1)):
        with pytest.raises(StudioError, match="other layers"):
            Keyframe.showing(document, SPACE).check_layers(layers)
        Keyframe.showing(document, SPACE).check_layers(LAYERS)


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


def test_looks_survive_json_and_each_vector_is_written_once():
    walk = WalkDocument(tuple(Keyframe.showing(one, SPACE) for one in LOOKS) * 3)
    text = json.dumps(walk.to_json())
    assert WalkDocument.from_json(json.loads(text)) == walk
    assert len(walk.to_json()["vectors"]) == 2
    rich = Directions.of(np.random.default_rng(1).normal(size=(64, 512)), np.full(64, 0.01), "w", 7)
    for index in range(64):
        rich = rich.along(index, 1.0)
    keyframe = Keyframe.showing(LatentDocument().with_directions(rich), SPACE)
    assert len(json.dumps(WalkDocument((keyframe,) * MOST_KEYFRAMES).to_json())) < MAX_BYTES / 10


def test_a_walk_of_an_older_version_is_read_and_written_as_it_was():
    older = {
        "keyframes": [{"seed": 3, "components": {"2": 0.5}, "psi": 0.5, "label": None, "seconds": 1.0, "ease": "hold"}],
        "path": "lerp",
        "through": "w",
        "loop": False,
        "fps": 12,
        "time": 0.0,
    }
    read = WalkDocument.from_json(older)
    assert read.keyframes == (Keyframe(LatentPoint(3).moved({2: 0.5}), 0.5, None, 1.0, "hold"),)
    assert read.to_json() == older


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
        ({"keyframes": [{"seed": 1, "cutoff": 99}]}, "cutoff"),
        ({"keyframes": [{"seed": 1, "directions": {"through": "w", "found": [{"vector": 0}]}}]}, "vector"),
        (
            {"keyframes": [{"seed": 1, "directions": {"through": "w", "found": [{"vector": 0}]}}], "vectors": [9]},
            "vector",
        ),
        ({"vectors": {}}, "vectors"),
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
