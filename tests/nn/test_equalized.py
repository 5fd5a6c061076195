"""Layers with an equalised learning rate: gains, and an activation whose derivatives are PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, leaky_relu

from studio.nn import leaky
from studio.nn.equalized import EqualizedConv2d, EqualizedLinear
from studio.nn.upfirdn import upfirdn


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def biased(layer: Any) -> Any:
    nn.init.normal_(layer.bias, generator=torch.Generator().manual_seed(1))
    return layer.double()


def test_a_linear_layer_is_scaled_when_it_is_used() -> None:
    layer, x = biased(EqualizedLinear(9, 5)), draw(3, 9)
    torch.testing.assert_close(layer(x), x @ layer.weight.T / 3 + layer.bias)


def test_a_slow_layer_starts_as_a_fast_one_and_learns_less() -> None:
    torch.manual_seed(0)
    fast = EqualizedLinear(9, 5).double()
    slow = EqualizedLinear(9, 5, lr_multiplier=0.01).double()
    slow.load_state_dict({"weight": fast.weight / 0.01, "bias": fast.bias})
    x = draw(3, 9)
    torch.testing.assert_close(slow(x), fast(x))
    fast(x).sum().backward()
    slow(x).sum().backward()
    for ours, theirs in zip(slow.parameters(), fast.parameters(), strict=True):
        assert theirs.grad is not None
        torch.testing.assert_close(ours.grad, 0.01 * theirs.grad)


def test_the_activation_comes_with_hes_gain() -> None:
    layer, x = biased(EqualizedLinear(9, 5, activation="lrelu")), draw(3, 9)
    torch.testing.assert_close(layer(x), leaky_relu(x @ layer.weight.T / 3 + layer.bias, 0.2) * 2**0.5)


def test_variance_is_kept_behind_the_activation() -> None:
    torch.manual_seed(0)
    out = EqualizedLinear(256, 4096, activation="lrelu")(torch.randn(64, 256))
    assert out.square().mean().item() == pytest.approx(1.04, abs=0.03)
    out = EqualizedConv2d(32, 256, 3, activation="lrelu")(torch.randn(2, 32, 16, 16))
    assert out[:, :, 1:-1, 1:-1].square().mean().item() == pytest.approx(1.04, abs=0.05)


@pytest.mark.parametrize("kernel", [1, 3])
def test_a_convolution_is_scaled_activated_and_clamped(kernel: int) -> None:
    layer, x = biased(EqualizedConv2d(4, 5, kernel, activation="lrelu", clamp=0.4)), draw(2, 4, 6, 6)
    plain = conv2d(x, layer.weight / (4 * kernel**2) ** 0.5, layer.bias, padding=kernel // 2)
    expected = (leaky_relu(plain, 0.2) * 2**0.5 * 0.5).clamp(-0.2, 0.2)
    torch.testing.assert_close(layer(x, gain=0.5), expected)


@pytest.mark.parametrize("kernel", [1, 3])
def test_halving_filters_then_convolves_then_drops(kernel: int) -> None:
    layer, x = EqualizedConv2d(4, 5, kernel, bias=False, down=2).double(), draw(2, 4, 8, 8)
    # Padding of the picture alone, all of it before anything else.
    blurred = upfirdn(x, layer.f, padding=(kernel // 2 + 1, kernel // 2 + 1))
    expected = conv2d(blurred, layer.weight / (4 * kernel**2) ** 0.5)[:, :, ::2, ::2]
    assert expected.shape == (2, 5, 4, 4)
    torch.testing.assert_close(layer(x), expected)


def test_leaky_relu_is_pytorchs_with_its_derivatives() -> None:
    x = draw(20).requires_grad_()
    torch.testing.assert_close(leaky.leaky_relu(x), leaky_relu(x, 0.2), rtol=0, atol=0)
    assert torch.autograd.gradcheck(leaky.leaky_relu, x)
    assert torch.autograd.gradgradcheck(leaky.leaky_relu, x)


def test_leaky_relus_second_derivative_costs_nothing() -> None:
    x = draw(20).requires_grad_()
    (slope,) = torch.autograd.grad(leaky.leaky_relu(x).sum(), x, create_graph=True)
    assert not slope.requires_grad
