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
        pictures: some of them, from beginning to end: uint8 (N, 64, 64, 3), or (N, 64, 128, 3) side by side.
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
    from studio.data.examples import Example, count_of, examples
    from studio.data.sources import open_source

    opened = open_source(source, datasets(offered))
    found: list[Example] = []
    reason = ""

    def go_on(done: int, total: int) -> None:
        if cancelled():
            raise Cancelled
        progress(done, total)

    for one in examples(opened, most, SIDE, go_on):
        if isinstance(one, Example):
            found.append(one)
        else:
            reason = one.message
    if not found:
        raise StudioError(f"Not one picture in {opened.name} can be read.", reason)
    pictures = np.stack([one.picture for one in found])
    return Look(source, opened.name, opened.kind, count_of(opened), pictures, tuple(one.key for one in found))


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
