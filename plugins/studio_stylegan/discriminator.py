"""StyleGAN2's discriminator: residual blocks, minibatch deviation, projection of the label (1912.04958, figure 7 c).

Names, shapes and gains of weights are those of NVlabs/stylegan2-ada-pytorch (training/networks.py).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.nn.equalized import EqualizedConv2d, EqualizedLinear
from studio.nn.mapping import MappingNetwork
from studio.nn.minibatch_std import minibatch_std
from studio_stylegan.channels import SMALLEST, block_resolutions, channel_counts
from studio_stylegan.generator import TAPS
from studio_stylegan.half_precision import HALF_CLAMP, block_dtype, half_from

_MAPPING_LAYERS = 8
_RESIDUAL_GAIN = 0.5**0.5


class DiscriminatorBlock(nn.Module):
    """One resolution: two convolutions, the second halving, and a 1 x 1 convolution beside them that halves too."""

    def __init__(self, inputs: int, outputs: int, *, colours: bool, half: bool, clamp: float | None) -> None:
        super().__init__()
        self.half_precision = half
        if colours:
            self.fromrgb = EqualizedConv2d(3, inputs, 1, activation="lrelu", clamp=clamp)
        self.colours = colours
        self.conv0 = EqualizedConv2d(inputs, inputs, 3, activation="lrelu", clamp=clamp)
        self.conv1 = EqualizedConv2d(inputs, outputs, 3, activation="lrelu", down=2, taps=TAPS, clamp=clamp)
        self.skip = EqualizedConv2d(inputs, outputs, 1, bias=False, down=2, taps=TAPS)

    def forward(self, x: Tensor) -> Tensor:
        """(N, in, H, W), or pictures in the first block -> (N, out, H/2, W/2)."""
        x = x.to(block_dtype(self.half_precision, self.conv0.weight))
        if self.colours:
            x = self.fromrgb(x)
        beside = self.skip(x, gain=_RESIDUAL_GAIN)
        out: Tensor = beside + self.conv1(self.conv0(x), gain=_RESIDUAL_GAIN)
        return out


class Epilogue(nn.Module):
    """What happens at 4 x 4: minibatch deviation, a convolution, two linear layers, and the label's projection."""

    def __init__(self, channels: int, outputs: int, *, group: int, clamp: float | None) -> None:
        super().__init__()
        self.group = group
        self.conv = EqualizedConv2d(channels + 1, channels, 3, activation="lrelu", clamp=clamp)
        self.fc = EqualizedLinear(channels * SMALLEST**2, channels, activation="lrelu")
        self.out = EqualizedLinear(channels, outputs)

    def forward(self, x: Tensor, group: int | None = None) -> Tensor:
        """(N, channels, 4, 4) -> (N, outputs)."""
        x = self.conv(minibatch_std(x, self.group if group is None else group))
        out: Tensor = self.out(self.fc(x.flatten(1)))
        return out


class Discriminator(nn.Module):
    """Pictures (N, 3, resolution, resolution) in [-1, 1], and labels (N,) where it knows them -> logits (N,)."""

    def __init__(
        self,
        resolution: int,
        *,
        channel_base: int = 32768,
        channel_max: int = 512,
        group: int = 4,
        half_layers: int = 0,
        label_count: int = 0,
    ) -> None:
        super().__init__()
        channels = channel_counts(resolution, channel_base, channel_max)
        clamp = HALF_CLAMP if half_layers else None
        self.resolutions = block_resolutions(resolution)[:0:-1]
        for size in self.resolutions:
            half = half_layers > 0 and size >= half_from(resolution, half_layers)
            block = DiscriminatorBlock(
                channels[size], channels[size // 2], colours=size == resolution, half=half, clamp=clamp
            )
            self.add_module(f"b{size}", block)
        mapped = channels[SMALLEST] if label_count else 0
        if label_count:
            self.mapping = MappingNetwork(0, mapped, _MAPPING_LAYERS, label_count=label_count)
        self.b4 = Epilogue(channels[SMALLEST], mapped or 1, group=group, clamp=clamp)
        self.mapped = mapped

    def forward(self, images: Tensor, labels: Tensor | None = None, *, group: int | None = None) -> Tensor:
        """Logits, higher is more real.

        A D that knows labels judges a picture without one as the class that suits it best. `group` overrides how many
        pictures minibatch deviation compares; with 1 each is judged alone.
        """
        x = images
        for size in self.resolutions:
            x = self.get_submodule(f"b{size}")(x)
        out: Tensor = self.b4(x.to(images.dtype), group)
        return self._project(out, labels) if self.mapped else out.squeeze(1)

    def _project(self, features: Tensor, labels: Tensor | None) -> Tensor:
        """Logits (N,) from features (N, mapped): their product with what the labels are mapped to (1802.05637)."""
        asked = torch.arange(self.mapping.label_count, device=features.device) if labels is None else labels
        wanted: Tensor = self.mapping(None, asked) * self.mapped**-0.5
        return (features @ wanted.T).amax(dim=1) if labels is None else (features * wanted).sum(dim=1)
