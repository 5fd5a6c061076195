"""A learning rate that is held, then falling in a straight line to 0."""

from __future__ import annotations

from collections.abc import Iterable

from torch.optim import Optimizer


def linear_decay(step: int, steps: int, start: float) -> float:
    """Share of the learning rate in force at `step` of `steps`: 1, and from `start` (0 to 1) of the steps on less.

    junyanz/pytorch-CycleGAN-and-pix2pix (models/networks.py: get_scheduler) goes down once an epoch and ends at 1/101;
    this goes down at every step and ends just above 0.
    """
    falling = steps * (1 - start)
    return max(0.0, min(1.0, (steps - step) / falling)) if falling > 0 else 1.0


def set_learning_rate(optimizers: Iterable[Optimizer], lr: float) -> None:
    """Puts a learning rate into every parameter group."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = lr
