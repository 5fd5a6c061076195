"""DCGAN's networks (Radford, Metz and Chintala 2015, 1511.06434, section 3 and figure 1), at any size made by doubling.

At 64 px with width 64 they are layer for layer those of the reference code (pytorch/examples, dcgan/main.py: 4 x 4
kernels and no biases); width 128 gives the paper's channels. The widest layer is 8 x width at every size, as at 64 px:
one more doubling above that would quadruple the weights.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

from studio.nn.init import init_normal
from studio.nn.resolutions import split_resolution
from studio.nn.spectral import spectral_norm

Norm = Literal["batch", "spectral", "none"]

_WIDEST = 8
_SLOPE = 0.2


class Generator(nn.Module):
    """z (N, z_dim) -> pictures (N, 3, resolution, resolution) in [-1, 1].

    Transposed convolutions with stride 2, batch norm and ReLU everywhere but at the output, which is tanh.
    """

    def __init__(self, resolution: int, z_dim: int = 100, width: int = 64) -> None:
        """Weights are drawn from N(0, .02).

        Raises:
            StudioError: a resolution that `split_resolution` refuses.
        """
        super().__init__()
        base, doublings = split_resolution(resolution)
        channels = _channels(width, doublings)[::-1]
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(z_dim, channels[0], base, bias=False),
            nn.BatchNorm2d(channels[0]),
            nn.ReLU(inplace=True),
        ]
        for wide, narrow in pairwise(channels):
            layers += [
                nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(narrow),
                nn.ReLU(inplace=True),
            ]
        layers += [nn.ConvTranspose2d(channels[-1], 3, 4, stride=2, padding=1, bias=False), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        init_normal(self)

    def forward(self, z: Tensor) -> Tensor:
        """Pictures of z."""
        pictures: Tensor = self.layers(z[:, :, None, None])
        return pictures


class Discriminator(nn.Module):
    """Pictures (N, 3, resolution, resolution) in [-1, 1] -> logits (N,).

    Convolutions with stride 2 and LeakyReLU .2. `norm` says what stands between them:

    - `batch`: batch norm everywhere but at the input, as in the paper;
    - `spectral`: spectral normalisation of every weight, no batch norm (1802.05957, section 4);
    - `none`: neither.
    """

    def __init__(self, resolution: int, width: int = 64, norm: Norm = "batch") -> None:
        """Weights are drawn from N(0, .02).

        Raises:
            StudioError: a resolution that `split_resolution` refuses.
        """
        super().__init__()
        base, doublings = split_resolution(resolution)
        channels = _channels(width, doublings)
        bias = norm != "batch"
        layers: list[nn.Module] = [
            nn.Conv2d(3, channels[0], 4, stride=2, padding=1, bias=bias),
            nn.LeakyReLU(_SLOPE, inplace=True),
        ]
        for narrow, wide in pairwise(channels):
            layers.append(nn.Conv2d(narrow, wide, 4, stride=2, padding=1, bias=bias))
            if norm == "batch":
                layers.append(nn.BatchNorm2d(wide))
            layers.append(nn.LeakyReLU(_SLOPE, inplace=True))
        layers.append(nn.Conv2d(channels[-1], 1, base, bias=bias))
        self.layers = nn.Sequential(*layers)
        init_normal(self)
        if norm == "spectral":
            for layer in self.layers:
                if isinstance(layer, nn.Conv2d):
                    spectral_norm(layer)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of pictures, higher is more real."""
        logits: Tensor = self.layers(images)
        return logits.flatten()


def _channels(width: int, doublings: int) -> list[int]:
    """Channels from the finest layer to the coarsest: width, 2 width, ... up to the widest."""
    return [width * min(2**level, _WIDEST) for level in range(doublings)]
