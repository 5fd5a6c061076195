"""Looks through a source: what is in it, and every file that cannot be used, with the reason."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.api.data import DataKind, PictureSource, SidedSource, Source
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
        count: pictures that can be read; pairs, where paired; those of the first domain, where unpaired.
        width, height: their most common size.
        labels: class or object names.
        skipped: what cannot be used, and why.
        domains: how many pictures can be read of each side, by its name, where there are two.
    """

    name: str
    kind: DataKind
    count: int
    width: int
    height: int
    labels: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    domains: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        return {
            "name": self.name,
            "kind": str(self.kind),
            "count": self.count,
            "width": self.width,
            "height": self.height,
            "labels": list(self.labels),
            "domains": dict(self.domains),
            "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in self.skipped],
        }


def inspect(
    source: Source,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Decodes every picture once, small, and says what came of it.

    Raises:
        Cancelled: `cancelled` said so.
    """
    sides = source.sides if isinstance(source, SidedSource) else (source,)
    trial = _Trial(sum(len(side) for side in sides), Paced(progress), cancelled)
    found = [trial.read(side) for side in sides]
    sizes = sum((Counter(result for result in results if not isinstance(result, str)) for results in found), Counter())
    width, height = sizes.most_common(1)[0][0] if sizes else (0, 0)
    skipped = list(left_out_of(source))
    for side, results in zip(sides, found, strict=True):
        bad = (Skipped(side.key(index), result) for index, result in enumerate(results) if isinstance(result, str))
        skipped += [one for one in bad if one not in skipped]
    readable = [[not isinstance(result, str) for result in results] for results in found]
    return Report(
        source.name,
        source.kind,
        sum(map(all, zip(*readable, strict=True))) if source.kind is DataKind.PAIRED else sum(readable[0]),
        width,
        height,
        () if isinstance(source, SidedSource) else source.labels,
        tuple(skipped),
        dict(zip(source.domains, map(sum, readable), strict=True)) if isinstance(source, SidedSource) else {},
    )


@dataclass
class _Trial:
    total: int
    tell: Paced
    cancelled: Callable[[], bool] | None
    done: int = 0

    def read(self, source: PictureSource) -> list[tuple[int, int] | str]:
        """The size of every picture, or the reason why it cannot be read."""

        def size(index: int) -> tuple[int, int]:
            source.picture(index, TRIAL_RESOLUTION)
            return source.size(index)

        results: list[tuple[int, int] | str] = []
        with contextlib.closing(in_order(size, len(source))) as found:
            for result in found:
                if self.cancelled and self.cancelled():
                    raise Cancelled
                results.append(result)
                self.done += 1
                self.tell(self.done, self.total)
        return results
