"""What is said of the StyleGAN of 2018, without torch."""

from __future__ import annotations

from studio.api import DataKind, LatentSampling, ModelSpec, Preset, Realism, StyleMixing
from studio_stylegan.style1_hyperparameters import StyleGan1Hyperparameters

STYLEGAN1 = ModelSpec(
    id="stylegan1",
    title="StyleGAN",
    summary="A style for every layer, growing from small pictures to large ones.",
    model="studio_stylegan.style1_model:StyleGan1",
    hyperparameters=StyleGan1Hyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, StyleMixing, Realism),
    presets={
        "quick": Preset(
            summary="32 px, grown from 16: soft icon-like shapes, of few kinds or many by the seed, in three minutes.",
            steps=1400,
            values={
                "resolution": 32,
                "batch": 8,
                "start_resolution": 16,
                "stable_kimg": 0.8,
                "fade_kimg": 0.8,
                "channel_base": 192,
                "channel_max": 64,
                "z_dim": 64,
                "w_dim": 64,
                "mapping_layers": 2,
                "std_group": 8,
                "mixing": 0.5,
                "noise": False,
                "lr": 1.6e-3,
                "lr_ratio": 2.5,
                "gamma": 1.0,
                "r1_every": 4,
                "ema_kimg": 2.0,
                "ema_rampup": 0.05,
            },
        ),
        "paper": Preset(
            summary="1024 px, as the authors' code for FFHQ: 25 million pictures, for many GPUs.", steps=781_250
        ),
    },
    paper="A Style-Based Generator Architecture for Generative Adversarial Networks, 2018, arXiv:1812.04948",
)
