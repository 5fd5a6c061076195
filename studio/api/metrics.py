"""What a metric declares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MetricSpec:
    """A score of a model's pictures against real ones, measured when a person asks for it: `ganvas runs measure`.

    Attributes:
        id: what is typed after `--metric`.
        title: what people read.
        lower_is_better: which way is progress.
        metric: `module:callable`. It is given the real pictures, uint8 (N, H, W, 3), and returns a callable that is
            given as many generated ones, a checkpoint's at a time, and returns their score, a finite float. What is
            needed of the real pictures is thus computed once. The module is imported when somebody measures, so it
            may import what it likes.
        images: how many pictures of each it takes, unless the person or the data says otherwise.
        install: what a person installs where a module that `metric` imports is missing: `ganvas[metrics]`.
    """

    id: str
    title: str
    lower_is_better: bool
    metric: str
    images: int = 1000
    install: str = ""
