"""The colour half of ADA's augmentations: one linear map of RGB and one offset a picture (2006.06676, appendix B)."""

from __future__ import annotations

import torch
from torch import Tensor

# Rotations and reflections of colour are about the axis of greys, v = (1, 1, 1) / sqrt(3): v v' and [v]x.
_LUMA = ((1 / 3, 1 / 3, 1 / 3),) * 3
_TURN = ((0.0, -(3**-0.5), 3**-0.5), (3**-0.5, 0.0, -(3**-0.5)), (-(3**-0.5), 3**-0.5, 0.0))


def luma_flip(flipped: Tensor) -> Tensor:
    """I - 2 v v' where `flipped` (N,) is 1, which turns light into dark and keeps hues; I where it is 0. (N, 3, 3)."""
    return _identity(flipped) - 2 * flipped.view(-1, 1, 1) * _constant(_LUMA, flipped)


def hue_rotation(angle: Tensor) -> Tensor:
    """Rotations by angles (N,) in radians about the axis of greys, red toward green, (N, 3, 3)."""
    cosine, sine = angle.cos().view(-1, 1, 1), angle.sin().view(-1, 1, 1)
    luma, turn = _constant(_LUMA, angle), _constant(_TURN, angle)
    return cosine * _identity(angle) + sine * turn + (1 - cosine) * luma


def saturation(factor: Tensor) -> Tensor:
    """Distances from grey times factors (N,), (N, 3, 3): 0 leaves luma alone, 1 everything as it is."""
    factor = factor.view(-1, 1, 1)
    return factor * _identity(factor) + (1 - factor) * _constant(_LUMA, factor)


def recolour(images: Tensor, linear: Tensor, offset: Tensor) -> Tensor:
    """linear (N, 3, 3) times the RGB of each pixel of images (N, 3, H, W), plus offset (N, 3)."""
    # Not a matrix product: on a GPU that might be in TF32, and pixels left alone would change.
    columns, (red, green, blue) = linear[:, :, :, None, None], images[:, :, None].unbind(1)
    return columns[:, :, 0] * red + columns[:, :, 1] * green + columns[:, :, 2] * blue + offset[:, :, None, None]


def _identity(like: Tensor) -> Tensor:
    return torch.eye(3, dtype=like.dtype, device=like.device)


def _constant(rows: tuple[tuple[float, ...], ...], like: Tensor) -> Tensor:
    return torch.tensor(rows, dtype=like.dtype, device=like.device)
