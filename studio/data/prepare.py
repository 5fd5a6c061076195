"""From a source of any kind to a data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.api.data import DataInfo, DataKind, LayoutSource, PictureSource, PlacedObject, SidedSource, Source
from studio.api.errors import StudioError
from studio.data.cache import Stack, decoded
from studio.data.dataset import Chosen, Dataset, Objects, Pictures
from studio.data.progress import Progress
from studio.data.skipped import Skipped, left_out_of


def prepare(
    source: Source,
    resolution: int,
    cache_dir: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """The source at one resolution, decoded, from the cache where it is in it.

    Raises:
        StudioError: not one picture or pair can be read, or the disk is full.
        Cancelled: `cancelled` said so; nothing is left behind.
    """
    if isinstance(source, SidedSource):
        return _two_sides(source, _Decoding(resolution, cache_dir, progress, cancelled))
    return _one_stack(source, decoded(source, resolution, cache_dir, progress, cancelled), resolution)


@dataclass(frozen=True)
class _Decoding:
    resolution: int
    cache_dir: Path
    progress: Progress | None
    cancelled: Callable[[], bool] | None

    def both(self, sides: tuple[PictureSource, PictureSource]) -> tuple[Stack, Stack]:
        """Two stacks, telling how far both are together."""
        total = len(sides[0]) + len(sides[1])
        return self._one(sides[0], 0, total), self._one(sides[1], len(sides[0]), total)

    def _one(self, source: PictureSource, before: int, total: int) -> Stack:
        def tell(done: int, _total: int) -> None:
            if self.progress:
                self.progress(before + done, total)

        return decoded(source, self.resolution, self.cache_dir, tell, self.cancelled)


def _one_stack(source: PictureSource, stack: Stack, resolution: int) -> Dataset:
    objects = _objects([source.objects(index) for index in stack.kept]) if isinstance(source, LayoutSource) else None
    info = DataInfo(
        source.kind,
        len(stack.pictures),
        resolution,
        labels=source.labels,
        objects=objects.present.shape[1] if objects else 0,
    )
    labels = stack.labels if source.labels and objects is None else None
    skipped = (*left_out_of(source), *stack.skipped)
    return Dataset(info, source.fingerprint, stack.pictures, labels=labels, objects=objects, skipped=skipped)


def _two_sides(source: SidedSource, decoding: _Decoding) -> Dataset:
    a, b = decoding.both(source.sides)
    pictures: Pictures = a.pictures
    pictures_b: Pictures = b.pictures
    if source.kind is DataKind.PAIRED:
        pictures, pictures_b = _partners(source, a, b)
    info = DataInfo(source.kind, len(pictures), decoding.resolution, domains=source.domains)
    skipped = (*left_out_of(source), *_once(a.skipped, b.skipped))
    return Dataset(info, source.fingerprint, pictures, pictures_b, skipped=skipped)


def _partners(source: SidedSource, a: Stack, b: Stack) -> tuple[Pictures, Pictures]:
    """The pictures of each side whose partner could be read too."""
    both = np.intersect1d(a.kept, b.kept, assume_unique=True)
    if not len(both):
        raise StudioError(f"Not one pair in {source.name} can be read whole.", "Choose other pictures.")
    return _rows(a, both), _rows(b, both)


def _rows(stack: Stack, wanted: np.ndarray) -> Pictures:
    if len(wanted) == len(stack.kept):
        return stack.pictures
    return Chosen(stack.pictures, np.searchsorted(stack.kept, wanted))


def _once(first: tuple[Skipped, ...], second: tuple[Skipped, ...]) -> tuple[Skipped, ...]:
    """Both, without what they share: where a file holds both sides it is damaged on both."""
    return (*first, *(one for one in second if one not in first))


def _objects(layouts: list[tuple[PlacedObject, ...]]) -> Objects:
    most = max(len(layout) for layout in layouts)
    labels = np.zeros((len(layouts), most), np.int64)
    boxes = np.zeros((len(layouts), most, 4), np.float32)
    present = np.zeros((len(layouts), most), np.bool_)
    for row, layout in enumerate(layouts):
        labels[row, : len(layout)] = [one.label for one in layout]
        boxes[row, : len(layout)] = [one.box for one in layout]
        present[row, : len(layout)] = True
    return Objects(labels, boxes, present)
