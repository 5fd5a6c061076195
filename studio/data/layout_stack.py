"""Pictures in files, with what is where in each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

from studio.api.data import DataKind, PlacedObject
from studio.api.errors import StudioError
from studio.data.decode import Part
from studio.data.file_stack import FileStack
from studio.data.files import Files, is_picture_name, left_out, readable
from studio.data.layout_files import Layout
from studio.data.skipped import Skipped

MOST_BYTES = 1_000_000
LAYOUT_ENDING = ".json"
REMEDY = "Put a layout beside each picture, a.json beside a.png; or COCO's instances JSON."


class LayoutStack(FileStack):
    """Pictures that are stretched to squares, and their objects."""

    def __init__(
        self,
        files: Files,
        layouts: Mapping[PurePosixPath, tuple[PlacedObject, ...]],
        labels: Sequence[str],
        left_out: Sequence[Skipped] = (),
    ) -> None:
        """Takes the pictures without opening one.

        Args:
            files: where they are.
            layouts: what is where, by picture.
            labels: the names of objects, by label index.
            left_out: files that are not used.

        Raises:
            StudioError: there are none.
        """
        super().__init__(files, list(layouts), Part.STRETCHED)
        self._layouts = list(layouts.values())
        self._labels = tuple(labels)
        self._skipped = tuple(left_out)

    @property
    def kind(self) -> DataKind:
        """Layout."""
        return DataKind.LAYOUT

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of objects."""
        return self._labels

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """Files that are not used."""
        return self._skipped

    @cached_property
    def fingerprint(self) -> str:
        """Of the pictures, the boxes and the labels."""
        told = json.dumps([self._labels, [[(one.label, one.box) for one in layout] for layout in self._layouts]])
        return hashlib.sha256(f"{super().fingerprint} {told}".encode()).hexdigest()

    def objects(self, index: int) -> tuple[PlacedObject, ...]:
        """What is where in picture `index`."""
        return self._layouts[index]


def has_layouts(files: Files) -> bool:
    """Whether any picture has a JSON of its name beside it."""
    paths = frozenset(files.paths)
    return any(is_picture_name(path) and path.with_suffix(LAYOUT_ENDING) in paths for path in paths)


def with_layouts(files: Files) -> LayoutStack:
    """Pictures with a layout of the same name beside each. One that is damaged is left out with its picture.

    Raises:
        StudioError: no picture has one.
    """
    paths = frozenset(files.paths)
    read: dict[PurePosixPath, Layout] = {}
    skipped: list[Skipped] = []
    for path in filter(is_picture_name, files.paths):
        beside = path.with_suffix(LAYOUT_ENDING)
        try:
            if beside not in paths:
                raise StudioError("There is no layout beside it.")
            read[path] = Layout.parse(read_bytes(files, beside, MOST_BYTES), readable(beside))
        except StudioError as error:
            skipped.append(Skipped(readable(path), error.message))
    if not read:
        first = f" {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        raise StudioError(f"No picture in {files.title} has a layout.{first}", REMEDY)
    labels = sorted({one.label for layout in read.values() for one in layout.objects})
    index = {label: position for position, label in enumerate(labels)}
    layouts = {
        path: tuple(PlacedObject(index[one.label], one.box) for one in layout.objects) for path, layout in read.items()
    }
    return LayoutStack(files, layouts, labels, (*_others(files, read), *skipped))


def read_bytes(files: Files, path: PurePosixPath, most: int) -> bytes:
    """A file's bytes.

    Raises:
        StudioError: it cannot be read, or holds more than `most`.
    """
    opened = files.open(path)
    try:
        with opened.open("rb") if isinstance(opened, Path) else opened as file:
            found = file.read(most + 1)
    except OSError as error:
        raise StudioError(f"{readable(path)} cannot be read: {error.strerror}.") from error
    if len(found) > most:
        raise StudioError(f"{readable(path)} has more than {most / 1e6:,.0f} MB.")
    return found


def _others(files: Files, read: Mapping[PurePosixPath, Layout]) -> tuple[Skipped, ...]:
    """What is neither a picture nor the layout of one."""
    return left_out(files, [path.with_suffix(LAYOUT_ENDING) for path in read])
