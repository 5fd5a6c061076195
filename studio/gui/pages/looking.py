"""A first look at data: what it is, some of its pictures, what cannot be read. Off the GUI thread, without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.errors import StudioError

if TYPE_CHECKING:
    from studio.api.data import DataKind, DatasetSpec
    from studio.data.inspect import Report

SIDE = 64


@dataclass(frozen=True)
class Look:
    """What was seen.

    Attributes:
        source: as it was chosen: a path or a `demo:` name.
        name: what a person calls it.
        kind: how its pictures belong together.
        count: how many pictures it offers.
        pictures: some of them, from beginning to end: uint8 (N, 64, 64, 3).
        keys: what each of those is called.
    """

    source: str
    name: str
    kind: DataKind
    count: int
    pictures: np.ndarray
    keys: tuple[str, ...]


def datasets(offered: Sequence[DatasetSpec]) -> tuple[DatasetSpec, ...]:
    """The data that comes with Ganvas, then what plugins offer."""
    from studio.data.sources import BUILT_IN

    return (*BUILT_IN, *offered)


def look(
    source: str,
    offered: Sequence[DatasetSpec],
    *,
    most: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Look:
    """Opens data and decodes up to `most` of its pictures.

    Raises:
        StudioError: there is no such data, or nothing in it can be read.
        Cancelled: `cancelled` said so.
    """
    from studio.data.cache import Cancelled
    from studio.data.sources import open_source

    opened = open_source(source, datasets(offered))
    chosen = sorted({round(place) for place in np.linspace(0, len(opened) - 1, min(most, len(opened)))})
    pictures: list[np.ndarray] = []
    keys: list[str] = []
    reason = ""
    for done, index in enumerate(chosen):
        if cancelled():
            raise Cancelled
        progress(done, len(chosen))
        try:
            pictures.append(opened.picture(index, SIDE))
            keys.append(opened.key(index))
        except StudioError as error:
            reason = error.message
    if not pictures:
        raise StudioError(f"Not one picture in {opened.name} can be read.", reason)
    return Look(source, opened.name, opened.kind, len(opened), np.stack(pictures), tuple(keys))


def check(
    source: str,
    offered: Sequence[DatasetSpec],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Report:
    """Decodes every picture of data once, and names each file that cannot be used.

    Raises:
        StudioError: there is no such data.
        Cancelled: `cancelled` said so.
    """
    from studio.data.inspect import inspect
    from studio.data.sources import open_source

    return inspect(open_source(source, datasets(offered)), progress, cancelled)
