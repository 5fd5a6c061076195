"""StyleGAN's networks (Karras, Laine and Aila 2018, 1812.04948, section 2 and figure 1), growing from 4 px upward.

Layer for layer those of NVlabs/stylegan (training/networks_stylegan.py: G_mapping, G_synthesis, D_basic). Where it
enlarges by repeating pixels and then convolves, or convolves and then takes means of four, both are one convolution
with stride 2 here, at every size and not from 128 px on, which is the same and costs less than half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, log2

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, instance_norm, pad

from studio.nn.equalized import EqualizedConv2d, EqualizedLinear
from studio.nn.leaky import leaky_relu
from studio.nn.mapping import MappingNetwork
from studio.nn.minibatch_std import minibatch_std
from studio.nn.upfirdn import blur, fir
from studio_stylegan.model import noise_of_seed
from studio_stylegan.style1_growth import Growing, enlarge, shrink
from studio_stylegan.style1_hyperparameters import StyleGan1Hyperparameters

Noise = Callable[[int, Tensor], Tensor | None]

_HE = 2**0.5
_EPSILON = 1e-8
_TAPS = (1, 2, 1)


def channels(hp: StyleGan1Hyperparameters, level: int) -> int:
    """Channels of the layers at 2^level px (networks_stylegan.py: nf)."""
    return max(1, min(hp.channel_base >> (level - 1), hp.channel_max))


def layer_count(level: int) -> int:
    """How many layers take a style, up to 2^level px: two a size from 4 px on."""
    return 2 * level - 2


def fresh_noise(_layer: int, features: Tensor) -> Tensor:
    """N(0, 1), another for every picture and pixel, from torch's global generator: (N, 1, H, W)."""
    return torch.randn_like(features[:, :1])


def no_noise(_layer: int, _features: Tensor) -> None:
    """None in any layer."""


def fixed_noise(seeds: Sequence[int | None]) -> Noise:
    """The noise of a seed a layer, the same for every picture: (H, W); None is no noise."""

    def noise(layer: int, features: Tensor) -> Tensor | None:
        seed = seeds[layer]
        return None if seed is None else noise_of_seed(seed, layer, features.shape[-1]).to(features)

    return noise


