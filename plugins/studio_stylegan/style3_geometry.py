"""Which frequencies, sizes and widths StyleGAN3's layers have (2106.12423, section 3.2 and appendix C.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio_stylegan.style3_hyperparameters import StyleGan3Hyperparameters


@dataclass(frozen=True)
class Stage:
    """The signal that a layer gives, or the Fourier features.

    Attributes:
        cutoff: the highest frequency in it, in cycles a picture; `half_width` of the transition above it.
        rate: samples a picture, on each side.
        size: samples on each side, the margin included.
        channels: how many.
    """

    cutoff: float
    half_width: float
    rate: int
    size: int
    channels: int


def stages(hp: StyleGan3Hyperparameters) -> list[Stage]:
    """What each layer gives, the colours last; the Fourier features are like the first layer's.

    Cutoffs and stopbands rise geometrically and stay at the end for the layers that are sampled critically.
    """
    last_cutoff = hp.resolution / 2
    last_stopband = last_cutoff * hp.last_stopband
    found = []
    for layer in range(hp.layers + 1):
        progress = min(layer / (hp.layers - hp.critical_layers), 1)
        cutoff = hp.first_cutoff * (last_cutoff / hp.first_cutoff) ** progress
        stopband = hp.first_stopband * (last_stopband / hp.first_stopband) ** progress
        rate = 2 ** math.ceil(math.log2(min(2 * stopband, hp.resolution)))
        outermost = layer >= hp.layers - 1
        colours = layer == hp.layers
        found.append(
            Stage(
                cutoff,
                max(stopband, rate / 2) - cutoff,
                rate,
                hp.resolution if outermost else rate + 2 * hp.margin,
                3 if colours else round(min(hp.channel_base / 2 / cutoff, hp.channel_max)),
            )
        )
    return found
