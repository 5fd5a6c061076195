"""GAN: DCGAN, and the multilayer perceptrons that came first."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, LatentSampling, ModelSpec, Preset, Realism, hookimpl
from studio_gan.hyperparameters import DcganHyperparameters, MlpGanHyperparameters

DCGAN = ModelSpec(
    id="gan",
    title="GAN (DCGAN)",
    summary="Convolutional G and D that learn from each other: the plain GAN to start with.",
    model="studio_gan.model:Dcgan",
    hyperparameters=DcganHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, Realism),
    presets={
        "quick": Preset(
            summary="32 px: recognisable shapes in under three minutes on two CPU cores.",
            steps=3500,
            values={"resolution": 32, "width": 32, "batch": 16, "lr": 1e-3, "ema_kimg": 2.0},
        ),
        "paper": Preset(
            summary="64 px, the paper's width, batch and z; for a GPU.",
            steps=34_000,
            values={"resolution": 64, "width": 128, "batch": 128, "z_distribution": "uniform"},
        ),
    },
    paper="Unsupervised Representation Learning with Deep Convolutional GANs, 2015, arXiv:1511.06434",
)

MLP_GAN = ModelSpec(
    id="gan-mlp",
    title="GAN (the original)",
    summary="The first GAN: multilayer perceptrons, maxout and SGD.",
    model="studio_gan.mlp:MlpGan",
    hyperparameters=MlpGanHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling, Realism),
    presets={
        "quick": Preset(
            summary="16 px: colours, grounds and outlines in under three minutes on two CPU cores.",
            steps=10_000,
            values={
                "resolution": 16,
                "batch": 32,
                "lr": 0.05,
                "z_dim": 50,
                "hidden": 400,
                "units": 120,
                "dropout": False,
                "ema_kimg": 2.0,
            },
        ),
        "paper": Preset(summary="28 px, as for MNIST.", steps=125_000, values={"resolution": 28}),
    },
    paper="Generative Adversarial Networks, 2014, arXiv:1406.2661",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """DCGAN and the first GAN."""
    return (DCGAN, MLP_GAN)
