"""Adam for a network whose regulariser runs only every so often (1912.04958, section 3.1: lazy regularisation)."""

from __future__ import annotations

from torch import nn
from torch.optim import Adam


def lazy_ratio(interval: int) -> float:
    """c = k / (k + 1), for k main updates a regularising one."""
    return interval / (interval + 1)


def lazy_adam(network: nn.Module, lr: float, betas: tuple[float, float], interval: int) -> Adam:
    """Adam with lr c and betas to the power c: its memory then spans as many pictures as without the extra updates.

    1912.04958, appendix B; NVlabs/stylegan2-ada-pytorch, training_loop.py: mb_ratio.
    """
    ratio = lazy_ratio(interval)
    return Adam(network.parameters(), lr * ratio, (betas[0] ** ratio, betas[1] ** ratio), eps=1e-8, fused=True)
