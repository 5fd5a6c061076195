"""The order in which a run sees its pictures: shuffled every epoch, a function of (seed, position) alone."""

from __future__ import annotations

import numpy as np

ORDER_STREAM = 2
STREAMS = 16


class Sampler:
    """An endless stream of picture indices. Nothing is remembered between calls but the permutation in use."""

    def __init__(self, count: int, seed: int, side: int = 0) -> None:
        """Of `count` pictures; `side` tells two independent streams of one seed apart."""
        self._count = count
        self._entropy = (seed % 2**64, ORDER_STREAM + STREAMS * side)
        self._epoch = -1
        self._permutation = np.empty(0, np.int64)

    def indices(self, position: int, n: int) -> np.ndarray:
        """The pictures at stream positions [position, position + n): int64 (n,)."""
        parts: list[np.ndarray] = []
        while n > 0:
            epoch, offset = divmod(position, self._count)
            part = self._order(epoch)[offset : offset + n]
            parts.append(part)
            position += len(part)
            n -= len(part)
        return np.concatenate(parts)

    def _order(self, epoch: int) -> np.ndarray:
        if epoch != self._epoch:
            entropy = np.random.SeedSequence([*self._entropy, epoch])
            self._permutation = np.random.Generator(np.random.PCG64(entropy)).permutation(self._count)
            self._epoch = epoch
        return self._permutation
