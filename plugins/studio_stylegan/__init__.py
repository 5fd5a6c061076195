"""StyleGAN: pictures from styles, one a layer, that can be mixed. StyleGAN2 with ADA, and the StyleGAN it came from."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, LatentSampling, ModelSpec, Preset, Realism, StyleMixing, hookimpl
from studio_stylegan.hyperparameters import StyleGan2Hyperparameters
from studio_stylegan.spec1 import STYLEGAN1
from studio_stylegan.spec3 import STYLEGAN3

STYLEGAN2 = ModelSpec(
    id="stylegan",
    title="StyleGAN2",
    summary="Sharp, varied pictures from styles that can be mixed layer by layer; learns small data sets with ADA.",
    model="studio_stylegan.model:StyleGan2",
    hyperparameters=StyleGan2Hyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, StyleMixing, Realism),
    presets={
        "quick": Preset(
            summary="32 px: recognisable shapes in under three minutes on two CPU cores.",
            steps=1500,
            values={
                "resolution": 32,
                "batch": 16,
                "channel_base": 256,
                "channel_max": 64,
                "z_dim": 64,
                "w_dim": 64,
                "mapping_layers": 2,
                "lr": 4e-3,
                "gamma": 2.0,
                "r1_every": 4,
                "pl_weight": 0.0,
                "mixing": 0.5,
                "noise": False,
                "augment": "none",
                "ema_kimg": 1.0,
            },
        ),
        "paper": Preset(
            summary="1024 px, as the authors' code with --cfg=stylegan2 for 25,000 kimg; for GPUs, for weeks.",
            steps=781_250,
            values={"resolution": 1024, "half_layers": 4, "ema_rampup": 0.0},
        ),
        "paper256": Preset(
            summary="256 px, as the authors' code with --cfg=paper256 for 25,000 kimg; for GPUs, for days.",
            steps=390_625,
            values={
                "resolution": 256,
                "batch": 64,
                "channel_base": 16384,
                "lr": 2.5e-3,
                "gamma": 1.0,
                "std_group": 8,
                "half_layers": 4,
                "ema_kimg": 20.0,
                "ema_rampup": 0.0,
            },
        ),
    },
    paper="Analyzing and Improving the Image Quality of StyleGAN, 2019, arXiv:1912.04958",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """StyleGAN2, StyleGAN and StyleGAN3."""
    return (STYLEGAN2, STYLEGAN1, STYLEGAN3)
