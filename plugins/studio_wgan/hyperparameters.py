"""What the Wasserstein GANs can be told. Defaults are the authors' code; where a paper differs, the source says so."""

from __future__ import annotations

from typing import Literal, Self

import pydantic

from studio.api import Hyperparameters, StudioError, hyper
from studio.nn.resolutions import split_resolution

_WGAN_CODE = "martinarjovsky/WassersteinGAN, main.py"
_GP_CODE = "igul222/improved_wgan_training, gan_cifar.py"
_GP_64 = "igul222/improved_wgan_training, gan_64x64.py"


class WassersteinHyperparameters(Hyperparameters):
    """What both share."""

    n_critic: int = hyper(
        5,
        "Updates of the critic for one of G, each on a batch of its own.",
        source=f"1701.07875 and 1704.00028, algorithm 1; {_WGAN_CODE}: Diters; {_GP_CODE}: CRITIC_ITERS",
        ge=1,
        le=100,
        title="Critic updates",
        live=True,
    )
    batch: int = hyper(
        64,
        "Pictures in one batch.",
        source=f"1701.07875 and 1704.00028, algorithm 1; {_WGAN_CODE}: batchSize; {_GP_CODE}: BATCH_SIZE",
        ge=1,
        le=4096,
        unit="pictures",
    )


class WganHyperparameters(WassersteinHyperparameters):
    """WGAN's, whose critic is kept Lipschitz by clipping its weights."""

    lr: float = hyper(
        5e-5,
        "RMSProp's learning rate, of G and of the critic.",
        source=f"1701.07875, algorithm 1; {_WGAN_CODE}: lrD, lrG",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    clip: float = hyper(
        0.01,
        "No weight of the critic may be farther from 0 than this. Larger, the critic takes longer to learn; smaller, "
        "its gradients vanish.",
        source=f"1701.07875, algorithm 1; {_WGAN_CODE}: clamp_lower, clamp_upper",
        ge=1e-4,
        le=1,
        title="Weight clip",
        log=True,
        live=True,
    )
    warmup_critic: int = hyper(
        100,
        "Updates of the critic for one of G during the first steps and at each refresher, so that G always learns from "
        "a critic that is near its best.",
        source=f"{_WGAN_CODE}: Diters while gen_iterations < 25 or gen_iterations % 500 == 0; not in the paper",
        ge=1,
        le=1000,
        title="Warm-up critic updates",
        advanced=True,
    )
    warmup_steps: int = hyper(
        25,
        "How many steps at the beginning have that many updates of the critic.",
        source=f"{_WGAN_CODE}: gen_iterations < 25",
        ge=0,
        le=1000,
        unit="steps",
        title="Warm-up",
        advanced=True,
    )
    refresh_every: int = hyper(
        500,
        "Steps between two refreshers, single steps with that many updates of the critic; 0 means none.",
        source=f"{_WGAN_CODE}: gen_iterations % 500",
        ge=0,
        le=1_000_000,
        unit="steps",
        title="Refresher",
        advanced=True,
    )
    z_dim: int = hyper(
        100,
        "Length of z, the random vector that a picture is made from.",
        source=f"{_WGAN_CODE}: nz",
        ge=1,
        le=1024,
        title="z dimension",
    )
    width: int = hyper(
        64,
        "Channels of the finest layer; coarser layers have up to eight times as many. Time grows with its square.",
        source=f"{_WGAN_CODE}: ngf, ndf",
        ge=4,
        le=256,
        unit="channels",
    )
    resolution: int = hyper(
        64, "Height and width of the pictures.", source=f"{_WGAN_CODE}: imageSize", ge=8, le=1024, unit="px"
    )

    @pydantic.model_validator(mode="after")
    def _resolution_is_made_by_doubling(self) -> Self:
        _require_doubling(self.resolution)
        return self


class WganGpHyperparameters(WassersteinHyperparameters):
    """WGAN-GP's, whose critic is kept Lipschitz by penalising its gradient."""

    lr: float = hyper(
        1e-4,
        "Adam's learning rate, of G and of the critic.",
        source=f"1704.00028, algorithm 1; {_GP_CODE}: learning_rate",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    beta1: float = hyper(
        0.5,
        "Adam's memory of the gradient.",
        source=f"{_GP_CODE}: beta1; 0 in algorithm 1 and in gan_64x64.py",
        ge=0,
        lt=1,
        title="Adam beta 1",
        advanced=True,
    )
    beta2: float = hyper(
        0.9,
        "Adam's memory of the squared gradient.",
        source=f"1704.00028, algorithm 1; {_GP_CODE}: beta2",
        ge=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    penalty: float = hyper(
        10.0,
        "Weight of the gradient penalty (lambda): how strongly the critic's gradient is held to length 1.",
        source=f"1704.00028, section 4; {_GP_CODE}: LAMBDA",
        ge=0,
        le=1000,
        title="Gradient penalty",
        live=True,
    )
    architecture: Literal["dcgan", "mlp"] = hyper(
        "dcgan",
        "dcgan: 5 x 5 convolutions; mlp: multilayer perceptrons, quick and blurred.",
        source=f"{_GP_CODE}: Generator, Discriminator; {_GP_64}: FCGenerator, FCDiscriminator",
    )
    width: int = hyper(
        128,
        "dcgan: channels of the finest layer; coarser layers have up to eight times as many.",
        source=f"{_GP_CODE}: DIM; 64 in gan_64x64.py",
        ge=4,
        le=256,
        unit="channels",
    )
    d_norm: Literal["none", "layer"] = hyper(
        "none",
        "dcgan: what stands in the critic in place of batch norm, which would make the penalty of one picture depend "
        "on the others: nothing, or layer norm.",
        source=f"1704.00028, section 4; {_GP_CODE} has none, gan_64x64.py layer norm",
        title="Critic's normalisation",
        advanced=True,
    )
    hidden: int = hyper(
        512,
        "mlp: units of each hidden layer.",
        source=f"{_GP_64}: FC_DIM",
        ge=16,
        le=8192,
        unit="units",
        advanced=True,
    )
    z_dim: int = hyper(
        128,
        "Length of z, the random vector that a picture is made from.",
        source=f"{_GP_CODE}: noise",
        ge=1,
        le=1024,
        title="z dimension",
    )
    resolution: int = hyper(
        32, "Height and width of the pictures.", source=f"{_GP_CODE}: OUTPUT_DIM", ge=8, le=1024, unit="px"
    )

    @pydantic.model_validator(mode="after")
    def _convolutions_double(self) -> Self:
        if self.architecture == "dcgan":
            _require_doubling(self.resolution)
        return self


def _require_doubling(resolution: int) -> None:
    try:
        split_resolution(resolution)
    except StudioError as error:
        raise ValueError(str(error)) from None
