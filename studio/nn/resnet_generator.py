"""The picture-to-picture generator of Johnson et al. 2016 (1603.08155), as CycleGAN has it (1703.10593, section 7.2).

In the paper's notation c7s1-64, d128, d256, R256 x blocks, u128, u64, c7s1-3: layer for layer that of the reference
(junyanz/pytorch-CycleGAN-and-pix2pix, models/networks.py: ResnetGenerator), but for biases in front of an instance
norm, which takes the mean away and a bias with it: they are left out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad

from studio.nn.init import init_normal

_DOWNSAMPLINGS = 2


class ResnetGenerator(nn.Module):
    """Pictures (N, 3, H, W) in [-1, 1] -> pictures of the same shape in [-1, 1].

    H and W are multiples of `ResnetGenerator.multiple`, and at least 8. Convolutions that keep the size see the picture
    reflected at its borders. Instance norm makes a picture independent of what else is in the batch.
    """

    multiple = 2**_DOWNSAMPLINGS

    def __init__(self, width: int = 64, blocks: int = 9) -> None:
        """Weights are drawn from N(0, .02).

        Args:
            width: channels of the finest layer; the residual blocks have four times as many.
            blocks: residual blocks; 6 at 128 px, 9 at 256 px and above (1703.10593, section 7.2).
        """
        super().__init__()
        layers = _normed(_same(3, width, 7))
        for level in range(_DOWNSAMPLINGS):
            narrow, wide = width * 2**level, width * 2 ** (level + 1)
            layers += _normed(nn.Conv2d(narrow, wide, 3, stride=2, padding=1, bias=False))
        layers += [ResidualBlock(width * self.multiple) for _ in range(blocks)]
        for level in reversed(range(_DOWNSAMPLINGS)):
            narrow, wide = width * 2**level, width * 2 ** (level + 1)
            up = nn.ConvTranspose2d(wide, narrow, 3, stride=2, padding=1, output_padding=1, bias=False)
            layers += _normed(up)
        self.layers = nn.Sequential(*layers, _ToPicture(width), nn.Tanh())
        init_normal(self)

    def forward(self, images: Tensor) -> Tensor:
        """The pictures, translated."""
        pictures: Tensor = self.layers(images)
        return pictures


class ResidualBlock(nn.Module):
    """x + f(x), f being two 3 x 3 convolutions with instance norm, ReLU after the first alone: no ReLU on the sum."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = (_same(channels, channels, 3) for _ in range(2))
        self.layers = nn.Sequential(*_normed(first), second, _instance_norm(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) of the same shape."""
        total: Tensor = x + self.layers(x)
        return total


class _ToPicture(nn.Conv2d):
    """The last convolution, 7 x 7, to three channels.

    PyTorch's CPU kernels fill vectors with output channels: with three of them most of a vector is empty. So there each
    column of the kernel is a convolution of its own, 21 channels in all, and what they give is shifted and summed up:
    the same sums in half the time.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, 3, 7, padding=3, padding_mode="reflect")

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the base class's name)
        """The convolution."""
        if input.device.type != "cpu":
            return super().forward(input)
        outputs, inputs, size, _ = self.weight.shape
        columns = self.weight.permute(0, 3, 1, 2).reshape(outputs * size, inputs, size, 1)
        made = conv2d(pad(input, [size // 2] * 4, mode="reflect"), columns)
        shifted = [made[:, column::size, :, column : column + input.shape[-1]] for column in range(size)]
        assert self.bias is not None
        return torch.stack(shifted).sum(0) + self.bias[:, None, None]


def _same(inputs: int, outputs: int, kernel: int) -> nn.Conv2d:
    """A convolution that keeps the size."""
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, padding_mode="reflect", bias=False)


def _normed(convolution: nn.Conv2d | nn.ConvTranspose2d) -> list[nn.Module]:
    return [convolution, _instance_norm(convolution.out_channels), nn.ReLU(inplace=True)]


def _instance_norm(channels: int) -> nn.GroupNorm:
    """Groups of one channel are instance norm, and on a CPU take half the time of PyTorch's own."""
    return nn.GroupNorm(channels, channels, affine=False)
