"""What a test asks of an engine in another process: pictures of any size, and a model that ends it in a chosen way."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from studio.api import Batch, GanModel
from tests.toys import ToyGan

AFTER = 5


@dataclass(frozen=True)
class Shades:
    """One picture of `side` x `side` whose rows grow from black to white; they begin at row `first`."""

    side: int
    first: int = 0

    def render(self, model: GanModel) -> Tensor:
        rows = (torch.arange(self.side) + self.first) % 256 / 127.5 - 1
        return rows.view(1, 1, -1, 1).expand(1, 3, self.side, self.side)


class Trapped(ToyGan):
    """A `ToyGan` that waits for the trap that its hyperparameter names, and falls into it."""

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        trap = Path(self.hp.trap)
        if self.clock.step == AFTER and self.hp.trap:
            while not trap.exists():
                time.sleep(0.01)
            exec(trap.read_text(), {})
        yield from super().training_step(batch)
