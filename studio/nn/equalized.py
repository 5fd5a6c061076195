"""Layers with an equalised learning rate: weights are N(0, 1) and are scaled when used (1710.10196, section 4.1).

Names, shapes and gains are those of the layers of NVlabs/stylegan2-ada-pytorch (training/networks.py:
FullyConnectedLayer, Conv2dLayer), so that its weights fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

from studio.nn.leaky import leaky_relu
from studio.nn.upfirdn import fir, upfirdn

Activation = Literal["linear", "lrelu"]

# He's gain keeps the variance behind a LeakyReLU near that before it (torch_utils/ops/bias_act.py: def_gain).
GAINS = {"linear": 1.0, "lrelu": 2**0.5}


class EqualizedLinear(nn.Module):
    """(N, in) -> (N, out): W x / sqrt(in) + b, then the activation with its gain.

    Attributes:
        weight: (out, in), drawn from N(0, 1 / `lr_multiplier`).
        bias: (out,), or None.
        gain: what the weight is multiplied by: `lr_multiplier` / sqrt(in).
        lr_multiplier: slows this layer's learning; what it computes at the start does not depend on it.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        bias_init: float = 0.0,
        lr_multiplier: float = 1.0,
        activation: Activation = "linear",
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / lr_multiplier)
        self.bias = nn.Parameter(torch.full((out_features,), float(bias_init))) if bias else None
        self.gain = lr_multiplier * in_features**-0.5
        self.lr_multiplier = lr_multiplier
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output, (N, out) in the dtype of x."""
        # LeakyReLU(g x) = g LeakyReLU(x) for g > 0: the gain is applied to the weights, which are fewer.
        act_gain = GAINS[self.activation]
        bias = None if self.bias is None else (self.bias * (self.lr_multiplier * act_gain)).to(x.dtype)
        x = linear(x, (self.weight * (self.gain * act_gain)).to(x.dtype), bias)
        return leaky_relu(x) if self.activation == "lrelu" else x


class EqualizedConv2d(nn.Module):
    """(N, in, H, W) -> (N, out, H / down, W / down): a convolution scaled by 1 / sqrt(in k^2), then the activation.

    Attributes:
        weight: (out, in, k, k), drawn from N(0, 1).
        bias: (out,), 0 at the start, or None.
        gain: what the weight is multiplied by: 1 / sqrt(in k^2).
        f: the filter that goes before every halving.
    """

    f: Tensor

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int,
        *,
        bias: bool = True,
        activation: Activation = "linear",
        down: int = 1,
        taps: Sequence[float] = (1, 3, 3, 1),
        clamp: float | None = None,
    ) -> None:
        """`clamp` bounds the output, as half precision needs; odd kernels alone keep the size."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None
        self.gain = (in_channels * kernel**2) ** -0.5
        self.activation = activation
        self.down = down
        self.clamp = clamp
        self.register_buffer("f", fir(taps), persistent=False)

    def forward(self, x: Tensor, gain: float = 1.0) -> Tensor:
        """The layer's output in the dtype of x, times `gain` > 0."""
        act_gain = GAINS[self.activation] * gain
        weight = (self.weight * (self.gain * act_gain)).to(x.dtype)
        bias = None if self.bias is None else (self.bias * act_gain).to(x.dtype)
        x = self._convolve(x, weight, bias)
        if self.activation == "lrelu":
            x = leaky_relu(x)
        return x if self.clamp is None else x.clamp(-self.clamp * gain, self.clamp * gain)

    def _convolve(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Filters, and filters first where it halves; a 1 x 1 kernel then sees only the pixels that are kept."""
        kernel = weight.shape[2]
        if self.down == 1:
            return conv2d(x, weight, bias, padding=kernel // 2)
        taps, down = len(self.f), self.down
        around = ((taps - down + 1) // 2 + kernel // 2, (taps - down) // 2 + kernel // 2)
        if kernel == 1:
            return conv2d(upfirdn(x, self.f, down=down, padding=around), weight, bias)
        return conv2d(upfirdn(x, self.f, padding=around), weight, bias, stride=down)
