"""What a person wants to know of data before training on it: its name, how much there is, and how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.data import DataKind, DatasetSpec
from studio.api.errors import StudioError

if TYPE_CHECKING:
    from studio.api.data import PictureSource

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
        thumbnails: some of them, from beginning to end: uint8 (N, 64, 64, 3).
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


def summarise(source: str, offered: Sequence[DatasetSpec]) -> DataSummary:
    """Looks at data. Takes as long as reading a folder does.

    Raises:
        StudioError: there is no such data, or no picture in it.
    """
    from studio.data.sources import open_source

    opened = open_source(source, known_datasets(offered))
    return DataSummary(source, opened.name, opened.kind, len(opened), _thumbnails(opened))


def _thumbnails(source: PictureSource) -> np.ndarray:
    chosen = sorted({round(place) for place in np.linspace(0, len(source) - 1, min(THUMBNAILS, len(source)))})
    pictures = []
    for index in chosen:
        try:
            pictures.append(source.picture(index, THUMBNAIL_PX))
        except StudioError:
            continue
    return np.stack(pictures) if pictures else np.empty((0, THUMBNAIL_PX, THUMBNAIL_PX, 3), np.uint8)
