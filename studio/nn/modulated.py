"""Convolution with weights that a style scales, a picture at a time (1912.04958, section 2.2, equations 1 and 3)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d

from studio.nn.upfirdn import upfirdn

_EPS = 1e-8


def modulated_conv2d(
    x: Tensor,
    weight: Tensor,
    styles: Tensor,
    *,
    f: Tensor | None = None,
    demodulate: bool = True,
    fused: bool = False,
    gain: float = 1.0,
) -> Tensor:
    """Convolves picture n with the weights s_n,i w_o,i,k, each output channel brought back to length 1 (demodulated).

    Two ways to the same result, up to rounding. `fused` scales the weights, a set a picture, and convolves all pictures
    at once in groups. Otherwise the activations are scaled before and after one ordinary convolution, as linearity
    allows: NVlabs/stylegan2-ada-pytorch (training/networks.py: modulated_conv2d) trains in that way.

    Args:
        x: (N, in, H, W); in float16 the weights and styles are brought near 1 first, so that nothing overflows.
        weight: (out, in, k, k), k odd.
        styles: (N, in).
        f: where given, the result has twice the height and width, low-pass filtered with these taps; the weights are
            then those of a convolution (as official ones are), else of a correlation, as `conv2d` has it.
        demodulate: off for the layer that makes colours.
        fused: which way.
        gain: multiplies the result, above 0.

    Returns:
        (N, out, H', W') in the dtype of x.
    """
    if x.dtype == torch.float16 and demodulate:
        weight, styles = _near_one(weight), styles / styles.abs().amax(dim=1, keepdim=True)
    scales = _demodulation(weight, styles) * gain if demodulate else None
    styles = styles if demodulate else styles * gain
    if fused:
        return _fused(x, weight, styles, scales, f)
    x = _convolve(x * styles.to(x.dtype)[:, :, None, None], weight.to(x.dtype), f, groups=1)
    return x if scales is None else x * scales.to(x.dtype)[:, :, None, None]


def _demodulation(weight: Tensor, styles: Tensor) -> Tensor:
    """1 / sqrt(sum over i, k of (s_i w_o,i,k)^2), (N, out): equation 3. The sum over k does not depend on the style."""
    energy = weight.square().sum(dim=(2, 3))
    return (styles.square() @ energy.T + _EPS).rsqrt()


def _fused(x: Tensor, weight: Tensor, styles: Tensor, scales: Tensor | None, f: Tensor | None) -> Tensor:
    count, channels, height, width = x.shape
    weights = weight * styles[:, None, :, None, None]
    if scales is not None:
        weights = weights * scales[:, :, None, None, None]
    grouped = x.reshape(1, count * channels, height, width)
    out = _convolve(grouped, weights.flatten(0, 1).to(x.dtype), f, groups=count)
    return out.view(count, -1, *out.shape[2:])


def _convolve(x: Tensor, weight: Tensor, f: Tensor | None, groups: int) -> Tensor:
    """Keeps the size, or doubles it: a transposed convolution with stride 2, then the filter over its result."""
    kernel = weight.shape[2]
    if f is None:
        return conv2d(x, weight, padding=kernel // 2, groups=groups)
    outputs, inputs = weight.shape[0] // groups, weight.shape[1]
    turned = weight.view(groups, outputs, inputs, kernel, kernel).transpose(1, 2).flatten(0, 1)
    spread = conv_transpose2d(x, turned, stride=2, groups=groups)
    taps, around = len(f), kernel // 2
    before, after = (taps + 1) // 2 + around - (kernel - 1), (taps - 2) // 2 + around - (kernel - 2)
    return upfirdn(spread, f, padding=(before, after), gain=4.0)


def _near_one(weight: Tensor) -> Tensor:
    """Each output channel's largest weight becomes 1 / sqrt(in k^2); demodulation takes the factor out again."""
    fan_in = weight[0].numel()
    scales: Tensor = fan_in**-0.5 / weight.abs().amax(dim=(1, 2, 3), keepdim=True)
    return weight * scales
