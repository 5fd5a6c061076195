"""Smoothing as practitioners know it: an exponential moving average without the bias of its start."""

from __future__ import annotations

import math

import numpy as np

BLOCK = 32


class Smoother:
    """Debiased exponential moving average, one value or a million at a time.

    With weight w and values x_1, x_2, ...: m_k = w m_(k-1) + (1 - w) x_k from m_0 = 0, shown as m_k / (1 - w^k).
    Values that are not finite pass through and leave the average alone (both as TensorBoard's scalar charts do).
    """

    def __init__(self, weight: float) -> None:
        if not 0 <= weight < 1:
            raise ValueError(f"weight must be in [0, 1), not {weight}")
        self.weight = weight
        self._mean = 0.0
        self._count = 0

    def add(self, value: float) -> float:
        """The smoothed counterpart of one more value."""
        if not math.isfinite(value):
            return value
        self._mean = self.weight * self._mean + (1 - self.weight) * value
        self._count += 1
        return self._mean / (1 - self.weight**self._count)

    def extend(self, values: np.ndarray) -> np.ndarray:
        """The smoothed counterparts of more values, float64 (N,)."""
        finite = np.isfinite(values)
        if finite.all():
            return self._extend_finite(values)
        smoothed = values.astype(np.float64)
        smoothed[finite] = self._extend_finite(smoothed[finite])
        return smoothed

    def _extend_finite(self, values: np.ndarray) -> np.ndarray:
        if not len(values):
            return values
        means = _recurrence((1 - self.weight) * values, self.weight, self._mean)
        self._mean = float(means[-1])
        biased = means[: max(0, _steps_until_unbiased(self.weight) - self._count)]
        biased /= 1 - self.weight ** (self._count + np.arange(1.0, len(biased) + 1))
        self._count += len(values)
        return means


def _steps_until_unbiased(weight: float) -> int:
    """After how many values w^k is lost in the rounding of 1 - w^k."""
    return math.ceil(math.log(np.finfo(np.float64).eps / 4) / math.log(weight)) if weight else 0


def _recurrence(values: np.ndarray, weight: float, start: float) -> np.ndarray:
    """m_k = weight m_(k-1) + values_k from m_0 = start.

    Inside blocks by one matrix product; from block to block by the same recurrence, 32 times shorter each time.
    """
    size = min(BLOCK, len(values))
    rows = np.zeros((-(-len(values) // size), size))
    rows.reshape(-1)[: len(values)] = values
    lags = np.arange(size)
    rows = rows @ np.triu(weight ** np.maximum(lags[None, :] - lags[:, None], 0))
    carried = np.full(len(rows), start)
    if len(rows) > 1:
        carried[1:] = _recurrence(rows[:-1, -1], weight**size, start)
    rows += carried[:, None] * weight ** (lags + 1.0)
    return np.asarray(rows.reshape(-1)[: len(values)])
