"""pix2pix as it is shipped: the quick preset fills in outlines that it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

import studio_pix2pix
from studio.api import DataInfo, DataKind
from studio.data.dataset import Dataset
from studio.data.prepare import prepare
from studio.data.sources import open_source
from studio.engine.player import build_model
from studio.engine.plugins import PluginHost
from studio.engine.trainer import Trainer
from studio_pix2pix import PIX2PIX
from studio_pix2pix.model import Pix2Pix

HELD_OUT = 64


def sides(cache: Path, resolution: int) -> tuple[np.ndarray, np.ndarray]:
    """The demo's outlines and filled glyphs, uint8 (N, H, W, 3) each, shuffled once."""
    data = prepare(open_source("demo:icons-paired"), resolution, cache)
    assert data.pictures_b is not None
    order = np.random.default_rng(0).permutation(len(data))
    return data.pictures[order], data.pictures_b[order]


def tensor(pictures: np.ndarray) -> Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_quick_preset_fills_in_outlines_that_it_has_not_seen(seed: int, tmp_path: Path) -> None:
    preset = PIX2PIX.presets["quick"]
    outlines, filled = sides(tmp_path, preset.values["resolution"])
    info = DataInfo(DataKind.PAIRED, len(outlines) - HELD_OUT, outlines.shape[1], domains=("outline", "filled"))
    data = Dataset(info, "demo", outlines[HELD_OUT:], filled[HELD_OUT:])
    torch.manual_seed(seed)
    model = build_model(PluginHost.of({"pix2pix": studio_pix2pix}), PIX2PIX, preset.values, info)
    trainer = Trainer(model, data, seed=seed, steps=preset.steps, device=torch.device("cpu"))
    while trainer.step < preset.steps:
        trainer.advance()

    assert isinstance(model, Pix2Pix)
    given, wanted = tensor(outlines[:HELD_OUT]), tensor(filled[:HELD_OUT])
    with torch.inference_mode():
        made = model.translate(given, "outline->filled")
    assert (made - wanted).abs().mean() <= 0.5 * (given - wanted).abs().mean()
