"""What the translation canvas asks the device for beside plain translations: frozen and picklable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import ImageTranslation
from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel


@dataclass(frozen=True, eq=False)
class RoundTripRequest:
    """Pictures, translated, and translated back.

    Attributes:
        pictures: uint8 (N, H, W, 3), at the resolution of the model.
        there, back: two of the model's directions, the second undoing the first.
        seed: what dropout is drawn from, on both ways, where the model keeps it; None leaves it out.
    """

    pictures: np.ndarray
    there: str
    back: str
    seed: int | None = None

    def render(self, model: GanModel) -> Tensor:
        """Float (2 N, 3, H, W) in [-1, 1]: all the translations, then all that came back.

        What goes back is the translation itself, not the eight bits of it that a person sees.

        Raises:
            StudioError: the model translates no pictures, or not in these directions.
        """
        import torch

        there = TranslationRequest(self.pictures, self.there, self.seed).render(model)
        assert isinstance(model, ImageTranslation)
        if self.back not in model.directions:
            raise StudioError(
                f"This model does not translate back: it knows no {self.back!r}.", "Switch the round trip off."
            )
        chance = None if self.seed is None else torch.Generator(model.device).manual_seed(self.seed)
        return torch.cat([there, model.translate(there, self.back, chance)])


@dataclass(frozen=True)
class ChanceRequest:
    """One noise picture translated with two seeds: whether they differ is whether the model leaves room for chance.

    Attributes:
        resolution: the model's.
        direction: one of the model's.
    """

    resolution: int
    direction: str

    def render(self, model: GanModel) -> Tensor:
        """Float (2, 3, H, W) in [-1, 1]."""
        import torch

        noise = np.random.default_rng(0).integers(256, size=(1, self.resolution, self.resolution, 3), dtype=np.uint8)
        return torch.cat([TranslationRequest(noise, self.direction, seed).render(model) for seed in (0, 1)])
