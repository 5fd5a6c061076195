"""pix2pix: learns from pairs to turn a picture into its partner, such as an outline into the filled shape."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, ImageTranslation, ModelSpec, Preset, hookimpl
from studio_pix2pix.hyperparameters import Pix2PixHyperparameters

PIX2PIX = ModelSpec(
    id="pix2pix",
    title="Pix2Pix",
    summary="Learns from pairs of pictures to turn the first into the second.",
    model="studio_pix2pix.model:Pix2Pix",
    hyperparameters=Pix2PixHyperparameters,
    data=DataKind.PAIRED,
    capabilities=(ImageTranslation,),
    presets={
        "quick": Preset(
            summary="64 px: outlines are plainly filled in under three minutes on two CPU cores.",
            steps=1200,
            values={
                "resolution": 64,
                "width": 32,
                "norm": "instance",
                "batch": 4,
                "lr": 2e-3,
                "jitter": 1.0,
                "ema_kimg": 1.0,
            },
        ),
        "paper": Preset(
            summary="256 px, as the authors' code; as long as 200 epochs of the 400 facades, for a GPU.",
            steps=80_000,
        ),
    },
    paper="Image-to-Image Translation with Conditional Adversarial Networks, 2016, arXiv:1611.07004",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """pix2pix."""
    return (PIX2PIX,)
