"""Adversarial losses as pure functions of D's logits, and `gan_loss`, which picks a pair of them by name.

Every function takes logits of any shape, one value a picture or a patch, and returns their mean loss as a 0-d tensor of
the same dtype. D's losses are the sum over real and fake, as in pytorch/examples (dcgan/main.py: errD).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from studio.api.errors import StudioError


def bce_discriminator(real: Tensor, fake: Tensor, smoothing: float = 0.0) -> Tensor:
    """-E[t log D(x) + (1 - t) log(1 - D(x))] - E[log(1 - D(G(z)))] with t = 1 - smoothing and D = sigmoid(logits).

    Generative Adversarial Networks (1406.2661), equation 1; one-sided label smoothing after Improved Techniques for
    Training GANs (1606.03498), section 3.4: real targets alone are moved.
    """
    # softplus(x) = softplus(-x) + x joins the two real terms.
    return (softplus(-real) + smoothing * real).mean() + softplus(fake).mean()


def bce_generator(fake: Tensor) -> Tensor:
    """-E[log D(G(z))]: the non-saturating loss (1406.2661, section 3, after equation 1)."""
    return softplus(-fake).mean()


def bce_generator_minimax(fake: Tensor) -> Tensor:
    """E[log(1 - D(G(z)))]: G's side of the minimax game (1406.2661, equation 1); at most 0, unbounded below."""
    return -softplus(fake).mean()


def least_squares_discriminator(real: Tensor, fake: Tensor, smoothing: float = 0.0) -> Tensor:
    """1/2 E[(D(x) - b)^2] + 1/2 E[D(G(z))^2] with b = 1 - smoothing.

    Least Squares GAN (1611.04076), equation 9: a = 0, b = c = 1.
    """
    return 0.5 * (real - (1.0 - smoothing)).square().mean() + 0.5 * fake.square().mean()


def least_squares_generator(fake: Tensor) -> Tensor:
    """1/2 E[(D(G(z)) - 1)^2] (1611.04076, equation 9)."""
    return 0.5 * (fake - 1.0).square().mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))] (Geometric GAN, 1705.02894; 1802.05957, section 4)."""
    return relu(1.0 - real).mean() + relu(1.0 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """-E[D(G(z))] (1705.02894; 1802.05957, section 4)."""
    return -fake.mean()


@dataclass(frozen=True)
class GanLoss:
    """What D and G minimise.

    Attributes:
        discriminator: D's loss from its logits on real and on generated pictures.
        generator: G's loss from D's logits on generated pictures.
        verdict: what D says in the loss's own terms: the probability of being real, or its raw output where the loss
            gives it no such meaning.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]
    verdict: Callable[[Tensor], Tensor]


def _bce(smoothing: float) -> GanLoss:
    return GanLoss(partial(bce_discriminator, smoothing=smoothing), bce_generator, torch.sigmoid)


def _bce_minimax(smoothing: float) -> GanLoss:
    return GanLoss(partial(bce_discriminator, smoothing=smoothing), bce_generator_minimax, torch.sigmoid)


def _least_squares(smoothing: float) -> GanLoss:
    return GanLoss(partial(least_squares_discriminator, smoothing=smoothing), least_squares_generator, _raw)


def _hinge(smoothing: float) -> GanLoss:
    if smoothing:
        raise StudioError("The hinge loss has no targets to smooth.", "Set the smoothing to 0 or choose another loss.")
    return GanLoss(hinge_discriminator, hinge_generator, _raw)


def _raw(logits: Tensor) -> Tensor:
    return logits


_LOSSES: Mapping[str, Callable[[float], GanLoss]] = {
    "bce": _bce,
    "bce-minimax": _bce_minimax,
    "lsgan": _least_squares,
    "hinge": _hinge,
}


def gan_loss(name: str, smoothing: float = 0.0) -> GanLoss:
    """The losses of a name: `bce` (non-saturating), `bce-minimax`, `lsgan` or `hinge`.

    Args:
        name: which.
        smoothing: one-sided label smoothing in [0, 1): how far below 1 the target of real pictures is.

    Raises:
        StudioError: an unknown name, or smoothing of a loss without targets.
    """
    if name not in _LOSSES:
        raise StudioError(f"There is no loss {name!r}.", f"Choose from: {', '.join(_LOSSES)}.")
    return _LOSSES[name](smoothing)
