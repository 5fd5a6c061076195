"""Halving and doubling: PyTorch's own convolutions, forward and backward, on either side of the switch."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from studio.nn import halving
from studio.nn.halving import Doubling, Halving


def plain(layer: Halving | Doubling) -> nn.Module:
    """PyTorch's layer with the same weights."""
    kind = nn.Conv2d if isinstance(layer, Halving) else nn.ConvTranspose2d
    made = kind(layer.in_channels, layer.out_channels, 4, stride=2, padding=1, bias=layer.bias is not None)
    made.load_state_dict(layer.state_dict())
    return made.to(layer.weight.dtype)


def run(layer: nn.Module, images: Tensor) -> list[Tensor]:
    """The output, and the gradients of a lopsided sum of it with respect to the pictures and the weights."""
    images = images.clone().requires_grad_()
    made = layer(images)
    loss = (made * torch.linspace(-1, 1, made.numel(), dtype=made.dtype).view(made.shape)).sum()
    return [made, *torch.autograd.grad(loss, [images, *layer.parameters()])]


@pytest.mark.parametrize("kind", [Halving, Doubling])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(1, 6, 2, 2), (3, 6, 2, 4), (2, 6, 4, 4), (1, 6, 8, 8), (3, 6, 12, 12)])
def test_it_is_pytorchs_convolution(kind: type[Halving | Doubling], bias: bool, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    layer = kind(6, 10, bias).double()
    images = torch.randn(shape, dtype=torch.float64)
    for ours, theirs in zip(run(layer, images), run(plain(layer), images), strict=True):
        assert ours.shape == theirs.shape
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", [Halving, Doubling])
def test_few_positions_are_a_product_and_many_a_convolution(
    kind: type[Halving | Doubling], monkeypatch: pytest.MonkeyPatch
) -> None:
    products = []
    product = halving._product
    monkeypatch.setattr(halving, "_product", lambda *pair: products.append(pair) or product(*pair))
    layer, positions = kind(2, 2), {Halving: 16, Doubling: 8}[kind]
    layer(torch.zeros(1, 2, positions, positions))
    assert len(products) == 1
    layer(torch.zeros(2, 2, positions, positions))
    with torch.autocast("cpu", torch.bfloat16):
        assert layer(torch.zeros(1, 2, 4, 4)).dtype == torch.bfloat16
    assert len(products) == 1


@pytest.mark.parametrize("kind", [Halving, Doubling])
def test_weights_gradients_lie_in_memory_as_the_weights_do(kind: type[Halving | Doubling]) -> None:
    layer = kind(4, 8)
    # Not `.grad`: autograd would have copied it into that order, which is what this saves.
    (gradient,) = torch.autograd.grad(layer(torch.randn(1, 4, 4, 4)).sum(), layer.weight)
    assert gradient.stride() == layer.weight.stride()


@pytest.mark.parametrize("kind", [Halving, Doubling])
def test_gradients_can_be_differentiated(kind: type[Halving | Doubling]) -> None:
    torch.manual_seed(0)
    layer = kind(2, 3).double()
    images = torch.randn(1, 2, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(layer, images)


def test_a_frozen_layer_passes_gradients_on() -> None:
    layer = copy.deepcopy(Halving(2, 3)).requires_grad_(False)
    images = torch.randn(1, 2, 4, 4, requires_grad=True)
    layer(images).sum().backward()
    assert images.grad is not None
    assert layer.weight.grad is None
