"""layout2image: boxes with labels become a picture, and each object keeps a look of its own."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, LayoutRendering, ModelSpec, Preset, hookimpl
from studio_layout2image.hyperparameters import Layout2ImageHyperparameters

LAYOUT2IMAGE = ModelSpec(
    id="layout2image",
    title="Layout to image",
    summary="Draws objects into boxes; each has a z of its own, so that one can change and the others stay.",
    model="studio_layout2image.model:Layout2Image",
    hyperparameters=Layout2ImageHyperparameters,
    data=DataKind.LAYOUT,
    capabilities=(LayoutRendering,),
    presets={
        "quick": Preset(
            summary="64 px: plain shapes in the right colours and boxes, in under three minutes on two CPU cores.",
            steps=1_000,
            values={
                "width": 16,
                "object_width": 8,
                "hidden": 32,
                "crop": 16,
                "z_dim": 8,
                "embedding": 32,
                "lstm_layers": 1,
                "residual_blocks": 1,
                "forget_bias": 3.0,
                "bounded": True,
                "lr": 1e-3,
                "lr_decay_start": 0.6,
                "last_lr": 0.1,
                "beta1": 0.9,
                "kl": 0.0002,
                "image_l1": 100.0,
                "z_l1": 0.5,
                "image_adversarial": 0.0,
                "object_adversarial": 0.1,
                "classification": 0.5,
                "game_every": 10,
                "ema_kimg": 0.5,
            },
        ),
        "paper": Preset(summary="64 px, as the authors' code; for a GPU.", steps=300_000),
    },
    paper="Image Generation from Layout, CVPR 2019, arXiv:1811.11389",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """Image Generation from Layout."""
    return (LAYOUT2IMAGE,)
