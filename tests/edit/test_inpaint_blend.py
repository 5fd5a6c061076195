"""Poisson blending, against a dense solver and by what must hold for any hole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.edit.inpaint_blend import blended, membrane


def by_hand(known: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The same, one equation a pixel: the mean of its neighbours in the picture."""
    places = [tuple(place) for place in np.argwhere(hole)]
    matrix, right = np.zeros((len(places),) * 2), np.zeros(len(places))
    for row, (y, x) in enumerate(places):
        for neighbour in ((y, x + 1), (y + 1, x), (y, x - 1), (y - 1, x)):
            if not (0 <= neighbour[0] < hole.shape[0] and 0 <= neighbour[1] < hole.shape[1]):
                continue
            matrix[row, row] += 1
            if hole[neighbour]:
                matrix[row, places.index(neighbour)] -= 1
            else:
                right[row] += known[neighbour]
    joined = known.copy()
    joined[hole] = np.linalg.solve(matrix, right)
    return joined


@pytest.mark.parametrize("seed", range(3))
def test_a_membrane_is_what_a_dense_solver_finds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    known, hole = chance.normal(size=(13, 18)), chance.random((13, 18)) < 0.4
    hole[2:9, :7] = True  # up to the border
    solved = membrane(torch.from_numpy(known)[None, None], torch.from_numpy(hole))[0, 0].numpy()
    assert solved == pytest.approx(by_hand(known, hole), abs=1e-5)


def test_what_is_found_takes_on_the_level_around_the_hole_and_keeps_its_gradients() -> None:
    photo = torch.full((1, 3, 12, 12), 0.25, dtype=torch.float64)
    found = torch.rand(2, 3, 12, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 0.5
    found[..., :3, :] = found[..., 9:, :] = found[..., :3] = found[..., 9:] = 0.1
    hole = torch.zeros(12, 12, dtype=torch.bool)
    hole[3:9, 3:9] = True
    joined = blended(photo, found, hole)
    assert torch.equal(joined[..., ~hole], photo.expand_as(found)[..., ~hole])
    assert torch.allclose(joined[..., hole], (found + 0.15)[..., hole], atol=1e-6)


def test_without_a_hole_it_is_the_photo_and_without_a_rest_what_was_found() -> None:
    photo, found = torch.zeros(1, 3, 9, 9), torch.ones(2, 3, 9, 9)
    assert torch.equal(blended(photo, found, torch.zeros(9, 9, dtype=torch.bool)), photo.expand_as(found))
    assert torch.equal(blended(photo, found, torch.ones(9, 9, dtype=torch.bool)), found)
