"""G: objects and their appearance become a picture (1811.11389, section 3).

Layer for layer as in zhaobozb/layout2im (generator.py: LayoutEncoder, Decoder), which is 64 px and `width` 64; other
sizes change the maps and never the layers.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import pad, relu

from studio.nn.boxed import BoxedMaps, box_masks, boxed_conv2d
from studio.nn.conditional_norm import ConditionalBatchNorm2d
from studio.nn.convlstm import ConvLstm
from studio.nn.thin_conv import ThinConv2d
from studio_layout2image.objects import Objects

STRIDE = 8


class ObjectEncoder(nn.Module):
    """Each object on its own, placed into its box: maps (O, 8 width, resolution/8, resolution/8).

    The first convolution is 1 x 1 with a padding of 1, as in the code: a ring of zeros around the picture takes part in
    batch norm and in what comes after.
    """

    def __init__(self, classes: int, embedding: int, z_dim: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(classes, embedding)
        self.first = nn.Linear(embedding + z_dim, width, bias=False)
        self.halvings = nn.ModuleList(_halving(width * 2**level) for level in range(3))
        self.norms = nn.ModuleList(ConditionalBatchNorm2d(width * 2**level, classes) for level in range(4))

    def forward(self, objects: Objects, z: Tensor, resolution: int) -> Tensor:
        """Maps of objects and their z (O, z_dim)."""
        norm, *norms = self.norms
        halve, *halvings = self.halvings
        assert isinstance(norm, ConditionalBatchNorm2d)
        assert isinstance(halve, nn.Conv2d)
        inside = self.first(torch.cat([self.embedding(objects.labels), z], dim=1))
        masks = pad(box_masks(objects.boxes, resolution), (1, 1, 1, 1))
        boxed = norm.boxed(BoxedMaps(inside, torch.zeros_like(inside), masks), objects.labels)
        maps: Tensor = norms[0](boxed_conv2d(boxed.each(relu), halve), objects.labels)
        for halve, norm in zip(halvings, norms[1:], strict=True):
            maps = norm(halve(relu(maps)), objects.labels)
        return maps


class Decoder(nn.Sequential):
    """Hidden maps (N, channels, H/8, W/8) -> pictures (N, 3, H, W): residual blocks, three doublings; a tanh where
    `bounded`, and no bound otherwise.
    """

    def __init__(self, channels: int, width: int, residual_blocks: int, bounded: bool) -> None:
        widths = [4 * width, 4 * width, 2 * width, width]
        layers: list[nn.Module] = [ResidualBlock(channels) for _ in range(residual_blocks)]
        layers += [nn.Conv2d(channels, widths[0], 3, padding=1, bias=False), *_norm_relu(widths[0])]
        for wide, narrow in pairwise(widths):
            layers += [nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False), *_norm_relu(narrow)]
        super().__init__(*layers, ThinConv2d(width, 3, 7), *([nn.Tanh()] if bounded else []))

    @property
    def last(self) -> ThinConv2d:
        """The convolution that makes the pixels."""
        return next(layer for layer in reversed(self) if isinstance(layer, ThinConv2d))


class ResidualBlock(nn.Module):
    """x plus two 3 x 3 convolutions with batch norm, ReLU between them; maps keep their shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            *_norm_relu(channels),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, maps: Tensor) -> Tensor:
        """The sum."""
        changed: Tensor = self.main(maps)
        return maps + changed


class LayoutGenerator(nn.Module):
    """Objects and their z -> pictures (N, 3, resolution, resolution), in (-1, 1) where `bounded`.

    Encoded one by one, objects are fused by a ConvLSTM in the order that they have in their layout, and the state after
    the last one is decoded.
    """

    def __init__(
        self,
        resolution: int,
        classes: int,
        *,
        embedding: int = 64,
        z_dim: int = 64,
        width: int = 64,
        object_width: int = 64,
        hidden: int = 64,
        lstm_layers: int = 3,
        residual_blocks: int = 6,
        forget_bias: float = 0.0,
        bounded: bool = False,
    ) -> None:
        """`resolution` is a multiple of 8; `width` is the decoder's and `object_width` the object encoder's;
        `lstm_layers`, 1 to 3, have [hidden], [2 hidden, hidden] or [2 hidden, hidden, hidden] channels; `forget_bias`
        is added to what their forget gates start with; `bounded` ends it with a tanh.
        """
        super().__init__()
        self.resolution = resolution
        states = [2 * hidden, hidden, hidden][:lstm_layers] if lstm_layers > 1 else [hidden]
        self.encoder = ObjectEncoder(classes, embedding, z_dim, object_width)
        self.fusion = ConvLstm(8 * object_width, states, forget_bias=forget_bias)
        self.decoder = Decoder(hidden, width, residual_blocks, bounded)

    def forward(self, objects: Objects, z: Tensor) -> Tensor:
        """Pictures of objects and their z (O, z_dim)."""
        maps = self.encoder(objects, z, self.resolution)
        fused = self.fusion(maps, objects.sizes, len(objects.rank))
        pictures: Tensor = self.decoder(fused[objects.rank])
        return pictures


def _halving(channels: int) -> nn.Conv2d:
    return nn.Conv2d(channels, 2 * channels, 4, stride=2, padding=1, bias=False)


def _norm_relu(channels: int) -> tuple[nn.Module, nn.Module]:
    return nn.BatchNorm2d(channels), nn.ReLU(inplace=True)
