"""What canvases of z ask the device for: frozen and picklable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from studio.api.capabilities import LatentSampling, LatentSpace, StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import rendering_dtype
from studio.edit.directions import Push, Through

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
        cutoff: the layer from which on there is no truncation, for models that mix styles; None truncates all.
        pushes: what is added to every w after truncation, or to every z.
        through: which of the two.
    """

    z: np.ndarray
    psi: float = 1.0
    labels: tuple[int, ...] | None = None
    cutoff: int | None = None
    pushes: tuple[Push, ...] = ()
    through: Through = "z"

    @classmethod
    def of(cls, documents: Sequence[LatentDocument], space: LatentSpace) -> Self:
        """The pictures of documents that share truncation and directions.

        Raises:
            StudioError: a document was made with another model.
        """
        labels = tuple(document.label or 0 for document in documents)
        given = any(document.label is not None for document in documents)
        z = np.stack([document.z(space) for document in documents])
        first = documents[0]
        pushes = () if first.directions is None else first.directions.pushes()
        through = "z" if first.directions is None else first.directions.through
        return cls(z, first.psi, labels if given else None, first.cutoff, pushes, through)

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1], in the precision of the averaged network.

        Raises:
            StudioError: the model does not sample from a latent, or the directions are another model's.
        """
        import torch

        if not isinstance(model, LatentSampling):
            raise StudioError("This model makes no pictures from z.", "Choose another canvas.")
        z = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))
        labels = None if self.labels is None else torch.tensor(self.labels, dtype=torch.int64, device=model.device)
        in_w = self.pushes if self.through == "w" else ()
        if not in_w:
            z = pushed_z(z, self.pushes)
        if not in_w and self.cutoff is None:
            return model.sample(z, psi=self.psi, labels=labels)
        if not isinstance(model, StyleMixing):
            raise StudioError("This edit moves w, and this model has none.", "Open it with the run that made it.")
        ws = model.mapping(z, psi=self.psi, cutoff=self.cutoff, labels=labels)
        return model.synthesis(pushed_ws(ws, in_w))


def pushed_z(z: Tensor, pushes: Sequence[Push], share: float = 1.0) -> Tensor:
    """Float (N, dim) with a share of what is to be added.

    Raises:
        StudioError: the directions are another model's.
    """
    for push in pushes:
        z = z + share * _vector(push, z)
    return z


def pushed_ws(ws: Tensor, pushes: Sequence[Push], share: float = 1.0) -> Tensor:
    """Float (N, num_ws, dim) with a share of what is to be added, in the layers that each is for.

    Raises:
        StudioError: the directions are another model's.
    """
    ws = ws.clone() if pushes else ws
    for push in pushes:
        layers = slice(*push.span) if push.span else slice(None)
        ws[:, layers] = ws[:, layers] + share * _vector(push, ws)
    return ws


def _vector(push: Push, points: Tensor) -> Tensor:
    import torch

    if points.shape[-1] != len(push.vector):
        raise StudioError(
            f"This edit's directions have {len(push.vector)} components, and this model has {points.shape[-1]}.",
            "Open it with the run that made it, or find directions anew.",
        )
    return torch.from_numpy(push.vector).to(points.device, points.dtype)


def space_of(model: GanModel) -> LatentSpace:
    """What a model's z is drawn from.

    Raises:
        StudioError: it has none.
    """
    if not isinstance(model, LatentSampling):
        raise StudioError("This model makes no pictures from z.", "Choose another run.")
    return model.latent_space
