"""Whether a model's numbers are still finite. Decided where they are; a GPU is only asked when somebody looks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from studio.engine.failures import DivergedError

if TYPE_CHECKING:
    from studio.api.model import GanModel

NEVER = -1
REMEDY = "Resume from the last checkpoint with a lower learning rate."


class Health:
    """Watches everything that training yields and every weight that it moves.

    A weight counts as well as a loss: the last update of a step can ruin weights whose losses were still finite, and a
    checkpoint of that step would be worth nothing.
    """

    def __init__(self, model: GanModel, device: torch.device) -> None:
        self._weights: list[Tensor] = [
            weight for part in vars(model).values() if isinstance(part, nn.Module) for weight in part.parameters()
        ]
        self._fell_ill = torch.full((), NEVER, dtype=torch.int64, device=device)

    @torch.no_grad()
    def look(self, step: int, metrics: Mapping[str, Tensor | float]) -> Tensor:
        """Looks at the end of a step, numbered from 1. True, as a 0-d tensor on the device, where all is finite."""
        peaks = [peak.float() for peak in torch._foreach_norm(self._weights, ord=math.inf)] if self._weights else []
        losses = [value.detach().float().reshape(()) for value in metrics.values() if isinstance(value, Tensor)]
        healthy = torch.stack([self._fell_ill.float() * 0, *peaks, *losses]).isfinite().all()
        if not all(math.isfinite(value) for value in metrics.values() if not isinstance(value, Tensor)):
            healthy = torch.zeros_like(healthy)
        first = (self._fell_ill == NEVER) & ~healthy
        self._fell_ill = torch.where(first, step, self._fell_ill)
        return self._fell_ill == NEVER

    def check(self, metrics: Mapping[str, Tensor | float]) -> None:
        """Reads what was found.

        Raises:
            DivergedError: something was not finite; names it, and the step where it began.
        """
        step = int(self._fell_ill)
        if step == NEVER:
            return
        bad = {name: float(value) for name, value in metrics.items() if not math.isfinite(float(value))}
        what = next((f"{name} became {value}" for name, value in bad.items()), "A weight became infinite or NaN")
        raise DivergedError(f"{what} at step {step}: training has diverged.", REMEDY)
