"""What StyleGAN2 can be told. Defaults are NVlabs/stylegan2-ada-pytorch's with --cfg=stylegan2."""

from __future__ import annotations

from typing import Literal, Self

import pydantic

from studio.api import Hyperparameters, hyper

_CODE = "NVlabs/stylegan2-ada-pytorch"
_TRAIN = f"{_CODE}, train.py"
_LOSS = f"{_CODE}, training/loss.py"
_NETWORKS = f"{_CODE}, training/networks.py"


class StyleGan2Hyperparameters(Hyperparameters):
    """StyleGAN2's, and those of adaptive augmentation."""

    lr: float = hyper(
        2e-3,
        "Adam's learning rate, of G and of D, before it is scaled for lazy regularisation.",
        source=f"{_TRAIN}: lrate of stylegan2; .0025 in auto below 1024 px",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    gamma: float = hyper(
        10.0,
        "Weight of R1, the penalty on D's gradient at real pictures. The setting that depends on the data most: too "
        "low and D overfits, too high and pictures stay blurred. A start: .0002 resolution^2 / batch.",
        source=f"1912.04958, appendix B; {_TRAIN}: gamma of stylegan2; the start is that of auto",
        ge=0,
        le=10_000,
        title="R1 weight",
        live=True,
    )
    r1_every: int = hyper(
        16,
        "Steps between two R1 updates; each counts that many times.",
        source="1912.04958, section 3.1; training_loop.py: D_reg_interval",
        ge=1,
        le=1024,
        unit="steps",
        title="R1 interval",
        advanced=True,
    )
    pl_weight: float = hyper(
        2.0,
        "Weight of the path length penalty, which makes equal steps in w move pictures equally far; 0 saves its time.",
        source=f"1912.04958, appendix B; {_LOSS}: pl_weight",
        ge=0,
        le=100,
        title="Path length weight",
        live=True,
    )
    pl_every: int = hyper(
        4,
        "Steps between two updates for the path length; each counts that many times. 1912.04958 has 8.",
        source="training_loop.py: G_reg_interval",
        ge=1,
        le=1024,
        unit="steps",
        title="Path length interval",
        advanced=True,
    )
    pl_shrink: int = hyper(
        2,
        "The path length is measured on the batch over this many pictures.",
        source=f"1912.04958, appendix B; {_LOSS}: pl_batch_shrink",
        ge=1,
        le=64,
        title="Path length batch shrink",
        advanced=True,
    )
    pl_decay: float = hyper(
        0.01,
        "How far the running mean of path lengths moves each time.",
        source=f"1912.04958, appendix B; {_LOSS}: pl_decay",
        gt=0,
        le=1,
        title="Path length decay",
        advanced=True,
    )
    mixing: float = hyper(
        0.9,
        "Probability that a batch is made from two w's, so that layers learn not to rely on each other.",
        source=f"1812.04948, section 3.1; {_LOSS}: style_mixing_prob",
        ge=0,
        le=1,
        title="Style mixing",
        live=True,
    )
    augment: Literal["none", "ada", "fixed"] = hyper(
        "ada",
        "What D sees of pictures. ada: augmented the more, the more D overfits, for a few thousand pictures or fewer; "
        "fixed: always as much; none: as they are.",
        source=f"2006.06676; {_TRAIN}: aug",
        title="Augmentation",
    )
    ada_target: float = hyper(
        0.6,
        "ada: the share by which D may call real pictures real rather than generated, before p rises.",
        source=f"2006.06676, section 3.1; {_TRAIN}: ada_target",
        ge=0,
        le=1,
        title="ADA target",
        live=True,
        advanced=True,
    )
    ada_kimg: float = hyper(
        500.0,
        "ada: pictures in which p can go from 0 to 1.",
        source="2006.06676, section 3.1; training_loop.py: ada_kimg",
        gt=0,
        le=100_000,
        unit="kimg",
        title="ADA speed",
        live=True,
        advanced=True,
    )
    ada_every: int = hyper(
        4,
        "ada: steps between two changes of p.",
        source="2006.06676, section 3.1; training_loop.py: ada_interval",
        ge=1,
        le=1024,
        unit="steps",
        title="ADA interval",
        advanced=True,
    )
    augment_p: float = hyper(
        0.2,
        "fixed: the probability of each augmentation.",
        source=f"{_TRAIN}: p, which has no default; .2 is near what ADA settles at for ten thousand pictures",
        ge=0,
        le=1,
        title="Augmentation p",
        live=True,
        advanced=True,
    )
    noise: bool = hyper(
        True,
        "Adds noise in every layer, so that G need not spend z on fine texture. Flat shapes learn faster without.",
        source=f"1812.04948, section 3.2; {_NETWORKS}: use_noise",
        title="Noise",
    )
    mirror: bool = hyper(
        False,
        "Turns half of the real pictures left to right. Doubles the data where a mirror image is as good, which "
        "writing is not.",
        source=f"{_TRAIN}: mirror",
        title="Mirror",
    )
    conditional: bool = hyper(
        False,
        "Learns the labels of labelled data: pictures of a chosen class can then be asked for.",
        source=f"{_TRAIN}: cond",
        title="Conditional",
    )
    z_dim: int = hyper(
        512, "Length of z.", source=f"{_TRAIN}: z_dim", ge=2, le=1024, title="z dimension", advanced=True
    )
    w_dim: int = hyper(
        512, "Length of w.", source=f"{_TRAIN}: w_dim", ge=2, le=1024, title="w dimension", advanced=True
    )
    mapping_layers: int = hyper(
        8,
        "Layers between z and w. Fewer learn faster at small sizes.",
        source=f"1812.04948, section 2; {_TRAIN}: map of stylegan2; 2 in auto",
        ge=1,
        le=16,
        unit="layers",
        title="Mapping layers",
    )
    channel_base: int = hyper(
        32768,
        "Channels of a layer are this over its resolution. Time grows with its square.",
        source=f"{_NETWORKS}: channel_base; fmaps 1 of stylegan2, half of it in auto below 512 px",
        ge=64,
        le=131_072,
        title="Channel base",
    )
    channel_max: int = hyper(
        512,
        "No layer has more channels than this.",
        source=f"{_NETWORKS}: channel_max",
        ge=4,
        le=1024,
        unit="channels",
        title="Most channels",
        advanced=True,
    )
    std_group: int = hyper(
        4,
        "Pictures that D compares with each other, to see whether G varies what it makes.",
        source=f"{_TRAIN}: mbstd of stylegan2",
        ge=1,
        le=256,
        unit="pictures",
        title="Minibatch deviation",
        advanced=True,
    )
    half_layers: int = hyper(
        0,
        "On an NVIDIA GPU, how many of the highest resolutions compute in half precision, which is up to twice as fast "
        "there; elsewhere they do not. Official networks use 4.",
        source="2006.06676, appendix D; train.py: num_fp16_res, conv_clamp",
        ge=0,
        le=8,
        title="Half-precision resolutions",
        advanced=True,
    )
    compile: bool = hyper(
        False,
        "Compiles G and D with torch.compile before training. It needs a C++ compiler and minutes before the first "
        "step; it pays in runs of hours on a GPU. Path length and R1 updates run as they are.",
        source="not in the reference code",
        advanced=True,
    )
    beta1: float = hyper(
        0.0,
        "Adam's memory of the gradient.",
        source=f"1710.10196, appendix A.1; {_TRAIN}: betas",
        ge=0,
        lt=1,
        title="Adam beta 1",
        advanced=True,
    )
    beta2: float = hyper(
        0.99,
        "Adam's memory of the squared gradient, before it is scaled for lazy regularisation.",
        source=f"1710.10196, appendix A.1; {_TRAIN}: betas",
        gt=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    batch: int = hyper(
        32, "Pictures in one batch.", source=f"{_TRAIN}: mb of stylegan2", ge=1, le=4096, unit="pictures"
    )
    resolution: int = hyper(
        64,
        "Height and width of the pictures: a power of two.",
        source="any; 1024 in 1912.04958",
        ge=8,
        le=1024,
        unit="px",
    )

    @pydantic.model_validator(mode="after")
    def _resolution_is_a_power_of_two(self) -> Self:
        below = 1 << (self.resolution.bit_length() - 1)
        if self.resolution != below:
            raise ValueError(
                f"Pictures of {self.resolution} px cannot be made by doubling 4 px. Use {below} or {2 * below}."
            )
        return self

    @pydantic.model_validator(mode="after")
    def _there_is_a_channel_at_every_resolution(self) -> Self:
        if self.channel_base < self.resolution:
            raise ValueError(
                f"There would be no channels at {self.resolution} px. Set channel_base to {self.resolution} or more."
            )
        return self
