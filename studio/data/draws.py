"""The batches that a run sees, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.api.data import DataKind
from studio.data.sampler import Sampler

if TYPE_CHECKING:
    import torch

    from studio.api.data import Batch
    from studio.data.dataset import Dataset

OTHER_SIDE = 1


class Draws:
    """An endless stream of batches, a function of (seed, position) alone.

    The two domains of unpaired data are shuffled apart, so that every picture of one meets every picture of the other.
    """

    def __init__(self, data: Dataset, seed: int) -> None:
        self._data = data
        self._order = Sampler(len(data), seed)
        self._order_b: Sampler | None = None
        if data.info.kind is DataKind.UNPAIRED and data.pictures_b is not None:
            self._order_b = Sampler(len(data.pictures_b), seed, OTHER_SIDE)

    def batch(self, position: int, n: int, device: torch.device) -> Batch:
        """The batch of stream positions [position, position + n) on `device`."""
        indices_b = self._order_b.indices(position, n) if self._order_b else None
        return self._data.batch(self._order.indices(position, n), device, indices_b)
