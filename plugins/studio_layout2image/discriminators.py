"""The two Ds: one looks at pictures, one at objects and says what they are (1811.11389, section 3).

Residual networks without batch norm, every weight spectrally normalised (1802.05957): no picture sees another, so real
and generated ones may share a pass. Layer for layer as in zhaobozb/layout2im (discriminator.py), at any size made by
doubling: at 64 px for pictures and 32 px for objects the last maps are 2 x 2, with 16 times `width` channels.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, relu

from studio.nn.pooled_conv import PooledConv2d
from studio.nn.resolutions import split_resolution
from studio.nn.spectral import spectral_norm


class FirstBlock(nn.Module):
    """Two 3 x 3 convolutions with ReLU between them, plus a 1 x 1 convolution of the input; halved or not."""

    def __init__(self, inputs: int, outputs: int, halve: bool) -> None:
        super().__init__()
        self.halve = halve
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.second = PooledConv2d(outputs, outputs) if halve else nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, images: Tensor) -> Tensor:
        """The sum of both ways."""
        changed: Tensor = self.second(relu(self.first(images), inplace=True))
        straight: Tensor = self.shortcut(avg_pool2d(images, 2) if self.halve else images)
        return changed + straight


class HalvingBlock(nn.Module):
    """ReLU; then two 3 x 3 convolutions with ReLU between them, plus a 1 x 1 convolution; the mean of 2 x 2 pixels.

    The code's ReLU works in place, so that its shortcut, too, sees the rectified input; here that is said. The mean is
    taken before the 1 x 1 convolution, which changes nothing but the work.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, inputs, 3, padding=1)
        self.second = PooledConv2d(inputs, outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """The sum of both ways."""
        maps = relu(maps)
        changed: Tensor = self.second(relu(self.first(maps), inplace=True))
        straight: Tensor = self.shortcut(avg_pool2d(maps, 2))
        return changed + straight


class Trunk(nn.Module):
    """Pictures (N, 3, size, size) -> features (N, channels): blocks, ReLU, the sum over pixels."""

    def __init__(self, size: int, width: int, halve_first: bool) -> None:
        halvings = split_resolution(size)[1] + 1
        widths = [width * 2**level for level in range(halvings if halve_first else halvings + 1)]
        super().__init__()
        blocks = [HalvingBlock(*channels) for channels in pairwise(widths)]
        self.blocks = nn.Sequential(FirstBlock(3, width, halve_first), *blocks)
        self.channels = widths[-1]

    def forward(self, images: Tensor) -> Tensor:
        """The features."""
        return relu(self.blocks(images)).sum(dim=(2, 3))


class ImageDiscriminator(nn.Module):
    """Pictures (N, 3, resolution, resolution) -> logits (N,), higher is more real."""

    def __init__(self, resolution: int, width: int = 64) -> None:
        """`resolution` is one that `split_resolution` takes.

        Raises:
            StudioError: it is not.
        """
        super().__init__()
        self.trunk = Trunk(resolution, width, halve_first=True)
        self.real = nn.Linear(self.trunk.channels, 1, bias=False)
        _normalise(self)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of pictures."""
        logits: Tensor = self.real(self.trunk(images))
        return logits.flatten()


class ObjectDiscriminator(nn.Module):
    """Crops (O, 3, size, size) -> logits (O,) of being real, and of being each class (O, classes)."""

    def __init__(self, size: int, classes: int, width: int = 64) -> None:
        """`size` is one that `split_resolution` takes.

        Raises:
            StudioError: it is not.
        """
        super().__init__()
        self.trunk = Trunk(size, width, halve_first=False)
        self.real = nn.Linear(self.trunk.channels, 1)
        self.label = nn.Linear(self.trunk.channels, classes)
        _normalise(self)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Both kinds of logits of crops."""
        features = self.trunk(crops)
        return self.real(features).flatten(), self.label(features)


def _normalise(network: nn.Module) -> None:
    for layer in list(network.modules()):
        if isinstance(layer, nn.Conv2d | nn.Linear):
            spectral_norm(layer)
