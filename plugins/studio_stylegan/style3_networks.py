"""StyleGAN3's generator (Karras et al. 2021, 2106.12423): every layer keeps its signal free of aliases.

Names and shapes of weights are those of NVlabs/stylegan3 (training/networks_stylegan3.py), filters included, so that
official weights fit. The filters of a layer are its buffers: an imported network keeps its own.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, pad

from studio.nn.equalized import EqualizedLinear
from studio.nn.mapping import MappingNetwork
from studio_stylegan.generator import Noise
from studio_stylegan.half_precision import HALF_CLAMP
from studio_stylegan.style3_filters import low_pass
from studio_stylegan.style3_geometry import Stage, stages
from studio_stylegan.style3_hyperparameters import StyleGan3Hyperparameters

_EPS = 1e-8
_SLOPE = 0.2
_MAGNITUDE_BETA = 0.999


class FourierFeatures(nn.Module):
    """w -> waves over the picture and its margin, (N, channels, size, size) (2106.12423, section 3.1, appendix F).

    Attributes:
        freqs: (channels, 2), in cycles a picture, within the first layer's cutoff; `phases` (channels,), in cycles.
        transform: (3, 3), moves and turns every picture that is made; the identity.
        affine: w -> (cosine, sine, x, y) of a rotation and a shift, not yet normalised.
    """

    freqs: Tensor
    phases: Tensor
    transform: Tensor

    def __init__(self, w_dim: int, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        drawn = torch.randn(stage.channels, 2)
        radii = drawn.square().sum(dim=1, keepdim=True).sqrt()
        # Uniform in the disc of the cutoff: the squared radius of a normal draw has the distribution 1 - exp(-r^2 / 2).
        uniform = (1 - (-radii.square() / 2).exp()).sqrt()
        self.register_buffer("freqs", drawn / radii * uniform * stage.cutoff)
        self.register_buffer("phases", torch.rand(stage.channels) - 0.5)
        self.register_buffer("transform", torch.eye(3))
        self.weight = nn.Parameter(torch.randn(stage.channels, stage.channels))
        self.affine = EqualizedLinear(w_dim, 4)
        with torch.no_grad():
            self.affine.weight.zero_()
            cast("Tensor", self.affine.bias).copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))

    def forward(self, w: Tensor) -> Tensor:
        """The features in the dtype of w (N, w_dim)."""
        stage, transform = self.stage, self._turned(w)
        freqs = self.freqs.to(w.dtype) @ transform[:, :2, :2]
        phases = self.phases.to(w.dtype) + (self.freqs.to(w.dtype) @ transform[:, :2, 2:]).squeeze(2)
        # What a transform brings above the cutoff fades out towards the highest frequency that samples can hold.
        excess = (freqs.norm(dim=2) - stage.cutoff) / (stage.rate / 2 - stage.cutoff)
        amplitudes = (1 - excess).clamp(0, 1)
        along = (torch.arange(stage.size, device=w.device, dtype=w.dtype) + 0.5 - stage.size / 2) / stage.rate
        cycles = (
            along[None, None, :, None] * freqs[:, None, None, :, 0]
            + along[None, :, None, None] * freqs[:, None, None, :, 1]
        )
        waves = torch.sin(2 * math.pi * (cycles + phases[:, None, None])) * amplitudes[:, None, None]
        mixed: Tensor = waves @ (self.weight * stage.channels**-0.5).to(w.dtype).T
        return mixed.permute(0, 3, 1, 2)

    def _turned(self, w: Tensor) -> Tensor:
        """The transform of each picture (N, 3, 3): w's rotation and shift, then the one that is asked for."""
        t: Tensor = self.affine(w)
        t = t / t[:, :2].norm(dim=1, keepdim=True)
        cosine, sine, x, y = t.unbind(dim=1)
        zero, one = torch.zeros_like(x), torch.ones_like(x)
        rotation = torch.stack([cosine, -sine, zero, sine, cosine, zero, zero, zero, one], dim=1).view(-1, 3, 3)
        shift = torch.stack([one, zero, -x, zero, one, -y, zero, zero, one], dim=1).view(-1, 3, 3)
        turned: Tensor = rotation @ shift @ self.transform.to(w.dtype)
        return turned


