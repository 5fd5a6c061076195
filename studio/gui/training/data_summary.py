"""What a person wants to know of data before training on it: its name, how much there is, and how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.api.data import DataKind, DatasetSpec

THUMBNAILS = 16
THUMBNAIL_PX = 64


@dataclass(frozen=True)
class DataSummary:
    """A look at data.

    Attributes:
        source: as it was chosen: a path or a `demo:` name.
        name: what a person calls it.
        kind: how its pictures belong together.
        count: how many pictures it has.
        thumbnails: some of them, from beginning to end: uint8 (N, 64, 64, 3), or (N, 64, 128, 3) side by side.
    """

    source: str
    name: str
    kind: DataKind
    count: int
    thumbnails: np.ndarray


def known_datasets(offered: Sequence[DatasetSpec]) -> tuple[DatasetSpec, ...]:
    """The data that comes with Ganvas, then what plugins offer."""
    from studio.data.sources import BUILT_IN

    return (*BUILT_IN, *offered)


def summarise(source: str, offered: Sequence[DatasetSpec], wanted: DataKind | None = None) -> DataSummary:
    """Looks at data, as the kind that a model wants. Takes as long as reading a folder does.

    Raises:
        StudioError: there is no such data, or no picture in it.
    """
    from studio.data.examples import Example, count_of, examples
    from studio.data.sources import open_source

    opened = open_source(source, known_datasets(offered), wanted)
    found = [one.picture for one in examples(opened, THUMBNAILS, THUMBNAIL_PX) if isinstance(one, Example)]
    thumbnails = np.stack(found) if found else np.empty((0, THUMBNAIL_PX, THUMBNAIL_PX, 3), np.uint8)
    return DataSummary(source, opened.name, opened.kind, count_of(opened), thumbnails)
