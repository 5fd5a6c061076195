"""Minibatch standard deviation: shows D how much the pictures of a batch differ (1710.10196, section 3)."""

from __future__ import annotations

import torch
from torch import Tensor


def minibatch_std(features: Tensor, group: int = 4) -> Tensor:
    """Appends one channel: the standard deviation within a group of pictures, averaged over channels and pixels.

    Picture i of N is in group i mod (N / group), as in NVlabs/stylegan2-ada-pytorch (training/networks.py:
    MinibatchStdLayer). A group of 1 has no deviation: then no picture sees another.

    Args:
        features: (N, C, H, W).
        group: pictures in a group; where N is not a multiple of it, the next smaller number that divides N.

    Returns:
        (N, C + 1, H, W).
    """
    count, _, height, width = features.shape
    group = next(size for size in range(min(group, count), 0, -1) if count % size == 0)
    grouped = features.reshape(group, count // group, -1)
    deviation = (grouped.var(dim=0, correction=0) + 1e-8).sqrt().mean(dim=1)
    statistic = deviation.repeat(group)[:, None, None, None].expand(count, 1, height, width)
    return torch.cat([features, statistic], dim=1)
