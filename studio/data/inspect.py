"""Looks through a source: what is in it, and every file that cannot be used, with the reason."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.api.data import DataKind, PictureSource
from studio.data.cache import Cancelled
from studio.data.parallel import in_order
from studio.data.progress import Paced, Progress
from studio.data.skipped import Skipped, left_out_of

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
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Decodes every picture once, small, and says what came of it.

    Raises:
        Cancelled: `cancelled` said so.
    """

    def size(index: int) -> tuple[int, int]:
        source.picture(index, TRIAL_RESOLUTION)
        return source.size(index)

    tell = Paced(progress)
    sizes: Counter[tuple[int, int]] = Counter()
    skipped = list(left_out_of(source))
    with contextlib.closing(in_order(size, len(source))) as found:
        for index, result in enumerate(found):
            if cancelled and cancelled():
                raise Cancelled
            if isinstance(result, str):
                skipped.append(Skipped(source.key(index), result))
            else:
                sizes[result] += 1
            tell(index + 1, len(source))
    width, height = sizes.most_common(1)[0][0] if sizes else (0, 0)
    return Report(source.name, source.kind, sizes.total(), width, height, source.labels, tuple(skipped))
