"""What the inpainting canvas asks the device for: pictures whose hole is filled from latents. Frozen and picklable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from studio.api.capabilities import LatentSampling, StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import as_images, rendering_dtype
from studio.edit.inpaint_blend import MOST_ROUNDS, blended

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel

Space = Literal["z", "w"]


@dataclass(frozen=True, eq=False)
class InpaintRequest:
    """One picture, its hole filled in several ways.

    Attributes:
        photo: uint8 (S, S, 3), at the resolution of the model.
        cover: float32 (S, S) in [0, 1], how much of each pixel is replaced.
        latents: float32 (N, dim).
        space: what the latents are.
        label: the class, for models that have classes.
        blend: whether what is found takes on the colours around the hole.
    """

    photo: np.ndarray
    cover: np.ndarray
    latents: np.ndarray
    space: Space = "z"
    label: int | None = None
    blend: bool = True

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, S, S) in [-1, 1]. A pixel that is not covered is the photo's, to the bit.

        Raises:
            StudioError: the model does not make pictures from such latents.
        """
        import torch

        latents = torch.from_numpy(self.latents).to(model.device, rendering_dtype(model))
        _check(latents.shape[1], model, self.space)
        found = pictures_of(model, latents, self.space, self.label)
        return filled(as_images(self.photo[None], model), found, self.cover, blend=self.blend)


def filled(photo: Tensor, found: Tensor, cover: np.ndarray, *, blend: bool = True, rounds: int = MOST_ROUNDS) -> Tensor:
    """`photo` (1, 3, S, S) with `found` (N, 3, S, S) where it is covered, float32 (S, S); partly where it is partly."""
    import torch

    share = torch.from_numpy(cover).to(found.device, found.dtype)
    hole = share > 0
    over = blended(photo, found, hole, rounds).clamp(-1, 1) if blend else found
    return torch.where(hole, photo + (over - photo) * share, photo)


def space_of(model: GanModel) -> Space:
    """Where to look for pictures: in w where there is one, which measured better than z (docs/artists/inpaint.md)."""
    return "w" if isinstance(model, StyleMixing) else "z"


def drawn(model: GanModel, seeds: tuple[int, ...], label: int | None = None) -> Tensor:
    """The latents (N, dim) of seeds, in the model's space.

    Raises:
        StudioError: the model makes no pictures from z.
    """
    import torch

    if not isinstance(model, LatentSampling):
        raise StudioError("This model makes no pictures from z.", "Choose another canvas.")
    space, dtype = model.latent_space, rendering_dtype(model)
    z = torch.from_numpy(np.stack([space.draw(seed) for seed in seeds])).to(model.device, dtype)
    if isinstance(model, StyleMixing):
        return model.mapping(z, labels=_labels(model, len(z), label))[:, 0].contiguous()
    return z


def pictures_of(model: GanModel, latents: Tensor, space: Space, label: int | None = None) -> Tensor:
    """Pictures (N, 3, S, S) in [-1, 1] of latents (N, dim).

    Raises:
        StudioError: the model has no such latents.
    """
    if space == "w" and isinstance(model, StyleMixing):
        return model.synthesis(latents[:, None].expand(-1, model.num_ws, -1))
    if space == "z" and isinstance(model, LatentSampling):
        return model.sample(latents, labels=_labels(model, len(latents), label))
    raise StudioError(f"This model makes no pictures from {space}.", "Open the edit with the run that made it.")


def _check(dim: int, model: GanModel, space: Space) -> None:
    """Refuses latents of another length than the model's."""
    if space != space_of(model) or dim != drawn(model, (0,)).shape[1]:
        raise StudioError(
            f"What fills the hole was found with another model: it is {dim} numbers of {space}.",
            "Open the edit with the run that made it, or search again.",
        )


def _labels(model: GanModel, count: int, label: int | None) -> Tensor | None:
    import torch

    return None if label is None else torch.full((count,), label, dtype=torch.int64, device=model.device)
