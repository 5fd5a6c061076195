"""Spectral normalisation: every weight divided by an estimate of its largest singular value."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize


class SpectralNorm(nn.Module):
    """W / sigma(W), one power iteration a training forward (1802.05957, equation 8 and algorithm 1), never in less than
    the weight's own precision.

    W is the weight as a matrix of one row an output channel; u and v are buffers. PyTorch's own parametrisation
    takes sigma = u'Wv on trust that u and v have length 1. Weight averaging (`AveragedModel(use_buffers=True)`)
    averages u and v too, and the mean of unit vectors is shorter: here their length is divided out, so that an
    averaged network is normalised as well.

    Shape: any weight in, the same shape and dtype out.
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor, warm_up: int = 15, eps: float = 1e-12) -> None:
        super().__init__()
        self.eps = eps
        matrix = weight.detach().flatten(1)
        self.register_buffer("u", normalize(torch.randn_like(matrix[:, 0]), dim=0, eps=eps))
        self.register_buffer("v", normalize(torch.randn_like(matrix[0]), dim=0, eps=eps))
        for _ in range(warm_up):
            self._iterate(matrix)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight, normalised; moves u and v in training mode."""
        with torch.autocast(weight.device.type, enabled=False):
            matrix = weight.flatten(1)
            if self.training:
                self._iterate(matrix.detach())
            # Copies: a second forward before the backward would otherwise change what autograd has saved.
            u = normalize(self.u, dim=0, eps=self.eps)
            v = normalize(self.v, dim=0, eps=self.eps)
            return weight / torch.dot(u, matrix @ v)

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> None:
        self.v.copy_(normalize(matrix.T @ self.u, dim=0, eps=self.eps))
        self.u.copy_(normalize(matrix @ self.v, dim=0, eps=self.eps))


def spectral_norm(layer: nn.Module) -> nn.Module:
    """Puts `SpectralNorm` on the layer's weight, in place, and returns the layer (a convolution or a linear layer)."""
    weight = layer.weight
    assert isinstance(weight, Tensor)
    parametrize.register_parametrization(layer, "weight", SpectralNorm(weight))
    return layer
