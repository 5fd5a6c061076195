"""What the StyleGAN of 2018 can be told. Defaults are the authors' code, for FFHQ at 1024 px."""

from __future__ import annotations

from typing import Self

import pydantic

from studio.api import Hyperparameters, hyper

_TRAIN = "NVlabs/stylegan, train.py"
_NETWORKS = "NVlabs/stylegan, training/networks_stylegan.py"
_LOOP = "NVlabs/stylegan, training/training_loop.py"


class StyleGan1Hyperparameters(Hyperparameters):
    """StyleGAN's, with progressive growing."""

    lr: float = hyper(
        1e-3,
        "Adam's learning rate, of G and, times `lr_ratio`, of D, while pictures have less than 128 px; 1.5 times as "
        "high at 128 px, 2 at 256 px, 3 above. The mapping network learns at a hundredth of it.",
        source=f"{_LOOP}: G_lrate_base, D_lrate_base; {_TRAIN}: G_lrate_dict, D_lrate_dict; {_NETWORKS}: mapping_lrmul",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    lr_ratio: float = hyper(
        1.0,
        "D's learning rate as a multiple of G's; above 1 D learns faster, and G keeps more shapes apart.",
        source=f"{_LOOP}: G_lrate_base and D_lrate_base, both 1e-3; two rates: 1706.08500",
        ge=0.1,
        le=10,
        title="D's learning rate",
        unit="x",
        log=True,
        live=True,
        advanced=True,
    )
    start_resolution: int = hyper(
        8,
        "Size of the pictures in the beginning. They double until they have reached their full size; that size itself "
        "switches growing off.",
        source=f"{_TRAIN}: lod_initial_resolution; 8 in 1812.04948, appendix C",
        ge=4,
        le=1024,
        unit="px",
    )
    stable_kimg: float = hyper(
        600.0,
        "How long each size is trained before the next one is faded in.",
        source=f"{_LOOP}: lod_training_kimg",
        ge=0,
        le=100_000,
        unit="kimg",
        title="Stable phase",
    )
    fade_kimg: float = hyper(
        600.0,
        "How long fading in a new size takes.",
        source=f"{_LOOP}: lod_transition_kimg",
        ge=0,
        le=100_000,
        unit="kimg",
        title="Fade-in",
    )
    gamma: float = hyper(
        10.0,
        "Weight of the R1 penalty on D's gradient at real pictures. Larger is calmer and slower.",
        source=f"{_TRAIN}: r1_gamma; 1812.04948, appendix C",
        ge=0,
        le=10_000,
        title="R1 weight",
        live=True,
    )
    r1_every: int = hyper(
        1,
        "Steps from one R1 penalty to the next; each counts that many times. More saves time.",
        source=f"1 in {_TRAIN}; more after 1912.04958, section 3.1",
        ge=1,
        le=1024,
        unit="steps",
        title="R1 interval",
        advanced=True,
    )
    mixing: float = hyper(
        0.9,
        "Probability that a batch's pictures take the styles of their finer layers from a second z, so that "
        "neighbouring layers learn not to rely on each other.",
        source=f"{_NETWORKS}: style_mixing_prob; 1812.04948, section 3.1",
        ge=0,
        le=1,
        title="Style mixing",
        live=True,
    )
    noise: bool = hyper(
        True,
        "Whether every layer is given noise, for what is random in a picture: hair, leaves. Over a short run it "
        "takes the place of shapes that the styles should learn.",
        source=f"{_NETWORKS}: use_noise; 1812.04948, table 1",
    )
    z_dim: int = hyper(
        512,
        "Length of z, the random vector that a picture is made from.",
        source=f"{_NETWORKS}: latent_size",
        ge=1,
        le=1024,
        title="z dimension",
    )
    w_dim: int = hyper(
        512,
        "Length of w, the style that every layer is given, and width of the mapping network.",
        source=f"{_NETWORKS}: dlatent_size, mapping_fmaps",
        ge=1,
        le=1024,
        title="w dimension",
    )
    mapping_layers: int = hyper(
        8,
        "Layers of the mapping network.",
        source=f"{_NETWORKS}: mapping_layers; 1812.04948, section 2",
        ge=1,
        le=16,
        advanced=True,
    )
    channel_base: int = hyper(
        8192,
        "Channels of the layers at a size, times half that size: 8192 is 16 channels at 1024 px. Time grows with its "
        "square.",
        source=f"{_NETWORKS}: fmap_base",
        ge=64,
        le=65536,
        log=True,
    )
    channel_max: int = hyper(
        512,
        "The most channels that any layer has.",
        source=f"{_NETWORKS}: fmap_max",
        ge=4,
        le=1024,
        unit="channels",
    )
    std_group: int = hyper(
        4,
        "Pictures over which D's last block takes a standard deviation, so that it sees when they are too much alike.",
        source=f"{_NETWORKS}: mbstd_group_size",
        ge=1,
        le=64,
        unit="pictures",
        title="Minibatch deviation",
        advanced=True,
    )
    beta1: float = hyper(
        0.0, "Adam's memory of the gradient.", source=f"{_TRAIN}: beta1", ge=0, lt=1, title="Adam beta 1", advanced=True
    )
    beta2: float = hyper(
        0.99,
        "Adam's memory of the squared gradient.",
        source=f"{_TRAIN}: beta2",
        ge=0,
        lt=1,
        title="Adam beta 2",
        advanced=True,
    )
    resolution: int = hyper(
        1024, "Height and width of the pictures: a power of two.", source=f"{_TRAIN}: ffhq", ge=8, le=1024, unit="px"
    )
    batch: int = hyper(
        32,
        "Pictures in one batch, at every size.",
        source=f"{_TRAIN}: minibatch_base for 8 GPUs; the code has larger batches for smaller sizes",
        ge=1,
        le=4096,
        unit="pictures",
    )
    ema_kimg: float = hyper(
        10.0,
        "Half-life of the weight average that pictures are made with; 0 uses the newest weights.",
        source=f"{_LOOP}: G_smoothing_kimg",
        ge=0,
        le=1000,
        unit="kimg",
        title="EMA half-life",
        advanced=True,
    )
    ema_rampup: float = hyper(
        0.0,
        "Early on, the half-life is at most this share of the pictures seen so far, so that the average is not stuck "
        "at its beginning; 0 switches that off.",
        source=f"{_LOOP} has none; StyleGAN2-ADA's is .05",
        ge=0,
        le=1,
        title="EMA ramp-up",
        advanced=True,
    )

    @pydantic.model_validator(mode="after")
    def _sizes_double(self) -> Self:
        for name in ("resolution", "start_resolution"):
            size = getattr(self, name)
            if size & (size - 1):
                raise ValueError(f"{name} is {size} px, but StyleGAN's sizes are powers of two. Use 4, 8, 16, 32, ...")
        if self.start_resolution > self.resolution:
            raise ValueError(
                f"Pictures of {self.resolution} px cannot start at {self.start_resolution} px. "
                f"Set start_resolution to {self.resolution} or less."
            )
        return self
