"""Holding a network still while another one learns through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Takes no gradients of the network's parameters inside the block; gradients still flow through it to its input.

    In G's step D's weight gradients would be thrown away: not taking them saves about a third of D's backward pass.
    """
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    for parameter in learning:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in learning:
            parameter.requires_grad_(True)
