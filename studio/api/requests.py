"""Requests that any canvas may send: pictures to translate, layouts to draw, pictures for keeps."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from studio.api.capabilities import ImageTranslation, LatentSpace, LayoutRendering
from studio.api.data import PlacedObject
from studio.api.errors import StudioError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from studio.api.canvas import Document
    from studio.api.model import GanModel


@dataclass(frozen=True, eq=False)
class TranslationRequest:
    """Pictures, translated.

    Attributes:
        pictures: uint8 (N, H, W, 3), at the resolution of the model.
        direction: one of the model's directions.
        seed: what dropout is drawn from, where the model keeps it; None leaves it out.
    """

    pictures: np.ndarray
    direction: str
    seed: int | None = None

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1].

        Raises:
            StudioError: the model translates no pictures, or not in that direction.
        """
        import torch

        if not isinstance(model, ImageTranslation):
            raise StudioError("This model makes no pictures from pictures.", "Choose another canvas.")
        if self.direction not in model.directions:
            raise StudioError(
                f"There is no direction {self.direction!r} in this model.",
                f"Choose from: {', '.join(model.directions)}.",
            )
        chance = None if self.seed is None else torch.Generator(model.device).manual_seed(self.seed)
        return model.translate(as_images(self.pictures, model), self.direction, chance)


@dataclass(frozen=True, eq=False)
class LayoutRequest:
    """Pictures of N layouts of at most K objects.

    Attributes:
        boxes: float32 (N, K, 4), x y w h as fractions of the picture.
        labels: int64 (N, K).
        present: bool (N, K), which objects are there.
        seeds: int64 (N, K), what each object's z is drawn from.
    """

    boxes: np.ndarray
    labels: np.ndarray
    present: np.ndarray
    seeds: np.ndarray

    @classmethod
    def of(cls, objects: tuple[PlacedObject, ...], seeds: np.ndarray) -> Self:
        """One layout, drawn once for each row of `seeds`, (N, K)."""
        boxes = np.tile(np.array([one.box for one in objects], np.float32), (len(seeds), 1, 1))
        labels = np.tile(np.array([one.label for one in objects], np.int64), (len(seeds), 1))
        return cls(boxes, labels, np.ones(labels.shape, np.bool_), seeds)

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1].

        Raises:
            StudioError: the model draws no layouts.
        """
        import torch

        if not isinstance(model, LayoutRendering):
            raise StudioError("This model draws no layouts.", "Choose another canvas.")
        space = LatentSpace(model.object_z_dim)
        z = np.stack([[space.draw(int(seed)) for seed in row] for row in self.seeds])
        dtype = rendering_dtype(model)
        return model.render_layout(
            torch.from_numpy(self.boxes).to(model.device, dtype),
            torch.from_numpy(self.labels).to(model.device),
            torch.from_numpy(z).to(model.device, dtype),
            torch.from_numpy(self.present).to(model.device),
        )


@dataclass(frozen=True, eq=False)
class ExactRequest:
    """The pictures of a document, for keeps: those that `ganvas render` makes.

    Attributes:
        document: what was made on a canvas.
    """

    document: Document

    def render(self, model: GanModel) -> Tensor:
        """Float64 (N, 3, H, W) in [-1, 1] on a CPU, the same on every CPU; in the networks' precision elsewhere.

        Raises:
            StudioError: the document was made with a model that can do other things.
        """
        precise = exact(model)
        return self.document.wish(precise).render(precise)


def exact(model: GanModel) -> GanModel:
    """The model with averaged networks in float64, where they are on a CPU; itself elsewhere, or where they are."""
    dtype = exact_dtype(model)
    if rendering_dtype(model) is dtype:
        return model
    made = copy.copy(model)
    made.ema = {name: copy.deepcopy(network).to(dtype) for name, network in model.ema.items()}
    return made


def exact_dtype(model: GanModel) -> torch.dtype:
    """The precision for pictures worth keeping: float64 on a CPU, so that every CPU gives the same."""
    import torch

    return torch.float64 if model.device.type == "cpu" else rendering_dtype(model)


def as_images(pictures: np.ndarray, model: GanModel) -> Tensor:
    """Pictures uint8 (N, H, W, 3) as the model takes them: float (N, 3, H, W) in [-1, 1], on its device."""
    import torch

    raw = torch.from_numpy(np.array(pictures)).to(model.device)
    return raw.permute(0, 3, 1, 2).contiguous().to(rendering_dtype(model)).div_(127.5).sub_(1.0)


def rendering_dtype(model: GanModel) -> torch.dtype:
    """The precision of the averaged networks."""
    import torch

    parameters = (parameter for network in model.ema.values() for parameter in network.parameters())
    return next((parameter.dtype for parameter in parameters if parameter.is_floating_point()), torch.float32)
