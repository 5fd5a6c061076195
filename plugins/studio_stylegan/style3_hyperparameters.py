"""What StyleGAN3 can be told: what StyleGAN2 can, and how its layers are made. Defaults are configuration T's."""

from __future__ import annotations

from typing import Self

import pydantic

from studio.api import hyper
from studio_stylegan.hyperparameters import StyleGan2Hyperparameters

_CODE = "NVlabs/stylegan3"
_NETWORKS = f"{_CODE}, training/networks_stylegan3.py"


class StyleGan3Hyperparameters(StyleGan2Hyperparameters):
    """StyleGAN3's: those of training are StyleGAN2's, without path length, mixing and noise."""

    pl_weight: float = hyper(
        0.0,
        "Weight of the path length penalty, which StyleGAN3 does without.",
        source="2106.12423, section 3.2",
        ge=0,
        le=100,
        title="Path length weight",
        advanced=True,
    )
    mixing: float = hyper(
        0.0,
        "Probability that a batch is made from two w's, which StyleGAN3 does without.",
        source="2106.12423, section 3.2",
        ge=0,
        le=1,
        title="Style mixing",
        advanced=True,
    )
    noise: bool = hyper(
        False, "StyleGAN3 has no noise: it stays false.", source="2106.12423, section 3.2", title="Noise", advanced=True
    )
    mapping_layers: int = hyper(
        2,
        "Layers between z and w.",
        source="2106.12423, appendix D",
        ge=1,
        le=16,
        unit="layers",
        title="Mapping layers",
    )
    half_layers: int = hyper(
        0,
        "On an NVIDIA GPU, official networks compute their four highest resolutions in half precision, and bound what "
        "layers give. Here they are bounded where this is above 0; G computes in full precision.",
        source=f"{_NETWORKS}: num_fp16_res, conv_clamp",
        ge=0,
        le=8,
        title="Half-precision resolutions",
        advanced=True,
    )
    layers: int = hyper(
        14,
        "Layers of G, the Fourier features and the colours not counted.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: num_layers",
        ge=4,
        le=40,
        unit="layers",
        title="Layers",
    )
    critical_layers: int = hyper(
        2,
        "So many of the last layers are sampled at twice their highest frequency and not more, for sharpness.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: num_critical",
        ge=0,
        le=8,
        unit="layers",
        title="Critically sampled layers",
        advanced=True,
    )
    first_cutoff: float = hyper(
        2.0,
        "The highest frequency of the first layer, in cycles a picture.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: first_cutoff",
        gt=0,
        le=64,
        title="First cutoff",
        advanced=True,
    )
    first_stopband: float = hyper(
        2**2.1,
        "Where the first layer's filters let nothing through any more.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: first_stopband",
        gt=0,
        le=128,
        title="First stopband",
        advanced=True,
    )
    last_stopband: float = hyper(
        2**0.3,
        "Where the last layer's filters let nothing through any more, over half of the resolution.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: last_stopband_rel",
        ge=1,
        le=4,
        title="Last stopband",
        advanced=True,
    )
    margin: int = hyper(
        10,
        "Samples around the picture that layers compute too, so that its border is like the rest.",
        source=f"2106.12423, section 3.1; {_NETWORKS}: margin_size",
        ge=0,
        le=64,
        unit="px",
        title="Margin",
        advanced=True,
    )
    output_scale: float = hyper(
        0.25,
        "What pictures are multiplied by at the end.",
        source=f"{_NETWORKS}: output_scale",
        gt=0,
        le=10,
        title="Output scale",
        advanced=True,
    )
    kernel: int = hyper(
        3,
        "Side of the convolutions: 3 in configuration T, 1 in configuration R.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: conv_kernel",
        ge=1,
        le=5,
        unit="px",
        title="Kernel",
    )
    radial_filters: bool = hyper(
        False,
        "Filters that are symmetric under rotation, in configuration R: objects then turn as freely as they shift.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: use_radial_filters",
        title="Radial filters",
    )
    filter_size: int = hyper(
        6,
        "Length of the filters, in samples of the lower of two rates.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: filter_size",
        ge=2,
        le=24,
        title="Filter size",
        advanced=True,
    )
    lrelu_upsampling: int = hyper(
        2,
        "The rate at which LeakyReLU is applied, over the layer's own.",
        source=f"2106.12423, section 3.2; {_NETWORKS}: lrelu_upsampling",
        ge=1,
        le=4,
        title="LeakyReLU upsampling",
        advanced=True,
    )
    d_channel_base: int = hyper(
        32768,
        "Channels of a layer of D are this over its resolution.",
        source=f"{_CODE}, training/networks_stylegan2.py: channel_base",
        ge=64,
        le=131_072,
        title="D's channel base",
        advanced=True,
    )
    d_channel_max: int = hyper(
        512,
        "No layer of D has more channels than this.",
        source=f"{_CODE}, training/networks_stylegan2.py: channel_max",
        ge=4,
        le=1024,
        unit="channels",
        title="Most channels of D",
        advanced=True,
    )

    @pydantic.model_validator(mode="after")
    def _has_no_noise(self) -> Self:
        if self.noise:
            raise ValueError("StyleGAN3 has no noise. Leave noise at false.")
        return self

    @pydantic.model_validator(mode="after")
    def _layers_have_frequencies(self) -> Self:
        if self.critical_layers >= self.layers:
            raise ValueError(f"Of {self.layers} layers, {self.layers - 1} or fewer can be sampled critically.")
        if self.d_channel_base < self.resolution:
            raise ValueError(f"D would have no channels. Set d_channel_base to {self.resolution} or more.")
        return self