def adain(features: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Adaptive instance normalisation (1812.04948, equation 1): each channel of each picture is brought to mean 0 and
    deviation 1, and then to mean `shift` and deviation 1 + `scale`, both (N, C). Features are (N, C, H, W)."""
    normal = instance_norm(features, eps=_EPSILON)
    return torch.addcmul(shift[:, :, None, None], normal, 1 + scale[:, :, None, None])


class StyleLayer(nn.Module):
    """What follows every convolution of G: noise with a learnt weight a channel, bias, LeakyReLU, AdaIN."""

    def __init__(self, width: int, w_dim: int) -> None:
        super().__init__()
        self.noise_weight = nn.Parameter(torch.zeros(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.style = EqualizedLinear(w_dim, 2 * width)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        """(N, C, H, W) in the style of w (N, w_dim)."""
        x = x + self.bias[:, None, None]
        if noise is not None:
            x = x + noise * self.noise_weight[:, None, None]
        scale, shift = self.style(w).chunk(2, dim=1)
        return adain(leaky_relu(x), scale, shift)


class DoublingConv(nn.Module):
    """(N, in, H, W) -> (N, out, 2H, 2W): repeats pixels, convolves by 3 x 3, blurs by [1, 2, 1]."""

    f: Tensor

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3))
        self.register_buffer("f", fir(_TAPS), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Features of twice the size."""
        kernel = 4 * _widened(self.weight).flip(2, 3).transpose(0, 1)
        gain = _HE * (9 * x.shape[1]) ** -0.5
        return blur(conv_transpose2d(x, kernel * gain, stride=2, padding=1), self.f)


class HalvingConv(nn.Module):
    """(N, in, H, W) -> (N, out, H/2, W/2): blurs by [1, 2, 1], convolves by 3 x 3, takes means of four; LeakyReLU."""

    f: Tensor

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.register_buffer("f", fir(_TAPS), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Features of half the size."""
        gain = _HE * (9 * x.shape[1]) ** -0.5
        return leaky_relu(conv2d(blur(x, self.f), _widened(self.weight) * gain, self.bias, stride=2, padding=1))


class SynthesisBlock(nn.Module):
    """Two layers of one size; the first of them doubles it, but at 4 px, where it is a learnt constant."""

    def __init__(self, in_channels: int, width: int, w_dim: int) -> None:
        """`in_channels` 0 is the block of 4 px."""
        super().__init__()
        if in_channels:
            self.up = DoublingConv(in_channels, width)
        else:
            self.constant = nn.Parameter(torch.ones(1, width, 4, 4))
        self.layer0 = StyleLayer(width, w_dim)
        self.conv = EqualizedConv2d(width, width, 3, bias=False)
        self.layer1 = StyleLayer(width, w_dim)
        self.to_rgb = EqualizedConv2d(width, 3, 1)

    def forward(self, x: Tensor | None, ws: Tensor, first: int, noise: Noise) -> Tensor:
        """Features in the styles of layers `first` and `first` + 1 of ws (N, num_ws, w_dim)."""
        x = self.constant.expand(ws.shape[0], -1, -1, -1) if x is None else self.up(x)
        x = self.layer0(x, ws[:, first], noise(first, x))
        x = self.conv(x, gain=_HE)
        styled: Tensor = self.layer1(x, ws[:, first + 1], noise(first + 1, x))
        return styled


class Synthesis(Growing):
    """ws (N, num_ws, w_dim) -> pictures (N, 3, S, S), around [-1, 1] and not held to it, S the size of the level."""

    def __init__(self, hp: StyleGan1Hyperparameters) -> None:
        super().__init__(log2(hp.start_resolution))
        top = int(log2(hp.resolution))
        widths = [0, *(channels(hp, level) for level in range(2, top + 1))]
        self.blocks = nn.ModuleList(SynthesisBlock(before, width, hp.w_dim) for before, width in pairwise(widths))

    def forward(self, ws: Tensor, noise: Noise, level: float | None = None) -> Tensor:
        """Pictures at a level; at the network's own where none is given."""
        level = self.level if level is None else level
        newest = ceil(level) - 2
        features: list[Tensor] = []
        for index, block in enumerate(self.blocks[: newest + 1]):
            features.append(block(features[-1] if features else None, ws, 2 * index, noise))
        images = self._colours(newest, features[newest])
        missing = ceil(level) - level
        if not missing:
            return images
        older = self._colours(newest - 1, features[newest - 1])
        return torch.lerp(images, enlarge(older, images.shape[-1]), missing)

    def _colours(self, block: int, features: Tensor) -> Tensor:
        images: Tensor = self.blocks[block].get_submodule("to_rgb")(features)
        return images


class Generator(nn.Module):
    """The mapping network and the synthesis network."""

    def __init__(self, hp: StyleGan1Hyperparameters) -> None:
        super().__init__()
        self.mapping = MappingNetwork(hp.z_dim, hp.w_dim, hp.mapping_layers)
        self.synthesis = Synthesis(hp)


class DiscriminatorBlock(nn.Module):
    """Features of one size -> features of half that size."""

    def __init__(self, width: int, out_channels: int) -> None:
        super().__init__()
        self.from_rgb = EqualizedConv2d(3, width, 1, activation="lrelu")
        self.conv = EqualizedConv2d(width, width, 3, activation="lrelu")
        self.down = HalvingConv(width, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """The features."""
        features: Tensor = self.down(self.conv(x))
        return features


class Verdict(nn.Module):
    """Features at 4 px -> one logit a picture: minibatch deviation, a convolution, two linear layers."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.from_rgb = EqualizedConv2d(3, width, 1, activation="lrelu")
        self.conv = EqualizedConv2d(width + 1, width, 3, activation="lrelu")
        self.hidden = EqualizedLinear(16 * width, hidden, activation="lrelu")
        self.out = EqualizedLinear(hidden, 1)

    def forward(self, x: Tensor, group: int) -> Tensor:
        """Logits (N,)."""
        x = self.conv(minibatch_std(x, group))
        logits: Tensor = self.out(self.hidden(x.flatten(1)))
        return logits.flatten()


class Discriminator(Growing):
    """Pictures (N, 3, S, S) of the level's size -> logits (N,), higher is more real."""

    def __init__(self, hp: StyleGan1Hyperparameters) -> None:
        super().__init__(log2(hp.start_resolution))
        top = int(log2(hp.resolution))
        levels = range(3, top + 1)
        self.blocks = nn.ModuleList(
            DiscriminatorBlock(channels(hp, level), channels(hp, level - 1)) for level in levels
        )
        self.verdict = Verdict(channels(hp, 2), channels(hp, 1))
        self.group = hp.std_group

    def forward(self, images: Tensor, level: float | None = None, group: int | None = None) -> Tensor:
        """Logits of pictures at a level, the network's own where none is given.

        Args:
            images: of the level's size.
            level: their level.
            group: pictures a minibatch deviation is taken over; 1 scores each on its own.
        """
        level = self.level if level is None else level
        newest = ceil(level) - 3
        x = self._features(newest, images)
        missing = ceil(level) - level
        for index in range(newest, -1, -1):
            x = self.blocks[index](x)
            if missing and index == newest:
                x = torch.lerp(x, self._features(index - 1, shrink(images, x.shape[-1])), missing)
        logits: Tensor = self.verdict(x, self.group if group is None else group)
        return logits

    def _features(self, block: int, images: Tensor) -> Tensor:
        """What block `block`, or the verdict where it is -1, sees of pictures of its size."""
        stage = self.verdict if block < 0 else self.blocks[block]
        features: Tensor = stage.get_submodule("from_rgb")(images)
        return features


def _widened(weight: Tensor) -> Tensor:
    """A 3 x 3 kernel as the 4 x 4 kernel of convolving and then taking means of four pixels."""
    return avg_pool2d(pad(weight, [1, 1, 1, 1]), 2, stride=1)
