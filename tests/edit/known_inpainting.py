"""What the tests of inpainting share: models small enough to know the answer, and random masks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.api import DataInfo, DataKind, GanModel, LatentSpace
from studio.edit.inpaint_mask import Mark
from tests.toys import ToyHyperparameters

SIDE = 16
DIM = 4


class Known(GanModel):
    """G is a smooth function of four numbers; D likes bright pictures."""

    num_ws = 3

    def __init__(self, *, styles: bool = False) -> None:
        super().__init__(ToyHyperparameters(resolution=SIDE), DataInfo(DataKind.UNLABELLED, 4, SIDE))
        self.device = torch.device("cpu")
        chance = torch.Generator().manual_seed(0)
        y, x = torch.meshgrid(*(torch.linspace(-1, 1, SIDE),) * 2, indexing="ij")
        waves = [torch.sin(a * x + b * y + c) for a, b, c in ((1, 0, 0), (0, 1, 1), (2, 1, 0), (1, -2, 2))]
        colours = torch.rand(DIM, 3, 1, 1, generator=chance) * 0.6 + 0.2
        self.G = nn.ParameterDict({"basis": (torch.stack(waves)[:, None] * colours).flatten(1)})
        self.ema = {"G": self.G, "D": nn.Identity()}
        if styles:
            self.mapping, self.synthesis = self._mapping, self._synthesis

    @property
    def latent_space(self) -> LatentSpace:
        return LatentSpace(DIM)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        shift = 0 if labels is None else labels[:, None] * 0.1
        basis = self.ema["G"]["basis"].to(z.dtype)
        return torch.tanh((psi * z + shift) @ basis).view(-1, 3, SIDE, SIDE)

    def realism(self, images: Tensor) -> Tensor:
        return images.mean((1, 2, 3)) * 10

    def _mapping(self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Any = None) -> Tensor:
        return (2 * z)[:, None].expand(-1, self.num_ws, -1)

    def _synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        return self.sample(ws.mean(1) / 2)


def picture(model: Known, seed: int) -> np.ndarray:
    """What the model draws from a seed: uint8 (S, S, 3)."""
    with torch.no_grad():
        images = model.sample(torch.from_numpy(model.latent_space.draw(seed))[None])
    return (images[0] * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()


def square(side: int = SIDE, first: int = 4, last: int = 11) -> np.ndarray:
    """A mask, float32, of a square in the middle."""
    cover = np.zeros((side, side), np.float32)
    cover[first:last, first:last] = 1
    return cover


def random_mark(chance: random.Random) -> Mark:
    """Any mark."""
    erases = chance.random() < 0.3
    places = [(chance.uniform(-0.2, 1.2), chance.uniform(-0.2, 1.2)) for _ in range(chance.randint(3, 8))]
    match chance.choice(("brush", "brush", "rectangle", "lasso", "invert")):
        case "brush":
            mark = Mark.brush(places[0], chance.uniform(0.01, 0.4), chance.random(), erases=erases)
            for place in places[1:]:
                mark = mark.to(place)
            return mark
        case "rectangle":
            return Mark.shape("rectangle", places[:2], erases=erases)
        case "lasso":
            return Mark.shape("lasso", places, erases=erases)
        case _:
            return Mark("invert")
