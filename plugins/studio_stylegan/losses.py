"""What StyleGAN2's networks minimise besides the adversarial loss: R1 for D, the path length penalty for G."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """E[softplus(-D(x))] + E[softplus(D(G(z)))] of logits (N,), 0-d (1406.2661, equation 1; loss.py: loss_Dreal)."""
    return softplus(-real).mean() + softplus(fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """E[softplus(-D(G(z)))] of logits (N,), 0-d: non-saturating (1406.2661, section 3; loss.py: loss_Gmain)."""
    return softplus(-fake).mean()


def r1_penalties(logits: Tensor, images: Tensor) -> Tensor:
    """||grad_x D(x)||^2 a picture (1801.04406, equation 9, without gamma / 2).

    Args:
        logits: (N,), computed from `images`.
        images: (N, C, H, W), real ones that require a gradient.

    Returns:
        (N,), differentiable with respect to D's weights.
    """
    (gradients,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradients.square().sum(dim=(1, 2, 3))


class PathLength(nn.Module):
    """The path length penalty (1912.04958, section 3.2, equation 4): a step in w should always move the picture as far.

    Attributes:
        mean: 0-d, the running mean of the lengths, towards which each is drawn.
    """

    mean: Tensor

    def __init__(self, decay: float = 0.01) -> None:
        """`decay` is how far the running mean moves towards every new mean (loss.py: pl_decay)."""
        super().__init__()
        self.decay = decay
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, images: Tensor, ws: Tensor) -> tuple[Tensor, Tensor]:
        """(|J' y| - a)^2 a picture, with y from N(0, 1 / (H W)), J the derivative of G by w and a the running mean.

        The length is the root of the mean of squared lengths over the layers (loss.py: pl_lengths), and the running
        mean moves first; as in the reference code, the gradient goes through that move.

        Args:
            images: (N, C, H, W), made from `ws`.
            ws: (N, num_ws, w_dim).

        Returns:
            Penalties (N,), differentiable with respect to G's weights, and lengths (N,), which are not.
        """
        y = torch.randn_like(images) / (images.shape[2] * images.shape[3]) ** 0.5
        (gradients,) = torch.autograd.grad((images * y).sum(), ws, create_graph=True)
        lengths = gradients.square().sum(dim=2).mean(dim=1).sqrt()
        mean = torch.lerp(self.mean, lengths.mean().to(self.mean.dtype), self.decay)
        self.mean.copy_(mean.detach())
        return (lengths - mean).square(), lengths.detach()
