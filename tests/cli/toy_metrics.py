"""What the toy metrics compute. `seen` notes what they were given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Scorer = Callable[[np.ndarray], float]
seen: list[tuple[str, np.ndarray]] = []


def distance(real: np.ndarray) -> Scorer:
    """How far the mean colours are apart."""
    seen.append(("real", real))

    def score(generated: np.ndarray) -> float:
        seen.append(("generated", generated))
        return float(np.abs(real.mean((0, 1, 2)) - generated.mean((0, 1, 2))).sum())

    return score


def contrast(real: np.ndarray) -> Scorer:
    """How much pictures vary: more is better, say."""
    return lambda generated: float(generated.std())


def failing(real: np.ndarray) -> Scorer:
    """Fails."""
    raise RuntimeError("no yardstick")


def endless(real: np.ndarray) -> Scorer:
    """Gives no number."""
    return lambda generated: float("nan")


def interrupted(real: np.ndarray) -> Scorer:
    """Is where Ctrl-C comes."""
    raise KeyboardInterrupt
