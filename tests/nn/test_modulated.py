"""Modulated convolution against the paper's formula, a picture at a time; demodulation; both ways of computing it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d

from studio.nn.modulated import modulated_conv2d
from studio.nn.upfirdn import fir, upfirdn

BOTH_WAYS = pytest.mark.parametrize("fused", [False, True], ids=["apart", "fused"])


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_the_paper(weight: Tensor, styles: Tensor, demodulate: bool) -> list[Tensor]:
    """1912.04958, equations 1 and 3, each picture with weights of its own."""
    results = []
    for style in styles:
        modulated = weight * style[None, :, None, None]
        if demodulate:
            modulated = modulated / (modulated.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        results.append(modulated)
    return results


@BOTH_WAYS
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("demodulate", [True, False])
def test_each_picture_is_convolved_with_weights_of_its_own(fused: bool, kernel: int, demodulate: bool) -> None:
    x, weight, styles = draw(3, 4, 5, 6), draw(2, 4, kernel, kernel, seed=1), draw(3, 4, seed=2)
    ours = modulated_conv2d(x, weight, styles, demodulate=demodulate, fused=fused, gain=1.5)
    for index, modulated in enumerate(by_the_paper(weight, styles, demodulate)):
        expected = 1.5 * conv2d(x[index : index + 1], modulated, padding=kernel // 2)
        torch.testing.assert_close(ours[index : index + 1], expected)


@BOTH_WAYS
def test_doubling_spreads_convolves_and_filters(fused: bool) -> None:
    x, weight, styles, f = draw(3, 4, 5, 4), draw(2, 4, 3, 3, seed=1), draw(3, 4, seed=2), fir([1, 3, 3, 1]).double()
    ours = modulated_conv2d(x, weight, styles, f=f, fused=fused)
    assert ours.shape == (3, 2, 10, 8)
    for index, modulated in enumerate(by_the_paper(weight, styles, True)):
        spread = x.new_zeros(1, 4, 10, 8)
        spread[:, :, ::2, ::2] = x[index]
        # A convolution with 3 x 3 weights (hence the flip), then the filter: padded once, before both.
        padded = torch.nn.functional.pad(spread, [3, 2, 3, 2])
        expected = upfirdn(conv2d(padded, modulated.flip(2, 3)), f, gain=4.0)
        torch.testing.assert_close(ours[index : index + 1], expected)


@BOTH_WAYS
def test_demodulation_keeps_the_variance_whatever_the_styles(fused: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4, 64, 16, 16, generator=generator)
    weight, styles = torch.randn(32, 64, 3, 3, generator=generator), 5 * torch.rand(4, 64, generator=generator) + 0.1
    out = modulated_conv2d(x, weight, styles, fused=fused)[:, :, 1:-1, 1:-1]
    assert out.square().mean(dim=(1, 2, 3)).sqrt().tolist() == pytest.approx([1.0] * 4, abs=0.05)
    plain = modulated_conv2d(x, weight, styles, demodulate=False, fused=fused)
    assert plain.std().item() > 10


def test_the_length_of_a_style_does_not_matter() -> None:
    x, weight, styles = draw(3, 4, 5, 6), draw(2, 4, 3, 3, seed=1), draw(3, 4, seed=2)
    torch.testing.assert_close(modulated_conv2d(x, weight, styles), modulated_conv2d(x, weight, 9 * styles))


@pytest.mark.parametrize("doubling", [False, True])
def test_both_ways_have_the_same_derivatives_to_the_second_order(doubling: bool) -> None:
    f = fir([1, 3, 3, 1]).double() if doubling else None
    found = []
    for fused in (False, True):
        x, weight, styles = draw(2, 3, 4, 4), draw(2, 3, 3, 3, seed=1).requires_grad_(), draw(2, 3, seed=2)
        styles.requires_grad_()
        out = modulated_conv2d(x, weight, styles, f=f, fused=fused)
        (slope,) = torch.autograd.grad((out * draw(*out.shape, seed=3)).sum(), styles, create_graph=True)
        found.append((slope, *torch.autograd.grad(slope.square().sum(), (weight, styles))))
    for apart, fused_one in zip(*found, strict=True):
        torch.testing.assert_close(apart, fused_one)


@BOTH_WAYS
def test_half_precision_does_not_overflow(fused: bool) -> None:
    x, weight, styles = draw(2, 8, 4, 4), 1e3 * draw(4, 8, 3, 3, seed=1), 1e4 * draw(2, 8, seed=2)
    out = modulated_conv2d(x.half(), weight.float(), styles.float(), fused=fused)
    assert out.dtype == torch.float16
    torch.testing.assert_close(out.double(), modulated_conv2d(x, weight, styles), rtol=0.02, atol=0.02)
