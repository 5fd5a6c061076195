"""Mixing regularisation: while training, some pictures are made from two w's (1812.04948, section 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_crossover(num_ws: int, probability: float) -> int:
    """From which layer on the second w counts: 1 ... num_ws - 1 with `probability`, else `num_ws`, which is never.

    One number for the whole batch, as in NVlabs/stylegan2-ada-pytorch (training/loss.py: run_G). Drawn from torch's
    global generator of the CPU, so that a GPU need not be waited for.
    """
    crossover = int(torch.randint(1, num_ws, ()))
    return crossover if float(torch.rand(())) < probability else num_ws


def cross(w: Tensor, other: Tensor, crossover: int, num_ws: int) -> Tensor:
    """ws (N, num_ws, w_dim): w (N, w_dim) before layer `crossover`, `other` from it on."""
    before = w[:, None].expand(-1, crossover, -1)
    return torch.cat([before, other[:, None].expand(-1, num_ws - crossover, -1)], dim=1)
