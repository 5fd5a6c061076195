"""What pix2pix can be told. Defaults are the authors' PyTorch code; where the paper differs, the source says so."""

from __future__ import annotations

from typing import Literal, Self

import pydantic

from studio.api import Hyperparameters, StudioError, hyper
from studio.nn.receptive_fields import ReceptiveField, require_room

_CODE = "junyanz/pytorch-CycleGAN-and-pix2pix"
_OPTIONS = f"{_CODE}, options/train_options.py"
_NETWORKS = f"{_CODE}, models/networks.py"
_MODEL = f"{_CODE}, models/pix2pix_model.py"

_SMALLEST = 16


class Pix2PixHyperparameters(Hyperparameters):
    """pix2pix's own, and the shared ones whose defaults it changes."""

    direction: Literal["A->B", "B->A"] = hyper(
        "A->B",
        "Which side of a pair is turned into which.",
        source=f"{_CODE}, options/base_options.py: direction",
    )
    loss: Literal["bce", "lsgan"] = hyper(
        "bce",
        "What D and G minimise beside the L1 distance. bce: cross-entropy, G's side non-saturating; lsgan: least "
        "squares.",
        source=f"1611.07004, section 3.1; {_MODEL}: gan_mode vanilla",
    )
    l1_weight: float = hyper(
        100.0,
        "Weight of the L1 distance to the target (lambda). Larger, the picture is truer to the target and blurrier.",
        source=f"1611.07004, sections 3.1 and 4.2; {_MODEL}: lambda_L1",
        ge=0,
        le=1000,
        title="L1 weight",
        live=True,
    )
    lr: float = hyper(
        2e-4,
        "Adam's learning rate, of G and of D.",
        source=f"1611.07004, section 3.3; {_OPTIONS}: lr",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    lr_decay_start: float = hyper(
        0.5,
        "Share of the steps after which the learning rate begins to fall, in a straight line to 0 at the last one; "
        "1 keeps it up.",
        source=f"{_OPTIONS}: n_epochs 100, n_epochs_decay 100; not in the paper",
        ge=0,
        le=1,
        title="Learning rate decay",
        live=True,
    )
    beta1: float = hyper(
        0.5,
        "Adam's memory of the gradient.",
        source=f"1611.07004, section 3.3; {_OPTIONS}: beta1",
        ge=0,
        lt=1,
        title="Adam beta 1",
        advanced=True,
    )
    beta2: float = hyper(
        0.999,
        "Adam's memory of the squared gradient.",
        source=f"1611.07004, section 3.3; {_MODEL}: betas",
        ge=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    receptive_field: Literal["1", "16", "70", "286"] = hyper(
        "70",
        "Pixels that one score of D sees, across. Small ones judge colour and texture, large ones shape; 286 needs "
        "pictures of 96 px and more, 70 of 24 px and more.",
        source=f"1611.07004, section 4.4 and appendix 6.1.2; {_NETWORKS}: NLayerDiscriminator, PixelDiscriminator",
    )
    norm: Literal["batch", "instance"] = hyper(
        "batch",
        "What stands between the convolutions. Pictures are rendered with their own statistics: with several pairs a "
        "batch, instance trains what is seen later; with one, the two differ by batch's scale and shift.",
        source=f"1611.07004, section 3.3; {_MODEL}: norm",
        title="Normalisation",
    )
    dropout: float = hyper(
        0.5,
        "Share of the values that G drops after its inner upward layers, from 64 px on: its only source of chance.",
        source=f"1611.07004, section 3.1 and appendix 6.1.1; {_NETWORKS}: UnetSkipConnectionBlock",
        ge=0,
        lt=1,
    )
    width: int = hyper(
        64,
        "Channels of the outermost layers of G and D; inner layers have up to eight times as many. Time grows with its "
        "square.",
        source=f"1611.07004, appendix 6.1; {_CODE}, options/base_options.py: ngf, ndf",
        ge=4,
        le=256,
        unit="channels",
    )
    jitter: float = hyper(
        286 / 256,
        "Pictures are enlarged by this much and cropped back at random; 1 switches that off.",
        source=f"1611.07004, appendix 6.2; {_CODE}, options/base_options.py: load_size 286, crop_size 256",
        ge=1,
        le=2,
        unit="x",
        advanced=True,
    )
    flip: bool = hyper(
        True,
        "Whether pairs are mirrored, left to right, with probability 1/2.",
        source=f"1611.07004, appendix 6.2; {_CODE}, data/base_dataset.py: get_params",
        title="Mirror",
        advanced=True,
    )
    batch: int = hyper(
        1,
        "Pairs in one batch.",
        source=f"1611.07004, section 3.3 and appendix 6.2; {_CODE}, options/base_options.py: batch_size",
        ge=1,
        le=4096,
        unit="pairs",
    )
    resolution: int = hyper(
        256,
        "Height and width of the pictures: a power of two, from 16.",
        source=f"1611.07004, appendix 6.2; {_CODE}, options/base_options.py: crop_size",
        ge=_SMALLEST,
        le=1024,
        unit="px",
    )

    @property
    def levels(self) -> int:
        """Halvings from the picture to 1 x 1."""
        return self.resolution.bit_length() - 1

    @property
    def field(self) -> ReceptiveField:
        """`receptive_field` as a number."""
        return _FIELDS[self.receptive_field]

    @pydantic.model_validator(mode="after")
    def _resolution_halves_to_one(self) -> Self:
        if self.resolution & (self.resolution - 1):
            below = 2**self.levels
            raise ValueError(
                f"Pictures of {self.resolution} px cannot be halved down to one pixel: use {below} or {2 * below}."
            )
        return self

    @pydantic.model_validator(mode="after")
    def _patches_fit(self) -> Self:
        try:
            require_room(self.resolution, self.field)
        except StudioError as error:
            raise ValueError(str(error)) from None
        return self


_FIELDS: dict[str, ReceptiveField] = {"1": 1, "16": 16, "70": 70, "286": 286}
