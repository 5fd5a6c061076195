"""Penalties on the critic's gradient with respect to pictures (1704.00028, section 4).

A critic takes pictures (N, C, H, W) to scores (N,) and lets no picture see another: with batch norm the gradient of one
score would depend on the whole batch, and the penalty would mean something else.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Critic = Callable[[Tensor], Tensor]


def interpolates(real: Tensor, fake: Tensor) -> Tensor:
    """x-hat = eps x + (1 - eps) G(z), one eps from U(0, 1) a picture (1704.00028, algorithm 1, lines 4 to 6).

    Args:
        real: pictures (N, C, H, W).
        fake: as many generated ones; neither lets gradients through.

    Returns:
        Pictures (N, C, H, W) on the straight lines between the pairs; eps comes from torch's global generator.
    """
    eps = torch.rand(len(real), *[1] * (real.ndim - 1), dtype=real.dtype, device=real.device)
    return torch.lerp(fake.detach(), real.detach(), eps)


def gradient_norms(critic: Critic, images: Tensor) -> Tensor:
    """The length of the gradient of each picture's score with respect to that picture, (N, C, H, W) -> (N,).

    Differentiable with respect to the critic's weights, once. A gradient of 0 has a norm with gradient 0, not NaN.
    """
    images = images.detach().requires_grad_()
    (gradients,) = torch.autograd.grad(critic(images).sum(), images, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradients.flatten(1), dim=1)
    return norms


def two_sided(norms: Tensor) -> Tensor:
    """E[(|grad D(x-hat)| - 1)^2] from norms (N,), as a 0-d tensor (1704.00028, equation 3)."""
    return (norms - 1.0).square().mean()
