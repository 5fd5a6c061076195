"""A StyleGAN2 so small that a step takes milliseconds, and pictures to train it on."""

from __future__ import annotations

from typing import Any

import torch

from studio.api import Batch, DataInfo, DataKind
from studio.api.testing import build
from studio_stylegan import STYLEGAN2
from studio_stylegan.model import StyleGan2

SMALL: dict[str, Any] = {
    "resolution": 8,
    "batch": 4,
    "z_dim": 6,
    "w_dim": 8,
    "mapping_layers": 2,
    "channel_base": 64,
    "channel_max": 8,
    "augment": "none",
}
INKS = torch.tensor([[0.8, -0.6, -0.6], [-0.6, 0.7, -0.6], [-0.6, -0.6, 0.9], [0.8, 0.7, -0.7]])


def small(seed: int = 0, **values: Any) -> StyleGan2:
    """The model, with averaged networks equal to the newest ones."""
    model = build(STYLEGAN2, STYLEGAN2.hyperparameters.build({**SMALL, **values}.items()), seed)
    assert isinstance(model, StyleGan2)
    model.ema = {"G": model.G, "D": model.D}
    return model


def small_of(info: DataInfo, **values: Any) -> StyleGan2:
    """The model of other data."""
    torch.manual_seed(0)
    model = StyleGan2(STYLEGAN2.hyperparameters.build({**SMALL, **values}.items()), info)  # type: ignore[arg-type]
    model.device = torch.device("cpu")
    model.ema = {"G": model.G, "D": model.D}
    return model


def labelled(count: int = 64) -> DataInfo:
    """What is known of data with three classes."""
    return DataInfo(DataKind.LABELLED, count, SMALL["resolution"], labels=("a", "b", "c"))


def pictures(count: int = 4, side: int = 8, seed: int = 0) -> Batch:
    """Squares in one of four inks, of any size and place, on white."""
    draw = torch.Generator().manual_seed(seed)
    ink = INKS[torch.randint(4, (count,), generator=draw)][:, :, None, None]
    along = torch.arange(side)
    extent = torch.randint(side // 4, side // 2 + 1, (count, 1), generator=draw)
    inside = []
    for _ in range(2):
        start = (torch.rand(count, 1, generator=draw) * (side - extent + 1)).long()
        inside.append((along >= start) & (along < start + extent))
    images = torch.where((inside[0][:, :, None] & inside[1][:, None, :])[:, None], ink, 1.0)
    return Batch(images.contiguous())
