"""The adversarial losses of pix2pix, as targets for patches (1611.07004, equations 1 and 4).

Means over all patches of all pictures, as 0-d tensors of the logits' dtype. D's loss is halved, so that it learns more
slowly than G (section 3.3; models/pix2pix_model.py: backward_D); G's is not.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

Loss = Literal["bce", "lsgan"]


def judgement(loss: Loss, logits: Tensor, real: bool) -> Tensor:
    """How far logits, of any shape, are from saying `real` everywhere (networks.py: GANLoss).

    bce: -E[log D] or -E[log(1 - D)] with D = sigmoid(logits); lsgan: E[(D - 1)^2] or E[D^2] with D = logits.
    """
    if loss == "bce":
        return softplus(-logits if real else logits).mean()
    return (logits - float(real)).square().mean()


def discriminator_loss(loss: Loss, real: Tensor, fake: Tensor) -> Tensor:
    """Half the sum of both judgements of D's logits on real and on generated pairs."""
    return 0.5 * (judgement(loss, real, True) + judgement(loss, fake, False))


def verdict(loss: Loss, logits: Tensor) -> Tensor:
    """What D says on average: the probability of being real with bce, its raw output, near 0 or 1, with lsgan."""
    return (torch.sigmoid(logits) if loss == "bce" else logits).mean()
