"""What the studio says of StyleGAN3."""

from __future__ import annotations

from studio.api import DataKind, LatentSampling, ModelSpec, Preset, Realism, StyleMixing
from studio_stylegan.style3_hyperparameters import StyleGan3Hyperparameters

STYLEGAN3 = ModelSpec(
    id="stylegan3",
    title="StyleGAN3",
    summary="Textures that move with their objects, for smooth films; slow to train: made for imported models.",
    model="studio_stylegan.style3_model:StyleGan3",
    hyperparameters=StyleGan3Hyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, StyleMixing, Realism),
    presets={
        "quick": Preset(
            summary="16 px: a soft spot of colour on a pastel ground, to see it train. For pictures, import a model.",
            steps=300,
            values={
                "resolution": 16,
                "batch": 8,
                "channel_base": 256,
                "channel_max": 32,
                "d_channel_base": 256,
                "d_channel_max": 32,
                "z_dim": 32,
                "w_dim": 32,
                "layers": 6,
                "margin": 4,
                "lr": 4e-3,
                "gamma": 1.0,
                "augment": "none",
                "ema_kimg": 1.0,
            },
        ),
        "paper": Preset(
            summary="1024 px, as the authors' code with --cfg=stylegan3-t for 25,000 kimg; for GPUs, for weeks.",
            steps=781_250,
            values={"resolution": 1024, "half_layers": 4, "lr": 2.5e-3, "gamma": 32.8, "ema_rampup": 0.0},
        ),
    },
    paper="Alias-Free Generative Adversarial Networks, 2021, arXiv:2106.12423",
)
