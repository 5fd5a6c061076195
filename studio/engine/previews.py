"""The sample grid of a model in training, by what the model can do: always the same seeds, pictures or layouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.canvas import RenderRequest
from studio.api.capabilities import ImageTranslation, LatentSampling, LayoutRendering
from studio.api.data import DataKind
from studio.api.requests import LayoutRequest, TranslationRequest, as_images, rendering_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel
    from studio.data.dataset import Dataset, Pictures

COLUMNS = 6
GRID = 8 * COLUMNS
OBJECT_SEEDS = 2**32


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
        return model.sample(
            torch.from_numpy(z).to(model.device, rendering_dtype(model)),
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


@dataclass(frozen=True, eq=False)
class PairsPreview:
    """Rows of pictures, what the model makes of them, and what they belong to.

    Attributes:
        pictures, targets: uint8 (N, H, W, 3) each.
        direction: the model's.
    """

    pictures: np.ndarray
    targets: np.ndarray
    direction: str

    def render(self, model: GanModel) -> Tensor:
        """Pictures (3 N, 3, H, W) in [-1, 1]: input, output, target, and again."""
        made = TranslationRequest(self.pictures, self.direction).render(model)
        return _interleaved(as_images(self.pictures, model), made, as_images(self.targets, model))


@dataclass(frozen=True, eq=False)
class RoundTripPreview:
    """Rows of a picture of one domain, translated, and translated back; then one of the other.

    Attributes:
        pictures: by direction: uint8 (N, H, W, 3).
        back: by direction, the one that undoes it, where there is one.
    """

    pictures: dict[str, np.ndarray]
    back: dict[str, str]

    def render(self, model: GanModel) -> Tensor:
        """Pictures (N columns, 3, H, W) in [-1, 1]; six columns where both directions are known."""
        assert isinstance(model, ImageTranslation)
        shown = []
        for direction, pictures in self.pictures.items():
            there = TranslationRequest(pictures, direction).render(model)
            shown += [as_images(pictures, model), there]
            if direction in self.back:
                shown.append(model.translate(there, self.back[direction]))
        return _interleaved(*shown)


@dataclass(frozen=True, eq=False)
class LayoutsPreview:
    """Real pictures, each beside what the model draws into its layout.

    Attributes:
        pictures: uint8 (N, H, W, 3).
        request: their layouts.
    """

    pictures: np.ndarray
    request: LayoutRequest

    def render(self, model: GanModel) -> Tensor:
        """Pictures (2 N, 3, H, W) in [-1, 1]."""
        return _interleaved(as_images(self.pictures, model), self.request.render(model))


def preview_request(model: GanModel, data: Dataset, seed: int) -> RenderRequest | None:
    """What the sample grid of a run asks of `model`; None where there is nothing to show.

    Pictures are those of `data` that `seed` chooses, the same for the whole run.
    """
    if isinstance(model, LatentSampling):
        return SeedsRequest(seed, GRID)
    if isinstance(model, ImageTranslation) and data.pictures_b is not None:
        return _translation(model, data, data.pictures_b, seed)
    if isinstance(model, LayoutRendering) and data.objects is not None:
        return _layouts(data, seed)
    return None


def _translation(model: ImageTranslation, data: Dataset, pictures_b: Pictures, seed: int) -> RenderRequest:
    given = {way: pictures_b if _origin(way) == data.info.domains[1] else data.pictures for way in model.directions}
    if data.info.kind is DataKind.PAIRED:
        way, pictures = next(iter(given.items()))
        rows = _some(len(data), GRID // 3, seed)
        return PairsPreview(pictures[rows], (data.pictures if pictures is pictures_b else pictures_b)[rows], way)
    count = GRID // (3 * len(given))
    back = {way: other for way in given for other in given if other != way and _origin(other) == way.split("->")[-1]}
    return RoundTripPreview({way: side[_some(len(side), count, seed)] for way, side in given.items()}, back)


def _origin(direction: str) -> str:
    """The domain that a direction starts from."""
    return direction.split("->", maxsplit=1)[0]


def _layouts(data: Dataset, seed: int) -> RenderRequest:
    assert data.objects is not None
    rows = _some(len(data), GRID // 2, seed)
    labels = data.objects.labels[rows]
    seeds = np.random.default_rng(seed % 2**64).integers(OBJECT_SEEDS, size=labels.shape)
    request = LayoutRequest(data.objects.boxes[rows], labels, data.objects.present[rows], seeds)
    return LayoutsPreview(data.pictures[rows], request)


def _some(count: int, wanted: int, seed: int) -> np.ndarray:
    """Up to `wanted` of `count` rows, by chance."""
    return np.random.default_rng(seed % 2**64).permutation(count)[:wanted]


def _interleaved(*columns: Tensor) -> Tensor:
    """The first of each, then the second of each, and so on."""
    import torch

    return torch.stack(columns, dim=1).flatten(0, 1)
