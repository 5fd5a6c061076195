"""What layout2image can be told. Defaults are the authors' code."""

from __future__ import annotations

from typing import Self

import pydantic

from studio.api import Hyperparameters, StudioError, hyper
from studio.nn.resolutions import split_resolution

_CODE = "zhaobozb/layout2im, train.py"
_PAPER = "1811.11389, section 3"


class Layout2ImageHyperparameters(Hyperparameters):
    """Image Generation from Layout's."""

    lr: float = hyper(
        1e-4,
        "Adam's learning rate, of G and of both Ds.",
        source=f"{_PAPER}; {_CODE}: learning_rate",
        ge=1e-6,
        le=1e-1,
        title="Learning rate",
        log=True,
        live=True,
    )
    lr_decay_start: float = hyper(
        1.0,
        "Share of the steps after which the learning rate begins to fall, in a straight line to 0 at the last one; "
        "1 keeps it up.",
        source=f"1 in {_CODE}; falling as CycleGAN's, 1703.10593, section 7.1",
        ge=0,
        le=1,
        title="Learning rate decay",
        advanced=True,
        live=True,
    )
    beta1: float = hyper(
        0.5, "Adam's memory of the gradient.", source=_CODE, ge=0, lt=1, title="Adam beta 1", advanced=True
    )
    beta2: float = hyper(
        0.999, "Adam's memory of the squared gradient.", source=_CODE, ge=0, lt=1, title="Adam beta 2", advanced=True
    )
    kl: float = hyper(
        0.01,
        "Weight of the divergence of the objects' z from N(0, 1), summed over all objects of a batch. Higher, drawn z "
        "look more like encoded ones, which then say less.",
        source=f"{_PAPER}; {_CODE}: lambda_kl",
        ge=0,
        le=100,
        title="KL weight",
        live=True,
    )
    image_l1: float = hyper(
        1.0,
        "Weight of the mean difference between a picture and its reconstruction.",
        source=f"{_PAPER}; {_CODE}: lambda_img_rec",
        ge=0,
        le=1000,
        title="Picture L1 weight",
        live=True,
    )
    z_l1: float = hyper(
        10.0,
        "Weight of finding each object's drawn z again in the picture made with it. It is what makes z matter.",
        source=f"{_PAPER}; {_CODE}: lambda_z_rec",
        ge=0,
        le=1000,
        title="z L1 weight",
        live=True,
    )
    image_adversarial: float = hyper(
        1.0,
        "Weight of the game against the D that sees pictures. At 0 that D is not trained, which saves its time.",
        source=f"{_PAPER}; {_CODE}: lambda_img_adv",
        ge=0,
        le=1000,
        title="Picture adversarial weight",
        live=True,
    )
    object_adversarial: float = hyper(
        1.0,
        "Weight of the game against the D that sees objects.",
        source=f"{_PAPER}; {_CODE}: lambda_obj_adv",
        ge=0,
        le=1000,
        title="Object adversarial weight",
        live=True,
    )
    classification: float = hyper(
        1.0,
        "Weight of the objects being recognised as what their label says.",
        source=f"{_PAPER}; {_CODE}: lambda_obj_cls",
        ge=0,
        le=1000,
        title="Classification weight",
        live=True,
    )
    game_every: int = hyper(
        1,
        "Steps from one game with the Ds, on pictures of encoded and of drawn z, to the next. Those between only lower "
        "the picture L1 and the divergence, in a third of the time.",
        source=f"1 in {_CODE}; lazily as StyleGAN2's regularisation, 1912.04958, section 3.1",
        ge=1,
        le=1000,
        unit="steps",
        title="Game interval",
        advanced=True,
        live=True,
    )
    z_dim: int = hyper(
        64,
        "Length of each object's z, which says what it looks like.",
        source=f"{_PAPER}; {_CODE}: z_dim",
        ge=1,
        le=1024,
        title="z dimension",
    )
    embedding: int = hyper(
        64,
        "Length of the vector that stands for a label.",
        source=f"{_PAPER}; {_CODE}: embedding_dim",
        ge=1,
        le=1024,
        title="Label embedding",
    )
    crop: int = hyper(
        32,
        "Height and width that objects are brought to for the encoder and for the D of objects.",
        source=f"{_PAPER}; {_CODE}: object_size",
        ge=8,
        le=256,
        unit="px",
        title="Object crops",
    )
    width: int = hyper(
        64,
        "Channels of the finest layers; coarser ones have up to sixteen times as many. Time grows with its square.",
        source="zhaobozb/layout2im, generator.py and discriminator.py: conv_dim",
        ge=4,
        le=256,
        unit="channels",
    )
    object_width: int = hyper(
        0,
        "Channels of the finest layer of the part of G that sees each object on its own; 0 means as many as the width. "
        "Most of a step's time goes there, so that less of it leaves time for more steps.",
        source="zhaobozb/layout2im, generator.py: conv_dim",
        ge=0,
        le=256,
        unit="channels",
        title="Object width",
        advanced=True,
    )
    hidden: int = hyper(
        0,
        "Channels of the convolutional LSTM's last layer and of the residual blocks: all that is known of 8 x 8 pixels "
        "of the picture goes through them. 0 means as many as the width.",
        source=f"{_PAPER}; zhaobozb/layout2im, generator.py: conv_dim",
        ge=0,
        le=256,
        unit="channels",
        title="ConvLSTM channels",
        advanced=True,
    )
    bounded: bool = hyper(
        False,
        "Whether a tanh keeps G's pictures between -1 and 1 while training. Plain backgrounds, black or white, are "
        "then learnt at once.",
        source="off in zhaobozb/layout2im, generator.py: Decoder; a tanh as in DCGAN, 1511.06434, section 3",
        title="Bounded pictures",
        advanced=True,
    )
    last_lr: float = hyper(
        1.0,
        "Learning rate of G's last convolution, as a share of the others'. Each of its weights acts on every pixel, so "
        "that at high learning rates its steps drown what the others learn.",
        source=f"1 in {_CODE}",
        ge=0,
        le=1,
        title="Last layer's share of the learning rate",
        advanced=True,
    )
    lstm_layers: int = hyper(
        3,
        "Layers of the convolutional LSTM that fuses the objects. Where there are several, the first has twice the "
        "channels of the others.",
        source=f"{_PAPER}; {_CODE}: clstm_layers",
        ge=1,
        le=3,
        title="ConvLSTM layers",
        advanced=True,
    )
    forget_bias: float = hyper(
        0.0,
        "Added to the bias of the ConvLSTM's forget gates at the start. Above 0, the objects that come first are not "
        "half forgotten at every later one before it has learnt not to.",
        source="0 in zhaobozb/layout2im, generator.py: ConvLSTMCell; 1 after Jozefowicz et al. 2015, section 2.2",
        ge=-4,
        le=8,
        title="Forget bias",
        advanced=True,
    )
    residual_blocks: int = hyper(
        6,
        "Residual blocks between the ConvLSTM and the decoder.",
        source=f"{_PAPER}; {_CODE}: resi_num",
        ge=0,
        le=32,
        title="Residual blocks",
        advanced=True,
    )
    batch: int = hyper(8, "Pictures in one batch.", source=f"{_CODE}: batch_size", ge=1, le=4096, unit="pictures")
    resolution: int = hyper(
        64,
        "Height and width of the pictures.",
        source=f"{_PAPER}; {_CODE}: image_size",
        ge=8,
        le=1024,
        unit="px",
    )

    @pydantic.model_validator(mode="after")
    def _sizes_are_made_by_doubling(self) -> Self:
        for size in (self.resolution, self.crop):
            try:
                split_resolution(size)
            except StudioError as error:
                raise ValueError(str(error)) from None
        if self.resolution % 8:
            raise ValueError(
                f"Pictures of {self.resolution} px cannot be halved three times. Use {self.resolution // 8 * 8 + 8}."
            )
        return self
