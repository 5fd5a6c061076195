"""CycleGAN: turns pictures of one kind into another and back, learnt from two heaps of pictures without pairs."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api import DataKind, ImageTranslation, ModelSpec, Preset, hookimpl
from studio_cyclegan.hyperparameters import CycleGanHyperparameters

CYCLEGAN = ModelSpec(
    id="cyclegan",
    title="CycleGAN",
    summary="Turns pictures of one kind into another and back, and needs no pairs to learn it.",
    model="studio_cyclegan.model:CycleGan",
    hyperparameters=CycleGanHyperparameters,
    data=DataKind.UNPAIRED,
    capabilities=(ImageTranslation,),
    presets={
        "quick": Preset(
            summary="32 px: outlines come out filled and the reverse, in under three minutes on two CPU cores.",
            steps=1000,
            values={
                "resolution": 32,
                "architecture": "unet",
                "width": 24,
                "d_width": 24,
                "batch": 4,
                "lr": 1e-3,
                "cycle_weight": 5.0,
                "jitter": 1,
                "ema_kimg": 0.2,
            },
        ),
        "paper": Preset(
            summary="256 px, as the authors' code; as long as 200 epochs of horse2zebra's 1,334 zebras, for a GPU.",
            steps=266_800,
        ),
        "lecture": Preset(
            summary="128 px, U-Nets and squared cycle errors, as lectures on GANs have it; for a GPU.",
            steps=266_800,
            values={"resolution": 128, "architecture": "unet", "cycle_loss": "mse"},
        ),
    },
    paper="Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, 2017, arXiv:1703.10593",
)


@hookimpl
def studio_models() -> Iterable[ModelSpec]:
    """CycleGAN."""
    return (CYCLEGAN,)
