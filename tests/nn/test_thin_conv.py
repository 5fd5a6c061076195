"""A convolution to few channels against the same one plain."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import conv2d

from studio.nn.thin_conv import ThinConv2d


@pytest.mark.parametrize("kernel", [1, 3, 7])
def test_it_is_the_convolution(kernel: int) -> None:
    torch.manual_seed(0)
    layer = ThinConv2d(5, 3, kernel).double()
    x = torch.randn(2, 5, 8, 6, dtype=torch.float64, requires_grad=True)
    ours, plain = layer(x), conv2d(x, layer.weight, layer.bias, padding=kernel // 2)
    torch.testing.assert_close(ours, plain)
    weight, learning = torch.randn_like(ours), [x, *layer.parameters()]
    slopes = torch.autograd.grad((ours * weight).sum(), learning)
    for mine, theirs in zip(slopes, torch.autograd.grad((plain * weight).sum(), learning), strict=True):
        torch.testing.assert_close(mine, theirs)
