"""WGAN: a critic that measures how far generated pictures are from real ones; with clipped weights, or a penalty."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, LatentSampling, ModelSpec, Preset, Realism, hookimpl
from studio_wgan.hyperparameters import WganGpHyperparameters, WganHyperparameters

WGAN = ModelSpec(
    id="wgan",
    title="WGAN",
    summary="A critic with clipped weights, whose loss falls as the pictures get better.",
    model="studio_wgan.model:Wgan",
    hyperparameters=WganHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, Realism),
    presets={
        "quick": Preset(
            summary="32 px: recognisable shapes in under three minutes on two CPU cores.",
            steps=2600,
            values={
                "resolution": 32,
                "width": 32,
                "batch": 16,
                "lr": 5e-4,
                "clip": 0.03,
                "n_critic": 1,
                "warmup_critic": 20,
                "warmup_steps": 5,
                "ema_kimg": 3.0,
            },
        ),
        "paper": Preset(
            summary="64 px, as the authors' code; as long as 25 epochs of LSUN's 3,033,042 bedrooms, for a GPU.",
            steps=237_000,
        ),
    },
    paper="Wasserstein GAN, 2017, arXiv:1701.07875",
)

WGAN_GP = ModelSpec(
    id="wgan-gp",
    title="WGAN-GP",
    summary="A critic whose gradient is held to length 1: the steadiest of the early GANs.",
    model="studio_wgan.gradient_penalty:WganGp",
    hyperparameters=WganGpHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, Realism),
    presets={
        "quick": Preset(
            summary="32 px: recognisable shapes in under three minutes on two CPU cores.",
            steps=1700,
            values={"width": 32, "batch": 16, "lr": 1e-3, "beta1": 0.0, "n_critic": 1, "ema_kimg": 3.0},
        ),
        "paper": Preset(summary="32 px, as the authors' code for CIFAR-10; for a GPU.", steps=200_000),
    },
    paper="Improved Training of Wasserstein GANs, 2017, arXiv:1704.00028",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """WGAN with weight clipping, and with gradient penalty."""
    return (WGAN, WGAN_GP)
