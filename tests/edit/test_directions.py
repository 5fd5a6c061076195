"""Directions: found where they are known to be, pushed along exactly, and carried by the documents that use them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.api import DataInfo, DataKind, GanModel, Hyperparameters, LatentSpace, LongRequest, Progress, StudioError
from studio.edit.direction_search import DirectionSearch
from studio.edit.directions import Directions
from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.latent import LatentDocument, LatentPoint
from studio.edit.pad import Pad
from studio.edit.requests import LatentRequest

SPACE = LatentSpace(6)
LAYERS = 4


class Sampler(GanModel):
    """A picture of 4 pixels: two move with z 3 and a little with z 1, the other two follow z 1 the other way."""

    def __init__(self) -> None:
        super().__init__(Hyperparameters(), DataInfo(DataKind.UNLABELLED, 1, 2))
        self.device = torch.device("cpu")
        self.ema = {"G": nn.Linear(1, 1)}

    @property
    def latent_space(self) -> LatentSpace:
        return SPACE

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        big, small = psi * z[:, 3], 0.25 * psi * z[:, 1]
        return (
            torch.stack([big + small, big + small, big - small, big - small], 1).view(-1, 1, 2, 2).expand(-1, 3, 2, 2)
        )


class Styles(Sampler):
    """w is z with its components 4 and 2 made larger; the picture is its ws, plainly."""

    @property
    def num_ws(self) -> int:
        return LAYERS

    def mapping(
        self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Tensor | None = None
    ) -> Tensor:
        w = z * torch.tensor([1, 1, 2, 1, 5, 1], dtype=z.dtype)
        ws = w[:, None].expand(-1, LAYERS, -1)
        stop = LAYERS if cutoff is None else cutoff
        return torch.cat([ws[:, :stop] * psi, ws[:, stop:]], 1)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return self.synthesis(self.mapping(z, psi=psi, labels=labels))

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        return ws[:, None]


def search(wish: DirectionSearch, model: GanModel) -> tuple[np.ndarray, np.ndarray]:
    last = list(wish.steps(model))[-1]
    return last.values["vectors"], last.values["shares"]


def ws_of(document: LatentDocument) -> np.ndarray:
    found: np.ndarray = document.wish(Styles()).render(Styles())[0, 0].numpy()
    return found


def directions(dim: int = 6, through: str = "w") -> Directions:
    chance = np.random.RandomState(0)
    return Directions.of(chance.randn(3, dim), np.array([0.5, 0.3, 0.2]), through, 7)


def test_directions_of_w_are_its_principal_components_a_standard_deviation_long() -> None:
    vectors, shares = search(DirectionSearch("w", most=2, seeds=4000), Styles())
    assert vectors.shape == (2, 6)
    assert np.abs(vectors[0] - 5 * np.eye(6)[4]).max() < 0.3
    assert np.abs(vectors[1] - 2 * np.eye(6)[2]).max() < 0.2
    assert shares == pytest.approx([25 / 33, 4 / 33], abs=0.02)


def test_directions_of_z_are_those_that_move_pictures_and_no_others() -> None:
    vectors, shares = search(DirectionSearch("z", seeds=1600), Sampler())
    assert vectors.shape == (2, 6)
    assert np.abs(vectors[0] - np.eye(6)[3]).max() < 0.1
    assert np.abs(np.abs(vectors[1]) - np.eye(6)[1]).max() < 0.1
    assert shares[0] == pytest.approx(16 / 17, abs=0.02)


def test_what_varies_without_following_any_direction_of_z_is_left_out() -> None:
    class Bright(Sampler):
        def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
            stripes = torch.tensor([[1.0, -1.0], [1.0, -1.0]], dtype=z.dtype)
            return super().sample(z, psi=psi) + z[:, 5, None, None, None].square() * stripes

    vectors, _ = search(DirectionSearch("z", seeds=1600), Bright())
    assert len(vectors) == 2
    assert np.abs(vectors[:, 5]).max() < 0.3


def test_the_same_weights_give_the_same_directions_and_torch_draws_as_before() -> None:
    model = Styles()
    torch.manual_seed(3)
    state = torch.random.get_rng_state()
    first, again = (search(DirectionSearch("w", seeds=500), model)[0] for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_search_is_long_work_that_tells_how_far_it_is() -> None:
    wish = DirectionSearch("w", seeds=600)
    assert isinstance(wish, LongRequest)
    told: list[Progress] = list(wish.steps(Styles()))
    assert [(one.done, one.total) for one in told] == [(250, 600), (500, 600), (600, 600), (600, 600)]
    assert not told[0].values


def test_a_model_that_cannot_make_the_picture_is_named() -> None:
    for document in (LatentDocument().with_cutoff(3), LatentDocument().with_directions(directions())):
        document.check_layers(3)
        with pytest.raises(StudioError, match="other layers"):
            document.check_layers(0)


def test_models_without_directions_say_so() -> None:
    for wish, model in ((DirectionSearch("w"), Sampler()), (DirectionSearch("z"), object())):
        with pytest.raises(StudioError, match="no directions"):
            next(wish.steps(model))
    same = Sampler()
    same.sample = lambda z, **_: torch.zeros(len(z), 3, 2, 2, dtype=z.dtype)
    with pytest.raises(StudioError, match="hardly differ"):
        list(DirectionSearch("z", seeds=200).steps(same))


def test_an_amount_moves_every_w_by_so_many_vectors() -> None:
    still = LatentDocument().with_seed(3)
    moved = still.with_directions(directions().along(1, 2.0))
    assert np.array_equal(ws_of(still.with_directions(directions())), ws_of(still))
    expected = ws_of(still) + np.float32(2) * directions().found[1].vector
    assert np.array_equal(ws_of(moved), expected)
    assert np.array_equal(ws_of(moved.with_directions(directions().along(1, 2.0).along(1, 0.0))), ws_of(still))


def test_a_direction_may_keep_to_some_layers() -> None:
    still = LatentDocument().with_seed(3)
    moved = ws_of(still.with_directions(directions().along(0, 1.0).in_layers(0, (1, 3)).along(2, -1.0)))
    both = ws_of(still) - directions().found[2].vector
    assert np.allclose(moved[[0, 3]], both[[0, 3]], atol=1e-6)
    assert np.allclose(moved[1:3], both[1:3] + directions().found[0].vector, atol=1e-6)


def test_directions_of_z_move_z() -> None:
    document = LatentDocument().with_seed(3).with_directions(directions(through="z").along(0, 1.5))
    asked = LatentRequest.of([document], SPACE)
    assert np.array_equal(asked.z[0], SPACE.draw(3))
    moved = torch.from_numpy(SPACE.draw(3) + np.float32(1.5) * directions().found[0].vector)
    assert torch.allclose(asked.render(Sampler()), Sampler().sample(moved[None]))


def test_truncation_stops_at_the_cutoff() -> None:
    document = LatentDocument().with_seed(3).with_psi(0.5)
    whole, cut = ws_of(document.with_psi(1.0)), ws_of(document.with_cutoff(2))
    assert np.array_equal(cut[:2], whole[:2] / 2)
    assert np.array_equal(cut[2:], whole[2:])
    with pytest.raises(StudioError, match="moves w"):
        LatentRequest.of([document.with_cutoff(2)], SPACE).render(Sampler())


def test_directions_of_another_model_are_refused() -> None:
    document = LatentDocument().with_directions(directions(dim=5).along(0, 1.0))
    with pytest.raises(StudioError, match="5 components, and this model has 6"):
        document.wish(Styles()).render(Styles())


def test_documents_carry_their_directions_through_json_to_the_bit() -> None:
    chance = random.Random(5)
    carried = directions()
    for index in range(3):
        carried = (
            carried.along(index, chance.uniform(-4, 4)).named(index, f"Way {index}").in_layers(index, (0, index + 1))
        )
    document = LatentDocument().with_seed(1).with_cutoff(3).with_directions(carried)
    read = LatentDocument.from_json(json.loads(json.dumps(document.to_json())))
    assert read == document
    assert read.digest() == document.digest()
    assert ws_of(read).tobytes() == ws_of(document).tobytes()


def test_a_saved_picture_carries_all_that_makes_it_again(tmp_path: Path) -> None:
    corners = tuple(LatentPoint(seed) for seed in range(4))
    document = LatentDocument(pad=Pad(corners)).on_pad(0.3, 0.6).with_directions(directions().along(0, 2.5))
    path = tmp_path / "picture.png"
    save_picture(path, np.zeros((4, 4, 3), np.uint8), EditEnvelope("latent", "run", 7, document.to_json()))
    read = LatentDocument.from_json(read_envelope(path).document)
    assert read == document
    assert ws_of(read).tobytes() == ws_of(document).tobytes()


def test_documents_saved_before_there_were_directions_open() -> None:
    old = {"seed": 4, "components": {}, "pins": {"a": None, "b": None}, "t": None, "path": "slerp", "psi": 0.5}
    document = LatentDocument.from_json(old)
    assert document == LatentDocument().with_seed(4).with_psi(0.5)


@pytest.mark.parametrize(
    "broken",
    [
        3,
        {"found": []},
        {"through": "x", "found": []},
        {"through": "w", "found": [{"vector": "AAAA"}]},
        {"through": "w", "found": [{"vector": "?"}]},
        {"through": "w", "found": [{"vector": "AADAfw=="}]},
        {"through": "w", "found": [{"vector": "AACAPw==", "amount": 11}]},
        {"through": "w", "found": [{"vector": "AACAPw==", "layers": [2, 1]}]},
        {"through": "w", "found": [{"vector": "AACAPw==", "layers": [0]}]},
        {"through": "w", "found": [{"vector": "AACAPw=="}, {"vector": "AACAPwAAgD8="}]},
    ],
)
def test_damaged_directions_are_refused_in_a_sentence(broken: object) -> None:
    with pytest.raises(StudioError) as refused:
        Directions.from_json(broken)
    assert refused.value.remedy


def test_going_back_to_a_picture_moves_as_it_did_and_keeps_names() -> None:
    named = directions().named(0, "Tilt")
    then = LatentDocument().with_seed(5).with_psi(0.5).with_cutoff(1).with_directions(directions().along(0, 2.0))
    now = LatentDocument().with_directions(named).showing(then, SPACE)
    assert ws_of(now).tobytes() == ws_of(then).tobytes()
    assert now.directions is not None
    assert now.directions.found[0].name == "Tilt"
    before = now.showing(LatentDocument().with_seed(5).with_cutoff(1), SPACE)
    assert before.directions is not None
    assert not before.directions.moved
    assert before.directions.found[0].name == "Tilt"


def test_amounts_and_names_are_held_within_bounds() -> None:
    held = directions().along(0, 99).named(1, f"  {'n' * 99} ")
    assert held.found[0].amount == 10
    assert len(held.found[1].name) == 60
    assert held.moved
    assert not held.reset().moved
