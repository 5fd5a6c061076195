"""What a metric declares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MetricSpec:
    """A score of a model's samples, computed every now and then while a run trains.

    Attributes:
        id: the name it is logged under.
        title: what plots and tables show.
        lower_is_better: which way is progress.
        metric: `module:callable` taking real and generated uint8 pictures (N, H, W, 3) and returning a float.
        images: how many pictures of each it needs.
    """

    id: str
    title: str
    lower_is_better: bool
    metric: str
    images: int = 1000
