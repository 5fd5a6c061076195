"""The cyclegan plugin learns: red shapes turn blue and blue ones red, keep their place, and come back."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.api import Batch, Clock
from studio.api.testing import build
from studio_cyclegan import CYCLEGAN
from studio_cyclegan.model import CycleGan

RED, BLUE = (0.7, -0.7, -0.7), (-0.7, -0.7, 0.7)
HUES = {RED: 0, BLUE: 240}
TRAINING, HELD_OUT = 400, 100


def shapes(count: int, colour: tuple[float, ...], size: int, draw: torch.Generator) -> Tensor:
    """Discs and boxes of many places, sizes and shades of a colour, on a light ground."""

    def between(low: float, high: float) -> Tensor:
        return size * (low + (high - low) * torch.rand(count, 1, 1, generator=draw))

    spots = torch.arange(size)
    across = (spots[None, None, :] - between(0.3, 0.7)) / between(0.12, 0.3)
    down = (spots[None, :, None] - between(0.3, 0.7)) / between(0.12, 0.3)
    round_ones = torch.rand(count, 1, 1, generator=draw) < 0.5
    inside = torch.where(round_ones, across**2 + down**2 < 1, (across.abs() < 1) & (down.abs() < 1))
    shades = torch.tensor(colour)[:, None, None] + 0.3 * (torch.rand(count, 3, 1, 1, generator=draw) - 0.5)
    return torch.where(inside[:, None], shades, 0.9)


def of_hue(pictures: Tensor, colour: tuple[float, ...]) -> float:
    """The share of pictures whose most colourful twentieth is, on average, within 30 degrees of a colour's hue."""
    colourful = (pictures.amax(dim=1) - pictures.amin(dim=1)).flatten(1)
    chosen = colourful.topk(pictures[0, 0].numel() // 20).indices
    red, green, blue = (pictures[:, channel].flatten(1).gather(1, chosen).mean(dim=1) for channel in range(3))
    hue = torch.rad2deg(torch.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue))
    off = ((hue - HUES[colour] + 180) % 360 - 180).abs()
    return (off < 30).float().mean().item()


def distance(left: Tensor, right: Tensor) -> float:
    return (left - right).abs().mean().item()


def learn_to_swap(seed: int, steps: int, **values: Any) -> CycleGan:
    """Trains on unpaired shapes, then requires the hue of the other domain of what it has never seen."""
    hp = CYCLEGAN.hyperparameters.build(values.items())
    model = build(CYCLEGAN, hp, seed)
    assert isinstance(model, CycleGan)
    draw = torch.Generator().manual_seed(seed)
    A, B = (shapes(TRAINING, colour, hp.resolution, draw) for colour in (RED, BLUE))
    for step in range(steps):
        torch.manual_seed(step)
        model.clock = Clock(step, step * hp.batch, steps)
        some_of_A, some_of_B = torch.randint(TRAINING, (2, hp.batch))
        for _ in model.training_step(Batch(A[some_of_A], B[some_of_B])):
            pass
    return model


@torch.no_grad()
def require_swapped(model: CycleGan, seed: int, cycle: float) -> None:
    draw = torch.Generator().manual_seed(1000 + seed)
    A, B = (shapes(HELD_OUT, colour, model.hp.resolution, draw) for colour in (RED, BLUE))
    assert of_hue(A, RED) == of_hue(B, BLUE) == 1
    assert of_hue(A, BLUE) == of_hue(B, RED) == 0
    fake_A, fake_B = model.G_BA(B), model.G_AB(A)
    assert of_hue(fake_B, BLUE) >= 0.95
    assert of_hue(fake_A, RED) >= 0.95
    assert distance(model.G_BA(fake_B), A) < cycle
    assert distance(model.G_AB(fake_A), B) < cycle
    # What should come out is the same shape in the other colour: red and blue channels change places.
    assert distance(fake_B, A.flip(1)) < cycle
    assert distance(fake_A, B.flip(1)) < cycle


FAST = {"batch": 4, "lr": 1e-3, "lr_decay_start": 0.3, "receptive_field": "16", "d_width": 16}


@pytest.mark.parametrize("seed", range(3))
def test_small_shapes_change_their_colour(seed: int) -> None:
    values = {**FAST, "resolution": 16, "width": 12, "blocks": 1, "jitter": 1}
    require_swapped(learn_to_swap(seed, steps=80, **values), seed, cycle=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_shapes_change_their_colour_and_come_back(seed: int) -> None:
    values = {**FAST, "resolution": 32, "width": 16, "blocks": 3}
    require_swapped(learn_to_swap(seed, steps=240, **values), seed, cycle=0.08)