class SynthesisLayer(nn.Module):
    """A modulated convolution, then bias and LeakyReLU at a higher sampling rate, where they make no aliases.

    The last one makes colours: 1 x 1, without demodulation and LeakyReLU.

    Attributes:
        affine: w -> style, one factor for each input channel, 1 at the start.
        magnitude_ema: 0-d, the running mean of squared inputs, which are divided by its root.
        up_filter: (taps,), or None where the rate stays; `down_filter` too, or (taps, taps).
    """

    magnitude_ema: Tensor
    up_filter: Tensor | None
    down_filter: Tensor | None

    def __init__(
        self, before: Stage, after: Stage, hp: StyleGan3Hyperparameters, *, critical: bool, colours: bool
    ) -> None:
        super().__init__()
        self.colours = colours
        self.clamp = HALF_CLAMP if hp.half_layers else None
        kernel = 1 if colours else hp.kernel
        self.affine = EqualizedLinear(hp.w_dim, before.channels, bias_init=1.0)
        self.weight = nn.Parameter(torch.randn(after.channels, before.channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(after.channels))
        self.register_buffer("magnitude_ema", torch.ones(()))
        rate = max(before.rate, after.rate) * (1 if colours else hp.lrelu_upsampling)
        self.up, self.down = rate // before.rate, rate // after.rate
        up_taps = hp.filter_size * self.up if self.up > 1 and not colours else 1
        down_taps = hp.filter_size * self.down if self.down > 1 and not colours else 1
        radial = hp.radial_filters and not critical
        self.register_buffer("up_filter", low_pass(up_taps, before.cutoff, before.half_width, rate, radial=False))
        self.register_buffer("down_filter", low_pass(down_taps, after.cutoff, after.half_width, rate, radial=radial))
        wanted = (after.size - 1) * self.down + 1 + up_taps + down_taps - 2
        around = wanted - (before.size + kernel - 1) * self.up
        first = (around + self.up) // 2
        self.around = (first, around - first)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """(N, in, size, size) and w (N, w_dim) -> (N, out, size', size') in the dtype of x."""
        if self.training:
            magnitude = x.detach().square().mean().to(self.magnitude_ema.dtype)
            self.magnitude_ema.lerp_(magnitude, 1 - _MAGNITUDE_BETA)
        x = self._convolve(x * self.magnitude_ema.to(x.dtype).rsqrt(), self.affine(w))
        x = x + self.bias.to(x.dtype)[:, None, None]
        x = _upsample(x, self.up_filter, self.up, self.around)
        if not self.colours:
            x = leaky_relu(x, _SLOPE) * 2**0.5
        if self.clamp is not None:
            x = x.clamp(-self.clamp, self.clamp)
        return _downsample(x, self.down_filter, self.down)

    def _convolve(self, x: Tensor, styles: Tensor) -> Tensor:
        """Keeps all that the kernel touches: the picture grows by its side less one (appendix D.1 for the scaling)."""
        weight, scales = self.weight.to(x.dtype), None
        if self.colours:
            styles = styles * weight.shape[1] ** -0.5
        else:
            weight = weight * weight.square().mean(dim=(1, 2, 3), keepdim=True).rsqrt()
            styles = styles * styles.square().mean(dim=1, keepdim=True).rsqrt()
            energy = weight.square().sum(dim=(2, 3))
            scales = (styles.square() @ energy.T + _EPS).rsqrt()
        x = conv2d(x * styles[:, :, None, None], weight, padding=weight.shape[2] - 1)
        return x if scales is None else x * scales[:, :, None, None]


class SynthesisNetwork(nn.Module):
    """ws (N, num_ws, w_dim) -> pictures (N, 3, resolution, resolution), around [-1, 1] but not bounded.

    Attributes:
        num_ws: how many w it takes: the Fourier features', each layer's, and the colours'.
        noise_resolutions: none: it has no noise.
    """

    def __init__(self, hp: StyleGan3Hyperparameters) -> None:
        super().__init__()
        planned = stages(hp)
        self.output_scale = hp.output_scale
        self.input = FourierFeatures(hp.w_dim, planned[0])
        self.layers: list[str] = []
        for index, (before, after) in enumerate(pairwise([planned[0], *planned])):
            critical = index >= hp.layers - hp.critical_layers
            layer = SynthesisLayer(before, after, hp, critical=critical, colours=index == hp.layers)
            self.layers.append(f"L{index}_{after.size}_{after.channels}")
            self.add_module(self.layers[-1], layer)
        self.num_ws = len(self.layers) + 1
        self.noise_resolutions: list[int] = []

    def forward(self, ws: Tensor, *, noise: Noise = None) -> Tensor:  # noqa: ARG002 (it has none)
        """Pictures of ws."""
        first, *rest = ws.unbind(dim=1)
        x: Tensor = self.input(first)
        for name, w in zip(self.layers, rest, strict=True):
            x = self.get_submodule(name)(x, w)
        return x * self.output_scale


class Generator(nn.Module):
    """z and labels -> pictures, through `mapping` and `synthesis`."""

    def __init__(self, hp: StyleGan3Hyperparameters, label_count: int = 0) -> None:
        super().__init__()
        self.synthesis = SynthesisNetwork(hp)
        self.mapping = MappingNetwork(hp.z_dim, hp.w_dim, hp.mapping_layers, label_count=label_count)
        self.num_ws = self.synthesis.num_ws

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Pictures (N, 3, resolution, resolution), not bounded, of z (N, z_dim) and labels (N,)."""
        pictures: Tensor = self.synthesis(self.mapping(z, labels)[:, None].expand(-1, self.num_ws, -1))
        return pictures


def _upsample(x: Tensor, f: Tensor | None, up: int, around: tuple[int, int]) -> Tensor:
    """Zeros in between, `around` more before and after, and the filter; negative ones are cut off."""
    first, last = around
    if f is None:
        return pad(x, (first, last, first, last))
    channels, taps = x.shape[1], len(f)
    # Filtering along one side after the other; each keeps its mean, though zeros were put in.
    row = (f.to(x.dtype) * up).expand(channels, 1, 1, taps)
    spread = conv_transpose2d(x, row, stride=(1, up), groups=channels)
    spread = conv_transpose2d(spread, row.transpose(2, 3), stride=(up, 1), groups=channels)
    # The transposed convolution has gone taps - 1 samples out on both sides, and left out the last up - 1 zeros.
    before, after = first - (taps - 1), last + up - 1 - (taps - 1)
    return pad(spread, (before, after, before, after))


def _downsample(x: Tensor, f: Tensor | None, down: int) -> Tensor:
    """The filter, then every `down`-th sample."""
    if f is None:
        return x[:, :, ::down, ::down]
    channels, taps = x.shape[1], len(f)
    f = f.to(x.dtype)
    if f.ndim == 2:
        return conv2d(x, f.expand(channels, 1, taps, taps), stride=down, groups=channels)
    row = f.expand(channels, 1, 1, taps)
    x = conv2d(x, row, stride=(1, down), groups=channels)
    return conv2d(x, row.transpose(2, 3), stride=(down, 1), groups=channels)
