"""The U-Net that translates pictures (Isola et al. 2017, 1611.07004, section 3.2.1 and appendix 6.1.1).

Layer for layer the reference's (junyanz/pytorch-CycleGAN-and-pix2pix, models/networks.py: UnetGenerator). There the
skips carry activated values, as LeakyReLU changes them in place before they are concatenated; the paper's carry the
values before it. That makes no difference at all: a ReLU comes next, and the ReLU of the LeakyReLU of x is that of x.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import dropout, instance_norm, leaky_relu, relu

from studio.nn.halving import Doubling, Halving
from studio.nn.init import init_normal

Norm = Literal["batch", "instance"]

_WIDEST = 8
_SLOPE = 0.2
# The reference drops out after every upward layer of this many that have its widest channels on both sides.
_UNDROPPED = 5


class OwnStatisticsBatchNorm(nn.BatchNorm2d):
    """Batch norm (N, C, H, W) that in eval mode takes the statistics of each picture on its own, never running ones.

    That is what pix2pix does: it is tested as it was trained, with batches of one (1611.07004, section 3.3), where the
    statistics of the batch are the picture's. So what a picture becomes does not depend on what else is in its batch.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, track_running_stats=False)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the base class's name)
        """The normalised values, scaled and shifted."""
        if self.training:
            return super().forward(input)
        normalised: Tensor = instance_norm(input, weight=self.weight, bias=self.bias, eps=self.eps)
        return normalised


class UNet(nn.Module):
    """Pictures (N, in_channels, 2^levels, 2^levels) -> pictures (N, out_channels, ...) of the same size in [-1, 1].

    4 x 4 convolutions halve the picture `levels` times, to 1 x 1 at the innermost, and as many transposed ones bring it
    back; each of these sees what the level on its way down had made. `norm` stands at every layer but the first, the
    innermost on the way down, and the last:

    - `batch`: batch norm; in eval mode with each picture's own statistics;
    - `instance`: instance norm without scale and shift.
    """

    def __init__(
        self,
        levels: int,
        in_channels: int = 3,
        out_channels: int = 3,
        width: int = 64,
        norm: Norm = "batch",
        dropout: float = 0.5,
    ) -> None:
        """Weights are drawn from N(0, .02).

        Args:
            levels: halvings, at least 2; 8 is the reference's unet_256, 7 its unet_128.
            in_channels, out_channels: of the pictures.
            width: channels of the outermost level; inner levels have up to eight times as many.
            norm: see above.
            dropout: share of values dropped after the `levels` - 5 upward layers next to the innermost.
        """
        super().__init__()
        channels = [width * min(2**level, _WIDEST) for level in range(levels)]
        bias = norm != "batch"
        self.down = nn.ModuleList([Halving(in_channels, width, bias)])
        for outer, inner in pairwise(channels[:-1]):
            self.down.append(nn.Sequential(Halving(outer, inner, bias), _norm(inner, norm)))
        self.down.append(Halving(channels[-2], channels[-1], bias))
        self.up = nn.ModuleList([nn.Sequential(Doubling(channels[-1], channels[-2], bias), _norm(channels[-2], norm))])
        for inner, outer in pairwise(channels[-2::-1]):
            self.up.append(nn.Sequential(Doubling(2 * inner, outer, bias), _norm(outer, norm)))
        self.up.append(Doubling(2 * width, out_channels))
        self.dropout = dropout
        self.dropped = range(1, 1 + max(0, levels - _UNDROPPED))
        init_normal(self)

    def forward(self, images: Tensor, generator: Generator | None = None) -> Tensor:
        """Translated pictures.

        Dropout, which is the only source of chance, draws from torch's global generator in training. In eval mode it
        draws from `generator`, the same for every picture of the batch; without one there is no dropout.
        """
        x = self.down[0](images)
        skips: list[Tensor] = []
        for down in self.down[1:]:
            skips.append(leaky_relu(x, _SLOPE, inplace=True))
            x = down(skips[-1])
        for index, up in enumerate(self.up):
            x = up(relu(x, inplace=True))
            if index in self.dropped:
                x = self._drop(x, generator)
            if skips:
                x = torch.cat([skips.pop(), x], 1)
        made: Tensor = x.tanh()
        return made

    def _drop(self, x: Tensor, generator: Generator | None) -> Tensor:
        if self.training:
            return dropout(x, self.dropout)
        if generator is None or self.dropout == 0:
            return x
        # In float32 whatever x is, so that a generator's state means one picture.
        chance = torch.rand(x.shape[1:], generator=generator, device=generator.device).to(x.device)
        return x * (chance >= self.dropout) / (1 - self.dropout)


def _norm(channels: int, norm: Norm) -> nn.Module:
    return OwnStatisticsBatchNorm(channels) if norm == "batch" else nn.InstanceNorm2d(channels)
