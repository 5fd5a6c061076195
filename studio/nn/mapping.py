"""The mapping network: z, and a label where there is one, become w (1812.04948, section 2; 1912.04958, appendix B).

Names, shapes and gains are those of NVlabs/stylegan2-ada-pytorch (training/networks.py: MappingNetwork).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from studio.nn.equalized import EqualizedLinear

W_AVG_BETA = 0.995


class MappingNetwork(nn.Module):
    """z (N, z_dim) -> w (N, w_dim): z is brought to length sqrt(z_dim); then come `fc0`, `fc1`, ... with LeakyReLU.

    With labels, each has an embedding of length w_dim, normalised in the same way, that stands beside z; with `z_dim` 0
    it stands alone, as in front of a projection discriminator.

    Attributes:
        w_avg: (w_dim,), the running mean of w: the centre that truncation moves towards. Not there where `z_dim` is 0.
    """

    w_avg: Tensor

    def __init__(
        self, z_dim: int, w_dim: int, layers: int, *, lr_multiplier: float = 0.01, label_count: int = 0
    ) -> None:
        """`layers` >= 1; at least one of `z_dim` and `label_count` is above 0."""
        super().__init__()
        self.z_dim, self.layers, self.label_count = z_dim, layers, label_count
        embedded = w_dim if label_count else 0
        if label_count:
            self.embed = EqualizedLinear(label_count, embedded)
        for index in range(layers):
            inputs = z_dim + embedded if index == 0 else w_dim
            self.add_module(
                f"fc{index}", EqualizedLinear(inputs, w_dim, lr_multiplier=lr_multiplier, activation="lrelu")
            )
        if z_dim:
            self.register_buffer("w_avg", torch.zeros(w_dim))

    def forward(self, z: Tensor | None, labels: Tensor | None = None) -> Tensor:
        """w of z (N, z_dim) and labels, int64 (N,), where the network has them."""
        parts = [] if z is None else [unit_second_moment(z)]
        if self.label_count:
            assert labels is not None
            chosen = one_hot(labels, self.label_count).to(self.embed.weight.dtype)
            parts.append(unit_second_moment(self.embed(chosen)))
        x = torch.cat(parts, dim=1)
        for index in range(self.layers):
            x = self.get_submodule(f"fc{index}")(x)
        return x

    @torch.no_grad()
    def track(self, w: Tensor) -> None:
        """Moves `w_avg` towards the mean of w (N, w_dim) by 1 - .995."""
        self.w_avg.lerp_(w.mean(dim=0).to(self.w_avg.dtype), 1 - W_AVG_BETA)


def unit_second_moment(x: Tensor) -> Tensor:
    """x (N, C) over the root of the mean of its squares, a row (networks.py: normalize_2nd_moment)."""
    return x * (x.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()


def truncate(ws: Tensor, w_avg: Tensor, psi: float, cutoff: int | None = None) -> Tensor:
    """w_avg + psi (w - w_avg) in the layers before `cutoff`, in all where it is None (1812.04948, appendix B).

    Args:
        ws: (N, num_ws, w_dim).
        w_avg: (w_dim,).
        psi: 1 leaves every w as it is, 0 is the mean.
        cutoff: how many layers are truncated.
    """
    if psi == 1:
        return ws
    near = torch.lerp(w_avg.to(ws.dtype), ws[:, :cutoff], psi)
    return near if cutoff is None else torch.cat([near, ws[:, cutoff:]], dim=1)
