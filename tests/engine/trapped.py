"""What a test asks of an engine in another process: pictures of any size, and a model that ends it in a chosen way."""

from __future__ import annotations

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
    """A `ToyGan` that falls into the trap that its hyperparameter names."""

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        if self.clock.step == AFTER and self.hp.trap:
            exec(Path(self.hp.trap).read_text(), {})
        yield from super().training_step(batch)
