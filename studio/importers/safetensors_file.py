"""Safetensors files: a length, a JSON header of names, types, shapes and places, and the numbers.

Read here and not with the library, because that reads headers of any length (one of 47 MB takes 18 seconds and 926 MB)
and has no bfloat16 for NumPy.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

from studio.importers.arrays import Array, naturals, storage
from studio.importers.cursor import Cursor
from studio.importers.errors import ForeignFileError, damaged, too_much

MAX_HEADER = 4 * 2**20
METADATA = "__metadata__"

_LENGTH = struct.Struct("<Q")
_TYPES = {
    "F64": "DoubleStorage",
    "F32": "FloatStorage",
    "F16": "HalfStorage",
    "BF16": "BFloat16Storage",
    "I64": "LongStorage",
    "I32": "IntStorage",
    "I16": "ShortStorage",
    "I8": "CharStorage",
    "U8": "ByteStorage",
    "BOOL": "BoolStorage",
}


def read_safetensors(data: memoryview) -> dict[str, Array]:
    """The arrays by name, as views of the file.

    Raises:
        ForeignFileError: it is damaged, or holds other numbers than NumPy has.
    """
    cursor = Cursor(data)
    length = cursor.number(_LENGTH)
    if length > MAX_HEADER:
        raise too_much(f"its table of contents has {length:,} bytes")
    header = _header(cursor.take(length))
    body = data[cursor.at :]
    places: list[tuple[int, int]] = []
    arrays = {}
    for name, entry in header.items():
        if name != METADATA:
            arrays[name], place = _array(entry, body)
            places.append(place)
    _check_places(places, len(body))
    return arrays


def _header(data: memoryview) -> dict[str, Any]:
    try:
        header = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise damaged("its table of contents is no JSON") from error
    if not isinstance(header, dict):
        raise damaged("its table of contents is none")
    return header


def _array(entry: Any, body: memoryview) -> tuple[Array, tuple[int, int]]:
    if not isinstance(entry, dict):
        raise damaged("its table of contents is none")
    kind, offsets = entry.get("dtype"), naturals(entry.get("data_offsets"))
    if not isinstance(kind, str) or kind not in _TYPES:
        raise ForeignFileError(f"The file holds numbers of a type that Ganvas does not know, {kind}.", "Save float32.")
    shape = naturals(entry.get("shape"))
    if len(offsets) != 2 or not offsets[0] <= offsets[1] <= len(body):
        raise damaged("a tensor lies outside of it")
    part = body[offsets[0] : offsets[1]]
    count = 1
    for length in shape:
        count *= length
    numbers = storage(_TYPES[kind], count, part).numbers
    if len(part) != count * (np.dtype("<u2").itemsize if kind == "BF16" else numbers.itemsize):
        raise damaged("a tensor is longer or shorter than it says")
    return numbers.reshape(shape), (offsets[0], offsets[1])


def _check_places(places: list[tuple[int, int]], size: int) -> None:
    end = 0
    for start, stop in sorted(places):
        if start != end:
            raise damaged("its tensors overlap, or leave holes")
        end = stop
    if end != size:
        raise damaged("it is longer or shorter than it says")
