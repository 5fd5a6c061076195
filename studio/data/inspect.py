"""Looks through a source: what is in it, and every file that cannot be used, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from studio.api.data import DataKind, PictureSource
from studio.api.errors import StudioError
from studio.data.cache import Cancelled
from studio.data.dataset import Skipped

TRIAL_RESOLUTION = 32


@dataclass(frozen=True)
class Report:
    """What a source holds.

    Attributes:
        name: what a person calls it.
        kind: how its pictures belong together.
        count: pictures that can be read.
        width, height: their most common size.
        labels: class names.
        skipped: what cannot be read, and why.
    """

    name: str
    kind: DataKind
    count: int
    width: int
    height: int
    labels: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        return {
            "name": self.name,
            "kind": str(self.kind),
            "count": self.count,
            "width": self.width,
            "height": self.height,
            "labels": list(self.labels),
            "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in self.skipped],
        }


def inspect(
    source: PictureSource,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Decodes every picture once, in two threads, and says what came of it.

    Raises:
        Cancelled: `cancelled` said so.
    """

    def attempt(index: int) -> tuple[int, int] | str:
        try:
            source.picture(index, TRIAL_RESOLUTION)
            return source.size(index)
        except StudioError as error:
            return error.message

    sizes: Counter[tuple[int, int]] = Counter()
    skipped: list[Skipped] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for index, found in enumerate(pool.map(attempt, range(len(source)))):
            if cancelled and cancelled():
                pool.shutdown(cancel_futures=True)
                raise Cancelled
            if isinstance(found, str):
                skipped.append(Skipped(source.key(index), found))
            else:
                sizes[found] += 1
            if progress:
                progress(index + 1, len(source))
    width, height = sizes.most_common(1)[0][0] if sizes else (0, 0)
    return Report(source.name, source.kind, sizes.total(), width, height, source.labels, tuple(skipped))
