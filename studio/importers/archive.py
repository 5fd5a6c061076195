"""Torch's file format since version 1.6: an uncompressed zip with `data.pkl` and a member for each storage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from studio.api.errors import StudioError
from studio.data.zipped import ZipFiles
from studio.importers.arrays import Storage, storage
from studio.importers.errors import DAMAGED, ForeignFileError, damaged
from studio.importers.legacy import parse_key
from studio.importers.machine import read_pickle

T = TypeVar("T")


class TorchArchive:
    """One such file, checked as every zip is: nothing in it overlaps, climbs out or unpacks to a multiple of itself.

    Attributes:
        value: the object in it, inert; `storage` finds what it refers to.
    """

    def __init__(self, path: Path) -> None:
        self._files = _mended(lambda: ZipFiles(path))
        self._members = frozenset(self._files.paths)
        roots = [member.parent for member in self._members if member.name == "data.pkl"]
        if len(roots) != 1:
            raise ForeignFileError(f"{path.name} is a zip, but not one that torch wrote.", DAMAGED)
        self._root = roots[0]
        if self._root / "constants.pkl" in self._members:
            raise ForeignFileError(
                f"{path.name} is a TorchScript program, not weights.", "Ask its makers for a state_dict."
            )
        order = self._root / "byteorder"
        if order in self._members and bytes(self._read(order)) != b"little":
            raise ForeignFileError("The file was written on a big-endian machine.", "Save it again on another.")
        self.value, _ = read_pickle(self._read(self._root / "data.pkl"))
        self._found: dict[str, tuple[str, Storage]] = {}

    def storage(self, key: Any) -> Storage:
        """The storage that a persistent id means."""
        asked = parse_key(key)
        if asked.stretch is not None or not asked.name.isalnum():
            raise damaged("a storage has no name")
        if asked.name not in self._found:
            data = self._read(self._root / "data" / asked.name) if asked.length else memoryview(b"")
            self._found[asked.name] = asked.kind, storage(asked.kind, asked.length, data)
        kind, found = self._found[asked.name]
        if kind != asked.kind or len(found.numbers) != asked.length:
            raise damaged("a storage is of two kinds")
        return found

    def _read(self, member: PurePosixPath) -> memoryview:
        if member not in self._members:
            raise damaged(f"{member.name} is missing in it")
        return _mended(lambda: memoryview(self._files.open(member).read()))


def _mended(read: Callable[[], T]) -> T:
    """What is said of zips of pictures does not help with models: keeps the reason, gives another remedy."""
    try:
        return read()
    except StudioError as error:
        raise ForeignFileError(error.message, DAMAGED) from error
