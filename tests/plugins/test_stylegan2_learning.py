"""StyleGAN2 learns: its pictures come near real ones, in their colours and in their variety, whatever the seed.

And ADA sees its D learn fifty pictures by heart.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from studio.api import DataInfo, DataKind
from studio.data.dataset import Dataset
from studio.engine.player import to_uint8
from studio.engine.trainer import Trainer
from studio_stylegan import STYLEGAN2
from studio_stylegan.model import StyleGan2
from tests.plugins.stylegan2_kit import INKS, SMALL

VALUES: dict[str, Any] = {
    **SMALL,
    "batch": 16,
    "channel_base": 128,
    "channel_max": 16,
    "z_dim": 8,
    "w_dim": 16,
    "lr": 5e-3,
    "gamma": 1.0,
    "ema_kimg": 1.0,
}

# The R1 weight is that of the authors' cifar; the learning rate and ADA are faster than theirs, for so short a run.
ADAPTIVE: dict[str, Any] = {
    **SMALL,
    "batch": 16,
    "channel_base": 128,
    "channel_max": 32,
    "z_dim": 16,
    "w_dim": 32,
    "lr": 6e-3,
    "gamma": 0.01,
    "pl_weight": 0.0,
    "noise": False,
    "augment": "ada",
    "ada_kimg": 8.0,
    "ema_kimg": 1.0,
}


def flags(count: int, seed: int = 0) -> Tensor:
    """8 px, a coloured side and a grey side, parted anywhere."""
    draw = torch.Generator().manual_seed(seed)
    ink = INKS[torch.randint(4, (count,), generator=draw)][:, :, None, None]
    edge = torch.randint(2, 7, (count, 1, 1, 1), generator=draw)
    return torch.where(torch.arange(8) < edge, ink, 0.7).expand(count, 3, 8, 8).contiguous()


def clouds(count: int, seed: int) -> Tensor:
    """8 px, one colour fading into another here and there: there are ever more of them, and G soon makes the like."""
    draw = torch.Generator().manual_seed(seed)
    inks = torch.rand(count, 2, 3, 1, 1, generator=draw) * 2 - 1
    coarse = torch.randn(count, 1, 4, 4, generator=draw)
    share = torch.sigmoid(3 * interpolate(coarse, size=8, mode="bicubic", align_corners=True))
    return torch.lerp(inks[:, 1], inks[:, 0], share)


def trainer_of(real: Tensor, steps: int, seed: int, values: dict[str, Any]) -> tuple[Trainer, StyleGan2]:
    info = DataInfo(DataKind.UNLABELLED, len(real), real.shape[2])
    torch.manual_seed(seed)
    model = StyleGan2(STYLEGAN2.hyperparameters.build(values.items()), info)  # type: ignore[arg-type]
    data = Dataset(info, "toys", to_uint8(real))
    return Trainer(model, data, seed=seed, steps=steps, device=torch.device("cpu")), model


def trained(real: Tensor, steps: int, seed: int) -> StyleGan2:
    trainer, model = trainer_of(real, steps, seed, VALUES)
    trainer.averages.update(model.hp, 0, model.hp.batch)
    while trainer.step < steps:
        trainer.advance()
    return model


@dataclass(frozen=True)
class Overfitting:
    """What is seen of D's overfitting.

    Attributes:
        p: ADA's, the mean of the last quarter.
        r: E[sign(D(real))], the mean of the last quarter.
        gap: how much larger a share of the pictures it was trained on D takes for real, than of others like them.
    """

    p: float
    r: float
    gap: float


def overfitting(count: int, seed: int, steps: int = 1200) -> Overfitting:
    """Of a D that has been trained with its G on so many clouds."""
    real = clouds(count, seed=1)
    trainer, model = trainer_of(real, steps, seed, ADAPTIVE)
    ps, rs = [], []
    while trainer.step < steps:
        if trainer.advance() and trainer.step > 0.75 * steps:
            ps.append(model.ada.p.item())
            rs.append(model.ada.r.item())
    gap = taken_for_real(model, real) - taken_for_real(model, clouds(500, seed=2))
    return Overfitting(fmean(ps), fmean(rs), gap)


def taken_for_real(model: StyleGan2, pictures: Tensor) -> float:
    """The share that D, as it is now, takes for real."""
    with torch.no_grad():
        return (torch.cat([model.D(some) for some in torch.split(pictures, model.hp.batch)]) > 0).float().mean().item()


def samples(model: StyleGan2, count: int = 128) -> Tensor:
    z = torch.randn(count, model.hp.z_dim, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        return model.sample(z)


def nearest(made: Tensor, real: Tensor) -> float:
    """How far pictures are from the nearest real one, on average."""
    return torch.cdist(made.flatten(1), real.flatten(1)).amin(dim=1).mean().item()


def variety(images: Tensor) -> float:
    """How far pictures are from each other, on average."""
    return torch.pdist(images.flatten(1)).mean().item()


@pytest.mark.parametrize("seed", range(3))
def test_pictures_come_near_real_ones_and_stay_various(seed: int) -> None:
    # Measured over three seeds in 240 steps: distances end at .40 to .52 of their start, variety at .68 to .77 of the
    # real, every colour within .2 of theirs (untrained: up to .9 away).
    real = flags(512)
    untrained = nearest(samples(trained(real, 0, seed)), real)
    made = samples(trained(real, 240, seed))
    assert nearest(made, real) <= 0.65 * untrained
    assert variety(made) >= 0.6 * variety(real[:128])
    assert (made.mean(dim=(0, 2, 3)) - real.mean(dim=(0, 2, 3))).abs().max() <= 0.3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_adas_p_rises_where_d_overfits_fifty_pictures_and_not_with_a_thousand(seed: int) -> None:
    # Measured over three seeds, with 50 pictures: p .051 to .058, r .58 to .61, which p holds at the target, gap .76 to
    # .98; with 1,000: p 0, r .11 to .19, gap .02 to .06. About 90 CPU-seconds a seed.
    few, many = overfitting(50, seed), overfitting(1000, seed)
    assert few.p > many.p + 0.02
    assert few.r > many.r + 0.25
    assert few.gap > 0.5
    assert abs(many.gap) < 0.15
