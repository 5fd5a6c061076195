"""A layout2image so small that a step takes milliseconds, and noise to train it on."""

from __future__ import annotations

from typing import Any

from studio.api import Batch
from studio.api.testing import build, random_batch
from studio_layout2image import LAYOUT2IMAGE
from studio_layout2image.model import Layout2Image

SMALL: dict[str, Any] = {"resolution": 16, "crop": 8, "width": 4, "batch": 3, "z_dim": 5, "embedding": 6}


def small(**values: Any) -> Layout2Image:
    model = build(LAYOUT2IMAGE, LAYOUT2IMAGE.hyperparameters.build({**SMALL, **values}.items()))
    assert isinstance(model, Layout2Image)
    return model


def noise(model: Layout2Image, size: int = 3, seed: int = 0) -> Batch:
    return random_batch(model.data, size, seed)
