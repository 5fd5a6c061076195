"""PatchGAN, the discriminator that scores every patch of a picture (Isola et al. 2017, 1611.07004, section 3.2.2).

Layer for layer the reference's (junyanz/pytorch-CycleGAN-and-pix2pix, models/networks.py: NLayerDiscriminator and
PixelDiscriminator). Its last two convolutions keep the size; in the paper's appendix 6.1.2 all of them halve it, which
would make 70 px 94.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

from studio.nn.init import init_normal
from studio.nn.receptive_fields import HALVINGS, ReceptiveField

Norm = Literal["batch", "instance", "none"]

_WIDEST = 8
_SLOPE = 0.2


class PatchDiscriminator(nn.Module):
    """Pictures (N, in_channels, H, W) -> logits (N, 1, h, w), one a patch, higher is more real.

    One score depends on `receptive_field` x `receptive_field` pixels: 16, 70 and 286 have one, three and five halving
    4 x 4 convolutions and two more that keep the size; 1 is the PixelGAN, 1 x 1 convolutions throughout. Pictures must
    be of at least `receptive_fields.smallest_resolution` px. `norm` stands between the convolutions, never at the
    input or the output:

    - `batch`: batch norm, always with the statistics of the batch at hand: those of real and generated pictures stay
      apart only if they go through in passes of their own;
    - `instance`: instance norm without scale and shift, each picture on its own;
    - `none`: nothing.
    """

    def __init__(
        self, in_channels: int, width: int = 64, receptive_field: ReceptiveField = 70, norm: Norm = "batch"
    ) -> None:
        """Weights are drawn from N(0, .02); the first layer has `width` channels, the widest eight times as many."""
        super().__init__()
        if receptive_field == 1:
            self.layers = nn.Sequential(
                nn.Conv2d(in_channels, width, 1),
                nn.LeakyReLU(_SLOPE, inplace=True),
                nn.Conv2d(width, 2 * width, 1, bias=norm != "batch"),
                *_normalised(2 * width, norm),
                nn.Conv2d(2 * width, 1, 1, bias=norm != "batch"),
            )
        else:
            self.layers = _patch_layers(in_channels, width, HALVINGS[receptive_field], norm)
        init_normal(self)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of every patch."""
        logits: Tensor = self.layers(images)
        return logits


def _patch_layers(in_channels: int, width: int, halvings: int, norm: Norm) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(in_channels, width, 4, stride=2, padding=1),
        nn.LeakyReLU(_SLOPE, inplace=True),
    ]
    channels = width
    for level in range(1, halvings + 1):
        wider = width * min(2**level, _WIDEST)
        stride = 2 if level < halvings else 1
        layers.append(nn.Conv2d(channels, wider, 4, stride=stride, padding=1, bias=norm != "batch"))
        layers += _normalised(wider, norm)
        channels = wider
    layers.append(nn.Conv2d(channels, 1, 4, padding=1))
    return nn.Sequential(*layers)


def _normalised(channels: int, norm: Norm) -> list[nn.Module]:
    """The norm, where there is one, and the activation."""
    layers: list[nn.Module] = [nn.LeakyReLU(_SLOPE, inplace=True)]
    if norm == "batch":
        # It is never asked outside training, so it keeps no running statistics.
        layers.insert(0, nn.BatchNorm2d(channels, track_running_stats=False))
    elif norm == "instance":
        layers.insert(0, nn.InstanceNorm2d(channels))
    return layers
