"""The residual generator: the paper's layers, recomputed by hand from its notation."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from studio.nn.resnet_generator import ResnetGenerator


def noise(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 2 - 1


def convolutions(network: nn.Module) -> list[nn.Conv2d | nn.ConvTranspose2d]:
    return [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]


def by_the_papers_notation(weights: list[Tensor], bias: Tensor, blocks: int, x: Tensor) -> Tensor:
    """1703.10593, section 7.2, with plain functions."""
    given = iter(weights)

    def reflected(x: Tensor, size: int) -> Tensor:
        return F.conv2d(F.pad(x, [size] * 4, mode="reflect"), next(given))

    def normed(x: Tensor) -> Tensor:
        variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
        return (x - mean) / (variance + 1e-5).sqrt()

    x = normed(reflected(x, 3)).relu()  # c7s1-64
    for _ in range(2):  # d128, d256
        x = normed(F.conv2d(x, next(given), stride=2, padding=1)).relu()
    for _ in range(blocks):  # R256
        x = x + normed(reflected(normed(reflected(x, 1)).relu(), 1))
    for _ in range(2):  # u128, u64
        x = normed(F.conv_transpose2d(x, next(given), stride=2, padding=1, output_padding=1)).relu()
    return torch.tanh(reflected(x, 3) + bias[:, None, None])  # c7s1-3


@pytest.mark.parametrize(("blocks", "size"), [(0, 8), (2, 16), (6, 32)])
def test_it_is_what_the_papers_notation_says(blocks: int, size: int) -> None:
    G = ResnetGenerator(width=4, blocks=blocks).double()
    weights = [layer.weight for layer in convolutions(G)]
    bias = convolutions(G)[-1].bias
    assert bias is not None
    nn.init.uniform_(bias, -0.5, 0.5)
    x = noise(2, 3, size, size)
    assert torch.allclose(G(x), by_the_papers_notation(weights, bias, blocks, x), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("blocks", "parameters"), [(9, 11_378_179), (6, 7_837_699)])
def test_it_has_the_papers_channels(blocks: int, parameters: int) -> None:
    G = ResnetGenerator(blocks=blocks)
    shapes = [(layer.in_channels, layer.out_channels, layer.kernel_size[0]) for layer in convolutions(G)]
    residual = [(256, 256, 3)] * (2 * blocks)
    assert shapes == [(3, 64, 7), (64, 128, 3), (128, 256, 3), *residual, (256, 128, 3), (128, 64, 3), (64, 3, 7)]
    # The reference prints 11.378 M and 7.838 M parameters: it has a bias in front of every instance norm.
    biases = sum(layer.out_channels for layer in convolutions(G)[:-1])
    assert sum(parameter.numel() for parameter in G.parameters()) + biases == parameters


def test_weights_start_small() -> None:
    G = ResnetGenerator(width=32, blocks=2)
    for layer in convolutions(G):
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert torch.equal(convolutions(G)[-1].bias, torch.zeros(3))  # type: ignore[arg-type]


def test_a_picture_does_not_depend_on_its_neighbours() -> None:
    G, x = ResnetGenerator(width=4, blocks=1).double(), noise(3, 3, 16, 16)
    assert torch.allclose(G(x)[1:2], G(x[1:2]), rtol=0, atol=1e-12)


def test_the_last_convolution_is_the_plain_one_and_so_are_its_slopes() -> None:
    last = convolutions(ResnetGenerator(width=4, blocks=0).double())[-1]
    assert last.bias is not None
    nn.init.uniform_(last.bias, -0.5, 0.5)
    x, slope = noise(2, 4, 9, 12).requires_grad_(), noise(2, 3, 9, 12)
    plain = F.conv2d(F.pad(x, [3] * 4, mode="reflect"), last.weight, last.bias)
    inputs = [x, last.weight, last.bias]
    for found, hoped in zip(
        torch.autograd.grad(last(x), inputs, slope), torch.autograd.grad(plain, inputs, slope), strict=True
    ):
        assert torch.allclose(found, hoped, rtol=0, atol=1e-12)


def test_pictures_need_not_be_square() -> None:
    pictures = ResnetGenerator(width=4, blocks=1)(noise(1, 3, 12, 20).float())
    assert pictures.shape == (1, 3, 12, 20)
    assert pictures.abs().max() <= 1
