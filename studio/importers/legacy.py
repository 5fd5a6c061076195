"""Torch's file format before version 1.6: pickles in a row, and the storages behind them.

The pickles are a magic number, a protocol number, the machine, the object, and the storages' keys; then, in the order
of the keys, each storage as a count of 64 bits and its bytes (torch/serialization.py: _legacy_save). Tensors inside
other pickles, such as NVIDIA's, are each a small file of this kind.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

from studio.importers.arrays import STORAGE_TYPES, Storage, naturals, storage, storage_bytes
from studio.importers.cursor import Cursor
from studio.importers.errors import ForeignFileError, damaged
from studio.importers.machine import read_pickle
from studio.importers.values import Persistent, Ref, children

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001

_COUNT = struct.Struct("<q")


class StorageKey(NamedTuple):
    """What a persistent id says of a storage: its name, type, length in numbers, and the stretch that is meant."""

    name: str
    kind: str
    length: int
    stretch: tuple[int, int] | None = None


class LegacyFile:
    """One such file.

    Attributes:
        value: the object in it, inert; `storage` finds what it refers to.
    """

    def __init__(self, data: memoryview) -> None:
        magic, at = read_pickle(data)
        protocol, at = read_pickle(data, at)
        machine, at = read_pickle(data, at)
        if magic != MAGIC or protocol != PROTOCOL:
            raise damaged("it is no file of torch's")
        if not isinstance(machine, dict) or machine.get("little_endian") is not True:
            raise ForeignFileError("The file was written on a big-endian machine.", "Save it again on another.")
        self.value, at = read_pickle(data, at)
        names, at = read_pickle(data, at)
        self._storages = _storages(Cursor(data, at), names, _keys(self.value))

    def storage(self, key: Any) -> Storage:
        """The storage that a persistent id means."""
        asked = parse_key(key)
        kind, found = self._storages.get(asked.name, ("", None))
        if found is None or kind != asked.kind or len(found.numbers) != asked.length:
            raise damaged("a storage is missing, or of two kinds")
        if asked.stretch is None:
            return found
        first, length = asked.stretch
        return Storage(found.numbers[first : first + length])


def parse_key(key: Any) -> StorageKey:
    """What a persistent id says.

    Raises:
        ForeignFileError: it is another thing than a storage.
    """
    if not isinstance(key, tuple) or not 5 <= len(key) <= 6 or key[0] != "storage":
        raise ForeignFileError("The file refers to something outside of it that is no tensor.", "It is not opened.")
    kind, name, count = key[1], key[2], key[4]
    if not isinstance(kind, Ref) or kind.module not in ("torch", "torch.cuda") or kind.name not in STORAGE_TYPES:
        raise ForeignFileError("The file holds a tensor of a type that Ganvas does not know.", "Save it in float32.")
    if not isinstance(name, str):
        raise damaged("a storage has no name")
    (number,) = naturals((count,))
    return StorageKey(name, kind.name, number, _stretch(key[5]) if len(key) == 6 and key[5] is not None else None)


def _stretch(view: Any) -> tuple[int, int]:
    if not isinstance(view, tuple) or len(view) != 3:
        raise damaged("a stretch of a storage is none")
    first, length = naturals(view[1:])
    return first, length


def _keys(inert: Any) -> dict[str, StorageKey]:
    """Every storage that the object refers to: only that says of what type each is."""
    found: dict[str, StorageKey] = {}
    waiting, seen = [inert], set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Persistent):
            key = parse_key(value.key)
            found.setdefault(key.name, key)
        waiting.extend(children(value))
    return found


def _storages(cursor: Cursor, names: Any, keys: dict[str, StorageKey]) -> dict[str, tuple[str, Storage]]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise damaged("it does not say which storages it holds")
    found = {}
    for name in names:
        if name not in keys:
            raise damaged("a storage in it is never used")
        key = keys[name]
        if cursor.number(_COUNT) != key.length:
            raise damaged("a storage is longer or shorter than it says")
        data = cursor.take(storage_bytes(key.kind, key.length))
        found[name] = (key.kind, storage(key.kind, key.length, data))
    return found
