"""The geometric half of ADA's augmentations: flips and quarter turns, and one affine warp between low-pass filters.

Training Generative Adversarial Networks with Limited Data (2006.06676), appendix B. Everything is linear in the
pictures, so gradients of any order pass through: R1 is the gradient with respect to the picture before it is augmented.
Pictures are square, (N, C, H, H).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv1d, conv_transpose1d, grid_sample, pad

# The low-pass filter of the orthogonal wavelet sym6, scaled to sum 1 (2006.06676, appendix B: H(z)).
SYM6 = (
    0.010892350163280,
    0.002468306185920,
    -0.083431607705840,
    -0.034161560793240,
    0.347228986478350,
    0.556946391963960,
    0.238952185666050,
    -0.051362484930900,
    -0.014891875649220,
    0.031625281329940,
    0.001249961046390,
    -0.005515933754690,
)
_BEFORE = len(SYM6) // 2 - 1
_MARGIN = len(SYM6) // 4
# The filter is not quite symmetric: pixel k comes to lie here beyond supersampled pixel 2k, not half way to the next.
_DELAY = sum(index * tap for index, tap in enumerate(SYM6)) - _BEFORE


def blit(images: Tensor, flipped: Tensor, turns: Tensor) -> Tensor:
    """Flips pictures left to right where `flipped` (N,) is true, then turns them by `turns` (N,) times 90 degrees.

    Pixels are moved and never mixed. A turn is anticlockwise; `turns` is an integer from 0 to 3.
    """
    flipped, turns = flipped[:, None, None, None], turns[:, None, None, None]
    images = torch.where(flipped, images.flip(3), images)
    images = torch.where(turns % 2 == 1, images.transpose(2, 3), images)
    images = torch.where((turns == 1) | (turns == 2), images.flip(2), images)
    return torch.where(turns >= 2, images.flip(3), images)


def scaling(x: Tensor, y: Tensor) -> Tensor:
    """diag(x, y, 1) of factors (N,), as (N, 3, 3)."""
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    return _matrix([x, zero, zero, zero, y, zero, zero, zero, one])


def rotation(angle: Tensor) -> Tensor:
    """A rotation by angles (N,) in radians, clockwise on the screen, as (N, 3, 3)."""
    sine, cosine, zero, one = angle.sin(), angle.cos(), torch.zeros_like(angle), torch.ones_like(angle)
    return _matrix([cosine, -sine, zero, sine, cosine, zero, zero, zero, one])


def translation(x: Tensor, y: Tensor) -> Tensor:
    """A shift by x pixels to the right and y down, each (N,), as (N, 3, 3)."""
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    return _matrix([one, zero, x, zero, one, y, zero, zero, one])


def compose(first: Tensor, second: Tensor) -> Tensor:
    """The matrix product first @ second of (N, 3, 3), in full precision where a GPU would take TF32."""
    return (first[:, :, :, None] * second[:, None]).sum(2)


def warp(images: Tensor, inverse: Tensor) -> Tensor:
    """Pictures seen through an affine map: pixel x of the result is the pixel `inverse` x of the picture.

    Supersampled twice by sym6, sampled bilinearly, brought back by sym6 (2006.06676, appendix B). The filter is
    orthogonal, so that shifts by whole pixels change nothing but what they must. Beyond its borders a picture goes on
    as its mirror image, as far as is needed.

    Args:
        images: (N, C, H, H), with H at least 4.
        inverse: (N, 3, 3), in pixels from the picture's centre, x to the right and y down.
    """
    size = images.shape[-1]
    positions = _source_positions(inverse.to(images.dtype), size)
    indices = 2 * _fold(positions, size) + _DELAY
    # grid_sample wants -1 at the left edge of the first pixel, and 1 at the right edge of the last.
    return _downsample(sample(_upsample(images), (indices + 0.5) / size - 1))


def sample(images: Tensor, grid: Tensor) -> Tensor:
    """Bilinear `grid_sample` (align_corners=False) of pictures (N, C, H, W) at grid (N, h, w, 2), differentiable with
    respect to the pictures as often as wanted; PyTorch's own is so only once."""
    result: Tensor = _Sample.apply(images, grid)
    return result


class _Sample(torch.autograd.Function):
    """Reads pixels off a grid; linear in the pictures, so its derivative is its adjoint whatever they are."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        ctx.size = images.shape[2:]
        return grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (grid,) = ctx.saved_tensors
        return _Spread.apply(gradients[0], grid, ctx.size), None


class _Spread(torch.autograd.Function):
    """The adjoint of `_Sample`: adds what lies on the grid to the pixels it was read from."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, grid: Tensor, size: torch.Size) -> Tensor:
        ctx.save_for_backward(grid)
        blank = values.new_zeros(*values.shape[:2], *size)
        bilinear, zeros, align_corners = 0, 0, False
        images, _ = torch.ops.aten.grid_sampler_2d_backward(
            values, blank, grid, bilinear, zeros, align_corners, [True, False]
        )
        spread: Tensor = images
        return spread

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (grid,) = ctx.saved_tensors
        return _Sample.apply(gradients[0], grid), None, None


def _matrix(entries: list[Tensor]) -> Tensor:
    return torch.stack(entries, dim=1).view(-1, 3, 3)


def _source_positions(inverse: Tensor, size: int) -> Tensor:
    """Where each supersampled pixel of the result, with the filter's margin, lies in the picture: (N, M, M, 2)."""
    centre = (size - 1) / 2
    steps = torch.arange(-_BEFORE, 2 * size + _BEFORE, dtype=inverse.dtype, device=inverse.device)
    offsets = (steps - _DELAY) / 2 - centre
    entries = inverse[:, :2, :, None, None]
    positions = entries[:, :, 0] * offsets + entries[:, :, 1] * offsets[:, None] + entries[:, :, 2]
    return positions.permute(0, 2, 3, 1) + centre


def _fold(positions: Tensor, size: int) -> Tensor:
    """Positions on an endless chain of mirror images, as positions in [0, size - 1] of the picture itself."""
    last = size - 1
    return last - (last - positions.remainder(2 * last)).abs()


def _upsample(images: Tensor) -> Tensor:
    """(N, C, H, H) -> (N, C, 2H, 2H); pixel m lies at (m - _DELAY) / 2 of the picture."""
    # A filter as a matrix: measured on a CPU, two to ten times as fast as convolutions with one channel.
    row = pad(_unit_rows(images, images.shape[-1]), [_MARGIN] * 2, mode="reflect")
    matrix = conv_transpose1d(row, 2 * _low_pass(row), stride=2, padding=_BEFORE + 2 * _MARGIN)[:, 0]
    return matrix.T @ (images @ matrix)


def _downsample(images: Tensor) -> Tensor:
    """(N, C, 2H + 10, 2H + 10) -> (N, C, H, H); with `_upsample` before it, the identity."""
    row = _unit_rows(images, images.shape[-1])
    matrix = conv1d(row, _low_pass(row), stride=2)[:, 0]
    return matrix.T @ (images @ matrix)


def _unit_rows(like: Tensor, size: int) -> Tensor:
    """Each a picture of one row with one pixel set, (size, 1, size): what a filter makes of them is its matrix."""
    return torch.eye(size, dtype=like.dtype, device=like.device)[:, None]


def _low_pass(like: Tensor) -> Tensor:
    return torch.tensor(SYM6, dtype=like.dtype, device=like.device).view(1, 1, -1)
