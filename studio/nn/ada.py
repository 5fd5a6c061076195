"""ADA's augmentations: what D sees of every picture, real or generated, so that it cannot learn a small data set by
heart (Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, 2006.06676).

The transforms, their ranges and their order are those of appendix B, and the set is the paper's choice, `bgc`: pixel
blitting, general geometric transforms, colour transforms. How p adapts is in `ada_probability`.
"""

from __future__ import annotations

from collections.abc import Collection
from math import pi

import torch
from torch import Tensor, nn

from studio.nn.ada_colour import hue_rotation, luma_flip, recolour, saturation
from studio.nn.ada_geometry import blit, compose, rotation, scaling, translation, warp

BLIT = ("xflip", "rotate90", "xint")
GEOMETRY = ("scale", "rotate", "aniso", "xfrac")
COLOUR = ("brightness", "contrast", "lumaflip", "hue", "saturation")

# 2006.06676, appendix B: shifts in picture widths, the deviations of scales in octaves, brightness in [-1, 1] units.
_XINT = 0.125
_SCALE = 0.2
_ANISO = 0.2
_XFRAC = 0.125
_BRIGHTNESS = 0.2
_CONTRAST = 0.5
_SATURATION = 1.0


class AdaPipe(nn.Module):
    """Pictures (N, 3, H, H) in [-1, 1] -> augmented ones of the same shape; values beyond [-1, 1] do occur.

    Each transform happens to each picture on its own with probability p. Differentiable with respect to the pictures,
    twice and more. Draws from torch's global generators; reads nothing back from a GPU.
    """

    def __init__(self, transforms: Collection[str] = (*BLIT, *GEOMETRY, *COLOUR)) -> None:
        """Only the transforms named can happen; the names are those of `BLIT`, `GEOMETRY` and `COLOUR`."""
        super().__init__()
        unknown = set(transforms) - {*BLIT, *GEOMETRY, *COLOUR}
        if unknown:
            raise ValueError(f"There is no transform {sorted(unknown)[0]!r}.")
        self.transforms = frozenset(transforms)

    def forward(self, images: Tensor, p: Tensor) -> Tensor:
        """Augmented pictures; exactly the pictures themselves where p is 0.

        Args:
            images: (N, 3, H, H), H at least 4. Half precision is augmented, and returned, in float32.
            p: 0-d, the probability of each transform in [0, 1], on the pictures' device.
        """
        if p.device.type == "cpu" and not p:
            return images  # Looking at p costs nothing here; a GPU would have to be waited for.
        with torch.autocast(images.device.type, enabled=False):
            images = images.to(torch.promote_types(images.dtype, torch.float32))
            draw = _Draw(images, p, self.transforms)
            return _recoloured(_moved(images, draw), draw)


class _Draw:
    """One random number a picture, for one transform after the other; neutral where the transform does not happen."""

    def __init__(self, images: Tensor, p: Tensor, transforms: frozenset[str]) -> None:
        self._like = images.new_empty(len(images))
        self._p = p
        self._transforms = transforms

    def normal(self, transform: str, std: float) -> Tensor:
        """N(0, std^2), or 0."""
        return self.chosen(transform, std * torch.randn_like(self._like))

    def uniform(self, transform: str, limit: float, p: Tensor | None = None) -> Tensor:
        """U(-limit, limit), or 0; with probability `p` where one is given."""
        return self.chosen(transform, limit * (2 * torch.rand_like(self._like) - 1), p)

    def integer(self, transform: str, count: int) -> Tensor:
        """One of 0 ... count - 1, 0 included, or 0; as a float."""
        return self.chosen(transform, (count * torch.rand_like(self._like)).floor())

    def angle(self) -> Tensor:
        """A rotation's, in radians. There are two a picture, so each has probability 1 - sqrt(1 - p): p of either."""
        return self.uniform("rotate", pi, 1 - (1 - self._p).clamp(min=0).sqrt())

    def chosen(self, transform: str, values: Tensor, p: Tensor | None = None) -> Tensor:
        """`values` (..., N) where the transform happens to a picture, else 0."""
        if transform not in self._transforms:
            return torch.zeros_like(values)
        chosen = torch.rand_like(self._like) < (self._p if p is None else p)
        return torch.where(chosen, values, 0.0)


def _moved(images: Tensor, draw: _Draw) -> Tensor:
    """Pixel blitting and the general geometric transforms. Flips and quarter turns are made exactly, the rest as one
    warp."""
    n, _, size, _ = images.shape
    images = blit(images, draw.integer("xflip", 2) == 1, draw.integer("rotate90", 4))
    whole = draw.chosen("xint", _XINT * (2 * torch.rand(2, n, dtype=images.dtype, device=images.device) - 1))
    part = draw.chosen("xfrac", _XFRAC * torch.randn(2, n, dtype=images.dtype, device=images.device))
    x, y = -(whole * size).round()
    inverse = translation(x, y)
    shrink = torch.exp2(-draw.normal("scale", _SCALE))
    inverse = compose(inverse, scaling(shrink, shrink))
    inverse = compose(inverse, rotation(draw.angle()))
    stretch = torch.exp2(draw.normal("aniso", _ANISO))
    inverse = compose(inverse, scaling(1 / stretch, stretch))
    inverse = compose(inverse, rotation(draw.angle()))
    x, y = -part * size
    inverse = compose(inverse, translation(x, y))
    still = (inverse == torch.eye(3, dtype=inverse.dtype, device=inverse.device)).flatten(1).all(1)
    return torch.where(still[:, None, None, None], images, warp(images, inverse))


def _recoloured(images: Tensor, draw: _Draw) -> Tensor:
    """The colour transforms, as one linear map and one offset."""
    brightness = draw.normal("brightness", _BRIGHTNESS)
    contrast = torch.exp2(draw.normal("contrast", _CONTRAST))
    linear = contrast.view(-1, 1, 1) * luma_flip(draw.integer("lumaflip", 2))
    linear = compose(hue_rotation(draw.uniform("hue", pi)), linear)
    linear = compose(saturation(torch.exp2(draw.normal("saturation", _SATURATION))), linear)
    return recolour(images, linear, brightness[:, None] * linear.sum(2))
