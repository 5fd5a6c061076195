"""A convolution and a mean in one against one after the other."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import avg_pool2d, conv2d

from studio.nn.pooled_conv import PooledConv2d
from studio.nn.spectral import spectral_norm


@pytest.mark.parametrize("size", [(8, 8), (6, 4), (5, 7)])
def test_it_is_the_convolution_and_then_the_mean(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    layer = PooledConv2d(3, 4).double()
    x = torch.randn(2, 3, *size, dtype=torch.float64, requires_grad=True)
    ours, apart = layer(x), avg_pool2d(conv2d(x, layer.weight, layer.bias, padding=1), 2)
    torch.testing.assert_close(ours, apart)
    weight, learning = torch.randn_like(ours), [x, *layer.parameters()]
    slopes = torch.autograd.grad((ours * weight).sum(), learning)
    for mine, theirs in zip(slopes, torch.autograd.grad((apart * weight).sum(), learning), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_it_takes_a_normalised_weight() -> None:
    torch.manual_seed(0)
    layer, x = PooledConv2d(3, 4), torch.randn(1, 3, 8, 8)
    weight = layer.weight.detach().clone()
    spectral_norm(layer)
    layer.eval()
    largest = torch.linalg.matrix_norm(weight.flatten(1), 2)
    torch.testing.assert_close(
        layer(x), avg_pool2d(conv2d(x, weight / largest, layer.bias, padding=1), 2), rtol=1e-2, atol=1e-3
    )
