"""The search for what fits around a hole, with models whose answer is known."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch

from studio.api import LongRequest, Progress, StudioError
from studio.api.requests import exact
from studio.edit.inpaint_request import InpaintRequest
from studio.edit.inpaint_search import InpaintSearch, importance, window_at
from tests.edit.known_inpainting import SIDE, Known, picture, square


def searched(model: Known, photo: np.ndarray, **wish: object) -> list[Progress]:
    request = InpaintSearch(photo, square(), **{"seeds": (1, 2), "iterations": 80, **wish})
    assert isinstance(request, LongRequest)
    return list(pickle.loads(pickle.dumps(request)).steps(model))


def test_importance_is_the_share_of_the_neighbourhood_that_is_missing() -> None:
    hole = np.zeros((5, 5), np.bool_)
    hole[2, 2] = True
    ninth = 1 / 9
    expected = np.zeros((5, 5))
    expected[1:4, 1:4] = ninth
    expected[2, 2] = 0
    assert importance(hole, 3) == pytest.approx(expected)


def test_importance_at_the_border_mirrors_the_picture() -> None:
    hole = np.zeros((4, 4), np.bool_)
    hole[:, 0] = True
    assert importance(hole, 3)[:, 1] == pytest.approx([1 / 3] * 4)
    corner = np.zeros((4, 4), np.bool_)
    corner[0, 0] = True
    assert importance(corner, 3)[0, 1] == pytest.approx(2 / 9)
    assert importance(corner, 3)[1, 1] == pytest.approx(1 / 9)


def test_the_window_is_the_papers_and_grows_with_the_picture() -> None:
    assert [window_at(side) for side in (32, 64, 128, 256)] == [7, 7, 15, 29]


@pytest.mark.parametrize("styles", [False, True])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_search_lowers_the_loss_and_finds_what_is_missing(seed: int, styles: bool) -> None:
    model = Known(styles=styles)
    photo = picture(model, seed)
    told = searched(model, photo)
    first = next(one for one in told if one.values and one.values["loss"].all()).values["loss"]
    assert (told[-1].values["loss"] < first).all()
    hole = square() > 0
    best = told[-1].pictures[told[-1].values["loss"].argmin()].astype(float)
    missed = np.mean((best - photo)[hole] ** 2)
    by_chance = np.mean(
        [np.mean((picture(model, other).astype(float) - photo)[hole] ** 2) for other in range(100, 120)]
    )
    assert missed <= 0.65 * by_chance
    assert np.array_equal(best[~hole], photo[~hole])


def test_what_is_told_last_is_what_the_latents_render() -> None:
    model = Known()
    photo = picture(model, 5)
    last = searched(model, photo, iterations=20)[-1]
    request = InpaintRequest(photo, square(), last.values["latent"])
    with torch.inference_mode():
        images = request.render(model)
    rendered = (images * 127.5 + 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    assert np.abs(rendered.astype(int) - last.pictures).max() <= 1
    assert (last.done, last.total) == (20, 20)


def test_pictures_and_how_far_it_is_are_told_from_the_beginning() -> None:
    model = Known()
    told = searched(model, picture(model, 5), iterations=5)
    assert all(one.total == 5 for one in told)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert all(one.pictures is not None and one.pictures.shape == (2, SIDE, SIDE, 3) for one in told if one.values)


def test_ds_verdict_weighs_as_much_as_one_wants() -> None:
    model = Known()
    photo = picture(model, 7)
    little, much = (searched(model, photo, prior=prior)[-1].values["realism"].mean() for prior in (0.001, 1e5))
    assert much > little + 0.2


def test_the_same_seeds_find_the_same() -> None:
    model = Known()
    one, other = (searched(model, picture(model, 7), iterations=10)[-1].values["latent"] for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("cover", [np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32)])
def test_all_or_nothing_is_no_hole(cover: np.ndarray) -> None:
    model = Known()
    with pytest.raises(StudioError, match="nothing to search"):
        next(InpaintSearch(picture(model, 1), cover, (1,)).steps(model))


def test_a_model_without_a_verdict_is_refused() -> None:
    model = Known()
    model.realism = None  # type: ignore[method-assign, assignment]
    blind = type("Blind", (), {"ema": {}})()
    with pytest.raises(StudioError, match="no D"):
        next(InpaintSearch(picture(model, 1), square(), (1,)).steps(blind))


@pytest.mark.parametrize("seed", range(8))
@torch.inference_mode()
def test_what_is_not_covered_stays_to_the_bit(seed: int) -> None:
    chance = np.random.default_rng(seed)
    photo = chance.integers(256, size=(SIDE, SIDE, 3), dtype=np.uint8)
    cover = np.where(chance.random((SIDE, SIDE)) < 0.5, 0, chance.random((SIDE, SIDE))).astype(np.float32)
    latents = chance.normal(size=(3, 4)).astype(np.float32)
    for model in (Known(), exact(Known())):
        for blend in (True, False):
            images = InpaintRequest(photo, cover, latents, blend=blend).render(model)
            pixels = (images * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()
            assert (pixels[:, cover == 0] == photo[cover == 0]).all()
            assert (pixels[:, cover > 0.3] != photo[cover > 0.3]).any()


def test_latents_of_another_model_are_refused() -> None:
    photo = picture(Known(), 1)
    for latents, space in ((np.zeros((1, 5), np.float32), "z"), (np.zeros((1, 4), np.float32), "w")):
        with pytest.raises(StudioError, match="another model"):
            InpaintRequest(photo, square(), latents, space).render(Known())
