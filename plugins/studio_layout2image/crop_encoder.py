"""E: what an object looks like, as a distribution over z (1811.11389, section 3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from studio.nn.conditional_norm import ConditionalBatchNorm2d
from studio.nn.resolutions import split_resolution


class CropEncoder(nn.Module):
    """Crops (O, 3, size, size) and labels (O,) -> mu and logvar of q(z | crop, label), (O, z_dim) each.

    A 7 x 7 convolution, then 4 x 4 ones with stride 2 down to about 2 x 2, each with conditional batch norm and ReLU;
    the mean over pixels; two linear layers. At 32 px with `width` 64 it is zhaobozb/layout2im's (generator.py:
    CropEncoder).
    """

    def __init__(self, size: int, classes: int, z_dim: int = 64, width: int = 64) -> None:
        """`size` is one that `split_resolution` takes.

        Raises:
            StudioError: it is not.
        """
        super().__init__()
        halvings = split_resolution(size)[1] + 1
        widths = [width * 2**level for level in range(halvings + 1)]
        first = nn.Conv2d(3, width, 7, padding=3, bias=False)
        halving = [nn.Conv2d(inputs, 2 * inputs, 4, stride=2, padding=1, bias=False) for inputs in widths[:-1]]
        self.convolutions = nn.ModuleList([first, *halving])
        self.norms = nn.ModuleList(ConditionalBatchNorm2d(channels, classes) for channels in widths)
        self.mu = nn.Linear(widths[-1], z_dim)
        self.logvar = nn.Linear(widths[-1], z_dim)

    def forward(self, crops: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """mu and logvar."""
        maps = crops
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            maps = relu(norm(convolution(maps), labels), inplace=True)
        features = maps.mean(dim=(2, 3))
        return self.mu(features), self.logvar(features)


def draw(mu: Tensor, logvar: Tensor) -> Tensor:
    """z ~ N(mu, exp(logvar)) by the reparametrisation (1312.6114, section 2.4), from torch's global generator."""
    return mu + (0.5 * logvar).exp() * torch.randn_like(mu)


def kl_divergence(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, exp(logvar)) | N(0, 1)) summed over all objects and components, 0-d (1312.6114, appendix B)."""
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum()
