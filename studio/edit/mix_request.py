"""What the mixing canvas asks the device for: frozen and picklable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import rendering_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel


@dataclass(frozen=True, eq=False)
class MixRequest:
    """Pictures whose layers are shares of several sources' styles.

    Attributes:
        z: float32 (S, dim), the sources.
        shares: float32 (N, num_ws, S), how much of each source is in each layer of each picture; they add up to 1.
        psi, cutoff: truncation of every source.
        label: the class of every source, for models that have classes.
        noise: one a layer: a seed, or None for none; None for the noise that the model was born with.
    """

    z: np.ndarray
    shares: np.ndarray
    psi: float = 1.0
    cutoff: int | None = None
    label: int | None = None
    noise: tuple[int | None, ...] | None = None

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1]. A layer that is all one source's is that source's to the bit.

        Raises:
            StudioError: the model mixes no styles, or has another number of layers.
        """
        import torch

        if not isinstance(model, StyleMixing):
            raise StudioError("This model mixes no styles.", "Choose another canvas.")
        if self.shares.shape[1] != model.num_ws:
            raise StudioError(
                f"This edit has {self.shares.shape[1]} layers, and this model has {model.num_ws}.",
                "Open it with the run that made it.",
            )
        dtype = rendering_dtype(model)
        z = torch.from_numpy(self.z).to(model.device, dtype)
        labels = None if self.label is None else torch.full((len(z),), self.label, device=model.device)
        ws = model.mapping(z, psi=self.psi, cutoff=self.cutoff, labels=labels)
        mixed = torch.einsum("nls,sld->nld", torch.from_numpy(self.shares).to(model.device, dtype), ws)
        return model.synthesis(mixed, noise_seeds=self.noise)
