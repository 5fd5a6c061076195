"""The fixed-seed sample grid of a model, by what the model can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.canvas import RenderRequest
from studio.api.capabilities import LatentSampling

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel

GRID = 48


@dataclass(frozen=True)
class SeedsRequest:
    """Pictures of consecutive seeds, of a model that samples from z: picture i is that of seed `seed` + i.

    Attributes:
        seed: the first seed.
        count: how many.
        psi: truncation.
        label: a class for all of them; None lets conditional models go through theirs in turn.
    """

    seed: int
    count: int
    psi: float = 1.0
    label: int | None = None

    def render(self, model: GanModel) -> Tensor:
        """Pictures (count, 3, H, W) in [-1, 1]."""
        import torch

        assert isinstance(model, LatentSampling)
        space = model.latent_space
        z = np.stack([space.draw(self.seed + index) for index in range(self.count)])
        dtype = next(next(iter(model.ema.values())).parameters()).dtype
        return model.sample(
            torch.from_numpy(z).to(model.device, dtype),
            psi=self.psi,
            labels=self._labels(model, len(model.data.labels)),
        )

    def _labels(self, model: GanModel, classes: int) -> Tensor | None:
        import torch

        if not classes:
            return None
        if self.label is not None:
            return torch.full((self.count,), self.label, device=model.device)
        return (torch.arange(self.count, device=model.device) + self.seed) % classes


def preview_request(model: GanModel, seed: int) -> RenderRequest | None:
    """What the sample grid asks of `model`; None where there is nothing to sample."""
    return SeedsRequest(seed, GRID) if isinstance(model, LatentSampling) else None
