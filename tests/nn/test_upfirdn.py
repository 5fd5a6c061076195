"""Resampling against its definition, pixel by pixel, and its derivatives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.nn.upfirdn import blur, downsample, fir, upfirdn, upsample

# Not symmetric, so that a kernel read in the wrong direction is seen.
SKEWED = fir([1, 5, 2, 3]).double()
FILTERS = pytest.mark.parametrize("f", [fir([1, 3, 3, 1]).double(), fir([1, 2, 1]).double(), SKEWED], ids=len)


def pictures(height: int = 6, width: int = 4) -> Tensor:
    return torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def by_definition(x: Tensor, f: Tensor, up: int, down: int, padding: tuple[int, int], gain: float) -> Tensor:
    """Zeros in between, padding, the sum over the taps in reverse, every n-th pixel: in loops."""
    before, after = padding
    spread = x.new_zeros(*x.shape[:2], x.shape[2] * up, x.shape[3] * up)
    spread[:, :, ::up, ::up] = x
    padded = torch.nn.functional.pad(spread, [before, after, before, after])
    rows, columns = padded.shape[2] - len(f) + 1, padded.shape[3] - len(f) + 1
    filtered = x.new_zeros(*x.shape[:2], rows, columns)
    for row in range(rows):
        for column in range(columns):
            for i in range(len(f)):
                for j in range(len(f)):
                    tap = f[len(f) - 1 - i] * f[len(f) - 1 - j]
                    filtered[:, :, row, column] += gain * tap * padded[:, :, row + i, column + j]
    return filtered[:, :, ::down, ::down]


def test_a_filter_keeps_a_constant() -> None:
    assert fir([1, 3, 3, 1]).tolist() == [0.125, 0.375, 0.375, 0.125]


@FILTERS
@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 1), (2, 1), (1, 2), (2, 0)])
def test_it_is_what_it_is_defined_to_be(f: Tensor, up: int, down: int, padding: tuple[int, int]) -> None:
    x = pictures()
    ours = upfirdn(x, f, up=up, down=down, padding=padding, gain=1.5)
    torch.testing.assert_close(ours, by_definition(x, f, up, down, padding, 1.5))


@FILTERS
@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (1, 2)])
@pytest.mark.parametrize("size", [(5, 4), (4, 5)])
def test_its_derivatives_are_right_to_the_second_order(f: Tensor, up: int, down: int, size: tuple[int, int]) -> None:
    x = pictures(*size)[:1, :2].requires_grad_()

    def resample(x: Tensor) -> Tensor:
        return upfirdn(x, f, up=up, down=down, padding=(2, 1))

    assert torch.autograd.gradcheck(resample, x)
    assert torch.autograd.gradgradcheck(resample, x)


@FILTERS
def test_upsampling_a_constant_gives_it_back_away_from_the_edge(f: Tensor) -> None:
    large = upsample(torch.full((1, 2, 6, 8), 0.7, dtype=torch.float64), f)
    assert large.shape == (1, 2, 12, 16)
    torch.testing.assert_close(large[:, :, 3:-3, 3:-3].mean(), torch.tensor(0.7, dtype=torch.float64))


def test_upsampling_is_linear_interpolation_with_stylegan2s_filter() -> None:
    # [1, 3, 3, 1] / 4 on every other pixel: a quarter of one neighbour and three quarters of the other.
    ramp = torch.arange(4.0).view(1, 1, 1, 4).expand(1, 1, 4, 4).contiguous()
    middle = upsample(ramp, fir([1, 3, 3, 1]))[0, 0, 3, 1:-1]
    assert middle.tolist() == pytest.approx([0.25, 0.75, 1.25, 1.75, 2.25, 2.75])


@FILTERS
def test_sizes_are_halved_and_kept(f: Tensor) -> None:
    assert downsample(pictures(), f).shape == (2, 3, 3, 2)
    assert blur(pictures(), f).shape == (2, 3, 6, 4)
    torch.testing.assert_close(blur(pictures(), f)[:, :, ::2, ::2].shape, downsample(pictures(), f).shape)


def test_half_precision_filters_give_half_precision() -> None:
    assert upsample(pictures().half(), fir([1, 3, 3, 1])).dtype == torch.float16


def test_autocast_does_not_round_it() -> None:
    x = pictures().float()
    with torch.autocast("cpu", torch.bfloat16):
        inside = upsample(x, fir([1, 3, 3, 1]))
    assert torch.equal(inside, upsample(x, fir([1, 3, 3, 1])))
