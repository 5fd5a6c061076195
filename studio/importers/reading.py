"""From a file of any kind to what is in it: dicts, lists, scalars and arrays."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

from studio.importers.archive import TorchArchive
from studio.importers.errors import DAMAGED, ForeignFileError
from studio.importers.legacy import MAGIC, LegacyFile
from studio.importers.machine import read_pickle
from studio.importers.meaning import Interpreter
from studio.importers.mistaken import ENOUGH, mistaken
from studio.importers.safetensors_file import read_safetensors

_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF"
_GZIP = b"\x1f\x8b"
_MAGIC_PICKLE = b"\x80\x02\x8a\x0a" + MAGIC.to_bytes(10, "little")


def read_file(path: Path) -> Any:
    """What a model file says, with arrays that are views of it.

    Raises:
        ForeignFileError: it cannot be read, is damaged, or asks for more than numbers.
    """
    data = _mapped(path)
    head = bytes(data[:ENOUGH])
    if head.startswith(_ZIP):
        archive = TorchArchive(path)
        return Interpreter(archive.storage).value(archive.value)
    if head[8:9] == b"{":
        return read_safetensors(data)
    if head.startswith(_MAGIC_PICKLE):
        file = LegacyFile(data)
        return Interpreter(file.storage).value(file.value)
    if head.startswith((_HDF5, _GZIP)):
        raise ForeignFileError(
            f"{path.name} is no pickle, no torch file and no safetensors file.", "Unpack or convert it first."
        )
    if (refusal := mistaken(path.name, head)) is not None:
        raise refusal
    inert, _ = read_pickle(data)
    return Interpreter().value(inert)


def _mapped(path: Path) -> memoryview:
    """The file's bytes, read when they are looked at."""
    try:
        with path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except ValueError:
        raise ForeignFileError(f"{path.name} is empty.", DAMAGED) from None
    except OSError as error:
        raise ForeignFileError(f"{path.name} cannot be read.", "Check that it is there and may be opened.") from error
