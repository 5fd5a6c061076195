"""StyleGAN2's generator: mapping and a synthesis network with skips (1912.04958, section 4.1, figure 7 b).

Names, shapes and gains of weights are those of NVlabs/stylegan2-ada-pytorch (training/networks.py), so that official
weights fit; its `resample_filter` buffers are constants here and are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from studio.nn.equalized import GAINS, EqualizedLinear
from studio.nn.leaky import leaky_relu
from studio.nn.mapping import MappingNetwork
from studio.nn.modulated import modulated_conv2d
from studio.nn.upfirdn import fir, upsample
from studio_stylegan.channels import SMALLEST, block_resolutions, channel_counts
from studio_stylegan.half_precision import HALF_CLAMP, block_dtype, half_from

TAPS = (1, 3, 3, 1)

LayerNoise = Tensor | Literal["random", "const"] | None
Noise = Literal["random", "const"] | Sequence[Tensor | None] | None


class SynthesisLayer(nn.Module):
    """A modulated 3 x 3 convolution, noise of a learnt strength, a bias, and LeakyReLU .2 with He's gain.

    Attributes:
        affine: w -> style, one factor for each input channel, 1 at the start.
        noise_const: (resolution, resolution), the noise of pictures for keeps.
        noise_strength: 0-d, 0 at the start.
    """

    noise_const: Tensor
    f: Tensor

    def __init__(
        self, inputs: int, outputs: int, w_dim: int, resolution: int, *, up: bool, clamp: float | None
    ) -> None:
        super().__init__()
        self.resolution, self.up, self.clamp = resolution, up, clamp
        self.affine = EqualizedLinear(w_dim, inputs, bias_init=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.register_buffer("noise_const", torch.randn(resolution, resolution))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.register_buffer("f", fir(TAPS), persistent=False)

    def forward(self, x: Tensor, w: Tensor, noise: LayerNoise, fused: bool) -> Tensor:
        """(N, in, H, W) and w (N, w_dim) -> (N, out, resolution, resolution) in the dtype of x."""
        gain = GAINS["lrelu"]
        f = self.f if self.up else None
        x = modulated_conv2d(x, self.weight, self.affine(w), f=f, fused=fused, gain=gain)
        # As in `EqualizedConv2d`, the activation's gain is applied to what goes in.
        drawn = self._noise(noise, x)
        if drawn is not None:
            x = x + drawn * (self.noise_strength * gain).to(x.dtype)
        x = leaky_relu(x + (self.bias * gain).to(x.dtype)[:, None, None])
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)

    def _noise(self, noise: LayerNoise, x: Tensor) -> Tensor | None:
        if noise == "random":
            return torch.randn(len(x), 1, self.resolution, self.resolution, device=x.device, dtype=x.dtype)
        if noise == "const":
            return self.noise_const.to(x.dtype)
        return noise.to(x.dtype) if isinstance(noise, Tensor) else None


class ToRgb(nn.Module):
    """A modulated 1 x 1 convolution to colours, without demodulation."""

    def __init__(self, inputs: int, w_dim: int, *, clamp: float | None) -> None:
        super().__init__()
        self.clamp = clamp
        self.affine = EqualizedLinear(w_dim, inputs, bias_init=1.0)
        self.weight = nn.Parameter(torch.randn(3, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))
        self.gain = inputs**-0.5

    def forward(self, x: Tensor, w: Tensor, fused: bool) -> Tensor:
        """(N, in, H, W) and w (N, w_dim) -> (N, 3, H, W)."""
        x = modulated_conv2d(x, self.weight, self.affine(w), demodulate=False, fused=fused, gain=self.gain)
        x = x + self.bias.to(x.dtype)[:, None, None]
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class SynthesisBlock(nn.Module):
    """One resolution: a doubling layer (a learnt constant at 4 x 4), a layer, and colours added to those from below."""

    f: Tensor

    def __init__(
        self, inputs: int, outputs: int, w_dim: int, resolution: int, *, half: bool, clamp: float | None
    ) -> None:
        super().__init__()
        self.half_precision = half
        if inputs:
            self.conv0 = SynthesisLayer(inputs, outputs, w_dim, resolution, up=True, clamp=clamp)
        else:
            self.const = nn.Parameter(torch.randn(outputs, resolution, resolution))
        self.conv1 = SynthesisLayer(outputs, outputs, w_dim, resolution, up=False, clamp=clamp)
        self.torgb = ToRgb(outputs, w_dim, clamp=clamp)
        self.layers = ("conv0", "conv1") if inputs else ("conv1",)
        self.register_buffer("f", fir(TAPS), persistent=False)

    def forward(
        self,
        x: Tensor | None,
        images: Tensor | None,
        ws: Sequence[Tensor],
        noises: Sequence[LayerNoise],
        fused: bool,
    ) -> tuple[Tensor, Tensor]:
        """Features and colours so far, a w a layer and one for the colours, a noise a layer -> features, colours."""
        x = self.const.expand(ws[-1].shape[0], -1, -1, -1) if x is None else x
        x = x.to(block_dtype(self.half_precision, self.conv1.weight))
        for name, w, noise in zip(self.layers, ws, noises, strict=False):
            x = self.get_submodule(name)(x, w, noise, fused)
        own = self.torgb(x, ws[-1], fused).to(ws[-1].dtype)
        return x, own if images is None else upsample(images, self.f) + own


class SynthesisNetwork(nn.Module):
    """ws (N, num_ws, w_dim) -> pictures (N, 3, resolution, resolution), around [-1, 1] but not bounded.

    Attributes:
        num_ws: how many w it takes: one for each layer, and the last one's colours.
        noise_resolutions: the side of each layer's noise, `num_ws` - 1 of them.
    """

    def __init__(
        self, w_dim: int, resolution: int, *, channel_base: int = 32768, channel_max: int = 512, half_layers: int = 0
    ) -> None:
        super().__init__()
        channels = channel_counts(resolution, channel_base, channel_max)
        clamp = HALF_CLAMP if half_layers else None
        self.resolutions = block_resolutions(resolution)
        for size in self.resolutions:
            inputs = channels[size // 2] if size > SMALLEST else 0
            half = half_layers > 0 and size >= half_from(resolution, half_layers)
            block = SynthesisBlock(inputs, channels[size], w_dim, size, half=half, clamp=clamp)
            self.add_module(f"b{size}", block)
        self.noise_resolutions = [SMALLEST, *(size for size in self.resolutions[1:] for _ in range(2))]
        self.num_ws = len(self.noise_resolutions) + 1

    def forward(self, ws: Tensor, *, noise: Noise = "const", fused: bool | None = None) -> Tensor:
        """Pictures of ws.

        Args:
            ws: (N, num_ws, w_dim).
            noise: `random` draws anew for every picture, `const` is each layer's own, None is none; or, a layer, (H, W)
                or None.
            fused: how convolutions are modulated. None is in groups for rendering on a GPU, as the reference code does,
                and apart elsewhere: on a CPU that measured as fast for one picture and twice as fast for eight.
        """
        noises = [noise] * (self.num_ws - 1) if noise is None or isinstance(noise, str) else noise
        fused = ws.is_cuda and not self.training if fused is None else fused
        each = ws.unbind(dim=1)
        x: Tensor | None = None
        images: Tensor | None = None
        first = 0
        for size in self.resolutions:
            last = first + (1 if size == SMALLEST else 2)
            x, images = self.get_submodule(f"b{size}")(x, images, each[first : last + 1], noises[first:last], fused)
            first = last
        assert images is not None
        return images


class Generator(nn.Module):
    """z and labels -> pictures, through `mapping` and `synthesis`."""

    def __init__(
        self,
        z_dim: int,
        w_dim: int,
        resolution: int,
        *,
        mapping_layers: int = 8,
        channel_base: int = 32768,
        channel_max: int = 512,
        half_layers: int = 0,
        label_count: int = 0,
    ) -> None:
        super().__init__()
        self.synthesis = SynthesisNetwork(
            w_dim, resolution, channel_base=channel_base, channel_max=channel_max, half_layers=half_layers
        )
        self.mapping = MappingNetwork(z_dim, w_dim, mapping_layers, label_count=label_count)
        self.num_ws = self.synthesis.num_ws

    def forward(self, z: Tensor, labels: Tensor | None = None, *, noise: Noise = "const") -> Tensor:
        """Pictures (N, 3, resolution, resolution), not bounded, of z (N, z_dim) and labels (N,)."""
        ws = self.mapping(z, labels)[:, None].expand(-1, self.num_ws, -1)
        pictures: Tensor = self.synthesis(ws, noise=noise)
        return pictures
