"""Data that plugins offer by name, looked at as it is read: what is wrong with a picture is said, as of a file."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from studio.api.data import DataKind, DatasetSpec, LayoutSource, PictureSource, PlacedObject, SidedSource, Source
from studio.api.errors import StudioError
from studio.data.skipped import Skipped, left_out_of
from studio.data.two_sides import TwoSides

T = TypeVar("T")

TWO_SIDED = (DataKind.PAIRED, DataKind.UNPAIRED)
ROUNDING = 1e-6


def open_offered(spec: DatasetSpec) -> Source:
    """The source that a plugin's data set names. Whatever is wrong with one of its pictures leaves that picture out.

    Raises:
        StudioError: it cannot be opened, or is not what its spec says; a bug of its own is the cause.
    """
    module, _, name = spec.source.partition(":")
    try:
        source = getattr(importlib.import_module(module), name)()
    except StudioError:
        raise
    except (Exception, SystemExit) as error:
        raise _broken(spec, f"cannot be opened: {_told(error)}") from error
    expected = SidedSource if spec.kind in TWO_SIDED else _one_stack(spec.kind)
    if not isinstance(source, expected):
        raise _broken(spec, f"is a {type(source).__name__}, and {expected.__name__} is needed")
    if source.kind is not spec.kind:
        raise _broken(spec, f"is announced as {spec.kind} and is {source.kind}")
    if isinstance(source, SidedSource):
        return _both_sides(spec, source)
    if source.kind is DataKind.LABELLED and not source.labels:
        raise _broken(spec, "is labelled and names no labels")
    return _checked(spec, source)


class OfferedPictures:
    """Pictures of a plugin: a wrong one, or one that raises, is a `StudioError` with the reason."""

    def __init__(self, spec: DatasetSpec, source: PictureSource) -> None:
        self._source = source
        self._labels = tuple(source.labels)
        # Two plugins may count their versions alike, and the cache is one.
        self._fingerprint = hashlib.sha256(f"{spec.id} {source.fingerprint}".encode()).hexdigest()

    @property
    def name(self) -> str:
        """What the plugin calls it."""
        return self._source.name

    @property
    def kind(self) -> DataKind:
        """How its pictures belong together."""
        return self._source.kind

    @property
    def fingerprint(self) -> str:
        """Of the plugin's, and of whose it is."""
        return self._fingerprint

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names by index."""
        return self._labels

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """What the plugin leaves out itself."""
        return left_out_of(self._source)

    def __len__(self) -> int:
        return len(self._source)

    def key(self, index: int) -> str:
        """What the plugin calls picture `index`."""
        return str(self._source.key(index))

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """Picture `index` as uint8 (resolution, resolution, 3), where all that belongs to it is in order."""
        picture = _asked(lambda: self._source.picture(index, resolution))
        wanted = (resolution, resolution, 3)
        if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8 or picture.shape != wanted:
            raise StudioError(f"Its plugin gives {_described(picture)}, and uint8 of {wanted} is needed.")
        self._check_meaning(index)
        return picture

    def size(self, index: int) -> tuple[int, int]:
        """Width and height of the original of picture `index`."""
        width, height = _asked(lambda: self._source.size(index))
        return int(width), int(height)

    def label(self, index: int) -> int:
        """The label index of picture `index`."""
        return int(self._source.label(index))

    def _check_meaning(self, index: int) -> None:
        if self._labels:
            self._check_label(_asked(lambda: self.label(index)))

    def _check_label(self, label: int) -> None:
        if not 0 <= label < len(self._labels):
            raise StudioError(f"Its plugin gives it label {label}, and labels are 0 to {len(self._labels) - 1}.")


class OfferedLayouts(OfferedPictures):
    """Pictures of a plugin with what is where in them."""

    def __init__(self, spec: DatasetSpec, source: LayoutSource) -> None:
        super().__init__(spec, source)
        self._layouts = source

    def objects(self, index: int) -> tuple[PlacedObject, ...]:
        """What is where in picture `index`."""
        return tuple(self._layouts.objects(index))

    def _check_meaning(self, index: int) -> None:
        placed = _asked(lambda: self.objects(index))
        if not placed:
            raise StudioError("Its plugin places no object in it.")
        for one in placed:
            self._check_label(one.label)
            x, y, width, height = one.box
            if min(x, y) < -ROUNDING or min(width, height) <= 0 or max(x + width, y + height) > 1 + ROUNDING:
                raise StudioError(f"Its plugin places a box outside of it: {one.box}, as fractions.")


def _one_stack(kind: DataKind) -> type[Any]:
    return LayoutSource if kind is DataKind.LAYOUT else PictureSource


def _checked(spec: DatasetSpec, source: PictureSource) -> PictureSource:
    return OfferedLayouts(spec, source) if isinstance(source, LayoutSource) else OfferedPictures(spec, source)


def _both_sides(spec: DatasetSpec, source: SidedSource) -> TwoSides:
    a, b = source.sides
    if source.kind is DataKind.PAIRED and len(a) != len(b):
        raise _broken(spec, f"has {len(a):,} pictures on one side and {len(b):,} on the other")
    if a.fingerprint == b.fingerprint:
        raise _broken(spec, "gives both of its sides the same fingerprint")
    first, second = source.domains
    sides = _checked(spec, a), _checked(spec, b)
    return TwoSides(source.name, source.kind, (first, second), sides, left_out_of(source))


def _asked(question: Callable[[], T]) -> T:
    """The plugin's answer; what it raises is a reason to leave the picture out."""
    try:
        return question()
    except StudioError:
        raise
    except Exception as error:
        raise StudioError(f"Its plugin cannot give it: {_told(error)}.") from error


def _broken(spec: DatasetSpec, what: str) -> StudioError:
    return StudioError(f"The data {spec.id} {what}.", "Update the plugin that offers it, or tell its makers.")


def _told(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:300]}".rstrip(": .")


def _described(picture: object) -> str:
    if not isinstance(picture, np.ndarray):
        return f"a {type(picture).__name__}"
    return f"{picture.dtype} of {picture.shape}"
