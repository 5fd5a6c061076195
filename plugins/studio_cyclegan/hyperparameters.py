"""What CycleGAN can be told. Defaults are the reference code's; where the paper differs, the source says so."""

from __future__ import annotations

from typing import Literal, Self, cast

import pydantic

from studio.api import Hyperparameters, StudioError, hyper
from studio.nn.receptive_fields import ReceptiveField, require_room

_PAPER = "1703.10593"
_CODE = "junyanz/pytorch-CycleGAN-and-pix2pix"
_BASE = f"{_CODE}, options/base_options.py"
_TRAIN = f"{_CODE}, options/train_options.py"
_MODEL = f"{_CODE}, models/cycle_gan_model.py"
_RESNET_MULTIPLE = 4


class CycleGanHyperparameters(Hyperparameters):
    """CycleGAN's."""

    lr: float = hyper(
        2e-4,
        "Adam's learning rate, of the generators and of the discriminators, before it decays.",
        source=f"{_PAPER}, section 4; {_TRAIN}: lr",
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
        source=f"{_PAPER}, section 7.1; {_TRAIN}: niter, niter_decay",
        ge=0,
        le=1,
        title="Learning rate decay",
        live=True,
    )
    beta1: float = hyper(
        0.5,
        "Adam's memory of the gradient.",
        source=f"{_TRAIN}: beta1; not in the paper",
        ge=0,
        lt=1,
        title="Adam beta 1",
        advanced=True,
    )
    beta2: float = hyper(
        0.999,
        "Adam's memory of the squared gradient.",
        source=_MODEL,
        ge=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    cycle_weight: float = hyper(
        10.0,
        "How much coming back to the picture one started from counts beside convincing the discriminators (lambda). "
        "More keeps the shape, less allows more change.",
        source=f"{_PAPER}, section 4 and equation 3; {_MODEL}: lambda_A, lambda_B",
        ge=0,
        le=1000,
        live=True,
    )
    identity_weight: float = hyper(
        0.5,
        "How much leaving alone a picture that is of the target domain already counts, as a multiple of the cycle "
        "weight. It keeps colours; 0 leaves the term out, which saves a third of the generators' work.",
        source=f"{_PAPER}, section 5.2; {_MODEL}: lambda_identity; the paper has it for paintings alone",
        ge=0,
        le=10,
        live=True,
    )
    cycle_loss: Literal["l1", "mse"] = hyper(
        "l1",
        "What the cycle and the identity terms measure: the mean absolute difference, or the mean squared one, which "
        "forgives small errors and blurs.",
        source=f"{_PAPER}, equation 2; {_MODEL}: criterionCycle, criterionIdt",
    )
    architecture: Literal["resnet", "unet"] = hyper(
        "resnet",
        "The generators. resnet: residual blocks at a quarter of the size; unet: down to one pixel and back, with skip "
        "connections.",
        source=f"{_PAPER}, section 7.2; {_BASE}: netG",
    )
    width: int = hyper(
        64,
        "Channels of the finest layer of the generators. Time grows with its square.",
        source=f"{_PAPER}, section 7.2; {_BASE}: ngf",
        ge=4,
        le=256,
        unit="channels",
    )
    blocks: int = hyper(
        9,
        "resnet: residual blocks; 6 is usual at 128 px, 9 at 256 px and above.",
        source=f"{_PAPER}, section 7.2; {_BASE}: netG",
        ge=0,
        le=32,
        unit="blocks",
        title="Residual blocks",
    )
    d_width: int = hyper(
        64,
        "Channels of the finest layer of the discriminators.",
        source=f"{_PAPER}, section 7.2; {_BASE}: ndf",
        ge=4,
        le=256,
        unit="channels",
        title="D's width",
    )
    receptive_field: Literal["1", "16", "70", "286"] = hyper(
        "70",
        "How many pixels wide the patches are that the discriminators judge. 286 needs pictures of at least 96 px, "
        "70 of 24 px.",
        source=f"{_PAPER}, section 4; {_BASE}: netD",
        title="D's receptive field",
    )
    pool: int = hyper(
        50,
        "Generated pictures that are kept of each domain. The discriminators see half of the time one of them in place "
        "of a new one, which keeps the game from going in circles; 0 shows them new ones alone.",
        source=f"{_PAPER}, section 4; {_TRAIN}: pool_size",
        ge=0,
        le=1000,
        unit="pictures",
        title="Picture pool",
        advanced=True,
    )
    jitter: float = hyper(
        286 / 256,
        "Pictures are enlarged this much and cropped back at random; 1 leaves them as they are.",
        source=f"{_BASE}: load_size, crop_size; not in the paper",
        ge=1,
        le=2,
        unit="x",
    )
    flip: bool = hyper(
        True,
        "Whether pictures are mirrored, left to right, with probability 1/2.",
        source=f"{_BASE}: no_flip; not in the paper",
        title="Mirror",
    )
    batch: int = hyper(
        1,
        "Pictures of each domain in one batch.",
        source=f"{_PAPER}, section 4; {_BASE}: batch_size",
        ge=1,
        le=4096,
        unit="pictures",
    )
    resolution: int = hyper(
        256, "Height and width of the pictures.", source=f"{_BASE}: crop_size", ge=8, le=1024, unit="px"
    )

    @property
    def patch(self) -> ReceptiveField:
        """The receptive field as a number, in pixels."""
        return cast("ReceptiveField", int(self.receptive_field))

    @property
    def halvings(self) -> int:
        """How often pictures can be halved: down to one pixel where the resolution is a power of two."""
        return self.resolution.bit_length() - 1

    @pydantic.model_validator(mode="after")
    def _the_networks_fit_the_pictures(self) -> Self:
        if self.architecture == "unet" and self.resolution != 2**self.halvings:
            below = 2**self.halvings
            raise ValueError(
                f"A U-Net cannot halve {self.resolution} px down to one: the resolution must be {below} or {2 * below}."
            )
        if self.resolution % _RESNET_MULTIPLE:
            below = self.resolution - self.resolution % _RESNET_MULTIPLE
            raise ValueError(
                f"Pictures of {self.resolution} px cannot be halved twice and doubled back: the resolution must be "
                f"{below} or {below + _RESNET_MULTIPLE}."
            )
        try:
            require_room(self.resolution, self.patch)
        except StudioError as error:
            raise ValueError(str(error)) from None
        return self
