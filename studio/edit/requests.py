"""What canvases of z ask the device for: frozen and picklable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from studio.api.capabilities import LatentSampling, LatentSpace
from studio.api.errors import StudioError
from studio.api.requests import rendering_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel
    from studio.edit.latent import LatentDocument


@dataclass(frozen=True, eq=False)
class LatentRequest:
    """Pictures of some z.

    Attributes:
        z: float32 (N, dim).
        psi: truncation, 0 to 1.
        labels: N classes, for models that have classes.
    """

    z: np.ndarray
    psi: float = 1.0
    labels: tuple[int, ...] | None = None

    @classmethod
    def of(cls, documents: Sequence[LatentDocument], space: LatentSpace) -> Self:
        """The pictures of documents that share psi.

        Raises:
            StudioError: a document was made with another model.
        """
        labels = tuple(document.label or 0 for document in documents)
        given = any(document.label is not None for document in documents)
        z = np.stack([document.z(space) for document in documents])
        return cls(z, documents[0].psi, labels if given else None)

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1], in the precision of the averaged network.

        Raises:
            StudioError: the model does not sample from a latent.
        """
        import torch

        if not isinstance(model, LatentSampling):
            raise StudioError("This model makes no pictures from z.", "Choose another canvas.")
        z = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))
        labels = None if self.labels is None else torch.tensor(self.labels, dtype=torch.int64, device=model.device)
        return model.sample(z, psi=self.psi, labels=labels)


def space_of(model: GanModel) -> LatentSpace:
    """What a model's z is drawn from.

    Raises:
        StudioError: it has none.
    """
    if not isinstance(model, LatentSampling):
        raise StudioError("This model makes no pictures from z.", "Choose another run.")
    return model.latent_space
