"""The networks of WGAN-GP's code (igul222/improved_wgan_training), at any size made by doubling.

`ConvGenerator` and `ConvCritic` are those of gan_cifar.py, which at 64 px are the DCGANs of gan_64x64.py with one more
layer; `FcGenerator` and `FcCritic` are the multilayer perceptrons of gan_64x64.py. Weights start as in tflib/ops:
uniform, He's variance over the mean of fan-in and fan-out at convolutions, biases 0.

Two things differ, and neither changes what the networks can do: convolutions are padded by two pixels on every side,
where TensorFlow's SAME pads one before and two after, and there is no bias where batch norm would take it away again.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

from studio.nn.piecewise import LeakyRelu
from studio.nn.resolutions import split_resolution

Norm = Literal["none", "layer"]

_KERNEL = 5
_WIDEST = 8


class ConvGenerator(nn.Module):
    """z (N, z_dim) -> pictures (N, 3, resolution, resolution) in [-1, 1].

    A linear layer, then transposed 5 x 5 convolutions with stride 2; batch norm and ReLU everywhere but at the output,
    which is tanh.
    """

    def __init__(self, resolution: int, z_dim: int = 128, width: int = 128) -> None:
        """Weights are drawn.

        Raises:
            StudioError: a resolution that `split_resolution` refuses.
        """
        super().__init__()
        base, doublings = split_resolution(resolution)
        channels = _channels(width, doublings)[::-1]
        units = channels[0] * base**2
        layers: list[nn.Module] = [
            _drawn(nn.Linear(z_dim, units, bias=False)),
            nn.BatchNorm1d(units),
            nn.ReLU(inplace=True),
            nn.Unflatten(1, (channels[0], base, base)),
        ]
        for wide, narrow in pairwise(channels):
            layers += [_doubling(wide, narrow, bias=False), nn.BatchNorm2d(narrow), nn.ReLU(inplace=True)]
        layers += [_doubling(channels[-1], 3), nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        """Pictures of z."""
        pictures: Tensor = self.layers(z)
        return pictures


class ConvCritic(nn.Module):
    """Pictures (N, 3, resolution, resolution) in [-1, 1] -> scores (N,).

    5 x 5 convolutions with stride 2 and LeakyReLU .2, then a linear layer. Never batch norm; with `layer`, layer norm
    over channels and pixels after every convolution but the first, as in gan_64x64.py.
    """

    def __init__(self, resolution: int, width: int = 128, norm: Norm = "none") -> None:
        """Weights are drawn.

        Raises:
            StudioError: a resolution that `split_resolution` refuses.
        """
        super().__init__()
        base, doublings = split_resolution(resolution)
        channels = _channels(width, doublings)
        layers: list[nn.Module] = [_halving(3, channels[0]), LeakyRelu()]
        for narrow, wide in pairwise(channels):
            layers.append(_halving(narrow, wide))
            if norm == "layer":
                layers.append(nn.GroupNorm(1, wide))
            layers.append(LeakyRelu())
        layers += [nn.Flatten(), _drawn(nn.Linear(channels[-1] * base**2, 1))]
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of pictures, higher is more real."""
        scores: Tensor = self.layers(images)
        return scores.flatten()


class FcGenerator(nn.Module):
    """z (N, z_dim) -> pictures (N, 3, resolution, resolution) in [-1, 1]: four layers of ReLU, then tanh."""

    def __init__(self, resolution: int, z_dim: int = 128, hidden: int = 512) -> None:
        super().__init__()
        sizes = [z_dim, *[hidden] * 4]
        layers: list[nn.Module] = []
        for inputs, units in pairwise(sizes):
            layers += [_drawn_he(nn.Linear(inputs, units)), nn.ReLU(inplace=True)]
        layers += [_drawn(nn.Linear(hidden, 3 * resolution**2)), nn.Tanh()]
        self.layers = nn.Sequential(*layers, nn.Unflatten(1, (3, resolution, resolution)))

    def forward(self, z: Tensor) -> Tensor:
        """Pictures of z."""
        pictures: Tensor = self.layers(z)
        return pictures


class FcCritic(nn.Module):
    """Pictures (N, 3, resolution, resolution) in [-1, 1] -> scores (N,): four layers of LeakyReLU .2, then a linear."""

    def __init__(self, resolution: int, hidden: int = 512) -> None:
        super().__init__()
        sizes = [3 * resolution**2, *[hidden] * 4]
        layers: list[nn.Module] = [nn.Flatten()]
        for inputs, units in pairwise(sizes):
            layers += [_drawn_he(nn.Linear(inputs, units)), LeakyRelu()]
        self.layers = nn.Sequential(*layers, _drawn(nn.Linear(hidden, 1)))

    def forward(self, images: Tensor) -> Tensor:
        """Scores of pictures, higher is more real."""
        scores: Tensor = self.layers(images)
        return scores.flatten()


def _channels(width: int, doublings: int) -> list[int]:
    """Channels from the finest layer to the coarsest: width, 2 width, ... up to the widest."""
    return [width * min(2**level, _WIDEST) for level in range(doublings)]


def _halving(inputs: int, outputs: int) -> nn.Module:
    fan_in, fan_out = inputs * _KERNEL**2, outputs * _KERNEL**2 / 4
    layer = nn.Conv2d(inputs, outputs, _KERNEL, stride=2, padding=2)
    return _draw(layer, (4 / (fan_in + fan_out)) ** 0.5)


def _doubling(inputs: int, outputs: int, bias: bool = True) -> nn.Module:
    fan_in, fan_out = inputs * _KERNEL**2 / 4, outputs * _KERNEL**2
    layer = nn.ConvTranspose2d(inputs, outputs, _KERNEL, stride=2, padding=2, output_padding=1, bias=bias)
    return _draw(layer, (4 / (fan_in + fan_out)) ** 0.5)


def _drawn(layer: nn.Linear) -> nn.Module:
    return _draw(layer, (2 / (layer.in_features + layer.out_features)) ** 0.5)


def _drawn_he(layer: nn.Linear) -> nn.Module:
    return _draw(layer, (2 / layer.in_features) ** 0.5)


def _draw(layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, std: float) -> nn.Module:
    nn.init.uniform_(layer.weight, -(3**0.5) * std, 3**0.5 * std)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
