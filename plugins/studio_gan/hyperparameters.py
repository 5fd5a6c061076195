"""What the GANs can be told. Defaults are the reference code's; where the paper differs, the source says so."""

from __future__ import annotations

from typing import Literal, Self

import pydantic

from studio.api import Hyperparameters, StudioError, hyper
from studio.nn.resolutions import split_resolution

_DCGAN_CODE = "pytorch/examples, dcgan/main.py"
_GAN_CODE = "goodfeli/adversarial, mnist.yaml"


class GanHyperparameters(Hyperparameters):
    """What both GANs share."""

    loss: Literal["bce", "bce-minimax", "lsgan", "hinge"] = hyper(
        "bce",
        "What D and G minimise. bce: cross-entropy, G's side non-saturating; bce-minimax: G's side of the minimax "
        "game; lsgan: least squares; hinge.",
        source="1406.2661 (eq. 1, section 3); 1611.04076 (eq. 9); 1705.02894",
    )
    label_smoothing: float = hyper(
        0.0,
        "How far below 1 the target of real pictures lies, which keeps D from growing too sure; .1 is usual.",
        source="1606.03498, section 3.4; not in 1406.2661",
        ge=0,
        le=0.5,
        live=True,
    )
    z_dim: int = hyper(
        100,
        "Length of z, the random vector that a picture is made from.",
        source=f"{_DCGAN_CODE}: nz; {_GAN_CODE}: nvis",
        ge=1,
        le=1024,
        title="z dimension",
    )

    @pydantic.model_validator(mode="after")
    def _hinge_has_no_targets(self) -> Self:
        if self.loss == "hinge" and self.label_smoothing:
            raise ValueError("The hinge loss has no targets to smooth: label_smoothing must be 0.")
        return self


class DcganHyperparameters(GanHyperparameters):
    """DCGAN's."""

    lr: float = hyper(
        2e-4,
        "Adam's learning rate.",
        source=f"1511.06434, section 4; {_DCGAN_CODE}: lr",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    lr_ratio: float = hyper(
        1.0,
        "D's learning rate as a multiple of G's; above 1 D learns faster.",
        source="1511.06434 has one rate for both; two rates: 1706.08500",
        ge=0.1,
        le=10,
        title="D's learning rate",
        unit="x",
        log=True,
        live=True,
        advanced=True,
    )
    beta1: float = hyper(
        0.5,
        "Adam's memory of the gradient.",
        source=f"1511.06434, section 4; {_DCGAN_CODE}: beta1",
        ge=0,
        lt=1,
        title="Adam beta 1",
        advanced=True,
    )
    beta2: float = hyper(
        0.999,
        "Adam's memory of the squared gradient.",
        source=f"{_DCGAN_CODE}: betas",
        ge=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    width: int = hyper(
        64,
        "Channels of the finest layer; coarser layers have up to eight times as many. Time grows with its square.",
        source=f"{_DCGAN_CODE}: ngf, ndf; the paper has 128 (figure 1)",
        ge=4,
        le=256,
        unit="channels",
    )
    d_norm: Literal["batch", "spectral", "none"] = hyper(
        "batch",
        "What steadies D: batch norm, spectral normalisation of its weights, or nothing.",
        source="1511.06434, section 3; spectral: 1802.05957",
        title="D's normalisation",
    )
    z_distribution: Literal["normal", "uniform"] = hyper(
        "normal",
        "What z is drawn from: N(0, 1) or U(-1, 1).",
        source=f"{_DCGAN_CODE}: noise; the paper draws from U(-1, 1) (figure 1)",
        title="z distribution",
        advanced=True,
    )

    @pydantic.model_validator(mode="after")
    def _resolution_is_made_by_doubling(self) -> Self:
        try:
            split_resolution(self.resolution)
        except StudioError as error:
            raise ValueError(str(error)) from None
        return self


class MlpGanHyperparameters(GanHyperparameters):
    """The first GAN's."""

    resolution: int = hyper(
        32, "Height and width of the pictures.", source="28, in grey, in 1406.2661", ge=8, le=64, unit="px"
    )
    batch: int = hyper(100, "Pictures in one batch.", source=f"{_GAN_CODE}: batch_size", ge=1, le=4096, unit="pictures")
    lr: float = hyper(
        0.1,
        "SGD's learning rate at the first update.",
        source=f"{_GAN_CODE}: learning_rate",
        ge=1e-5,
        le=1,
        title="Learning rate",
        log=True,
        live=True,
    )
    lr_decay: float = hyper(
        1.000004,
        "What the learning rate is divided by at every update, down to 1e-6.",
        source=f"{_GAN_CODE}: decay_factor, min_lr",
        ge=1,
        le=1.01,
        advanced=True,
    )
    momentum: float = hyper(
        0.5, "SGD's momentum at the first update.", source=f"{_GAN_CODE}: init_momentum", ge=0, lt=1, advanced=True
    )
    final_momentum: float = hyper(
        0.7, "The momentum that it grows to.", source=f"{_GAN_CODE}: final_momentum", ge=0, lt=1, advanced=True
    )
    momentum_steps: int = hyper(
        125_000,
        "Updates over which the momentum grows.",
        source=f"{_GAN_CODE}: saturate (250 epochs of 50,000 pictures at batch 100)",
        ge=1,
        le=10_000_000,
        unit="steps",
        advanced=True,
    )
    hidden: int = hyper(
        1200, "Units of each of G's two hidden layers.", source=f"{_GAN_CODE}: dim", ge=16, le=8192, unit="units"
    )
    units: int = hyper(
        240,
        "Maxout units of each of D's two hidden layers, five linear pieces each.",
        source=f"{_GAN_CODE}: num_units, num_pieces",
        ge=8,
        le=2048,
        unit="units",
    )
    dropout: bool = hyper(
        True,
        "Whether D drops a fifth of the pixels and half of its units while it learns.",
        source=f"{_GAN_CODE}: discriminator_input_include_probs",
    )
