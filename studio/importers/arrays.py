"""NumPy's and torch's pickled numbers as arrays that are views of the file.

Every offset, size and stride is checked against the bytes that are there before an array is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from studio.importers.errors import ForeignFileError, damaged, too_much

MAX_AXES = 32
BFLOAT16 = "bfloat16"

Array = np.ndarray[Any, np.dtype[Any]]

_NUMPY_CODES = frozenset(
    f"{kind}{size}" for kind, sizes in {"f": "248", "i": "1248", "u": "1248"}.items() for size in sizes
)
_STORAGE_TYPES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "BFloat16Storage": BFLOAT16,
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "|b1",
}
STORAGE_TYPES = frozenset(_STORAGE_TYPES)


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """What torch's tensors are views of: numbers in a row."""

    numbers: Array


def storage_bytes(name: str, count: int) -> int:
    """How many bytes `count` numbers take in a storage of torch's type `name`."""
    kind = _STORAGE_TYPES[name]
    return count * (2 if kind == BFLOAT16 else np.dtype(kind).itemsize)


def storage(name: str, count: int, data: memoryview) -> Storage:
    """A storage of torch's type `name` with `count` numbers, which must be in `data`."""
    size = storage_bytes(name, count)
    if count < 0 or size > len(data):
        raise damaged("a tensor's storage is shorter than it says")
    kind = _STORAGE_TYPES[name]
    if kind == BFLOAT16:
        # The upper half of a float32: NumPy has no such type.
        halves = np.frombuffer(data[:size], "<u2").astype("<u4")
        return Storage((halves << 16).view("<f4"))
    if kind == "|b1":
        return Storage(np.frombuffer(data[:size], "u1") != 0)
    return Storage(np.frombuffer(data[:size], kind))


def tensor(source: Any, offset: Any, size: Any, stride: Any) -> Array:
    """A view of a storage, as torch's `_rebuild_tensor_v2` has it.

    Strides of 0 repeat numbers: a tensor may not have more numbers than its storage, so that none grows in memory.

    Raises:
        ForeignFileError: it reaches outside of its storage, or repeats it.
    """
    if not isinstance(source, Storage):
        raise damaged("a tensor has no storage")
    shape, strides = naturals(size), naturals(stride)
    (start,) = naturals((offset,))
    if len(shape) != len(strides):
        raise damaged("a tensor's size and stride do not go together")
    numbers = source.numbers
    count = prod(shape)
    if count > len(numbers):
        raise too_much(f"a tensor of {count:,} numbers is made of {len(numbers):,}")
    last = start + sum((length - 1) * step for length, step in zip(shape, strides, strict=True)) if count else start
    if last >= len(numbers) + (not count):
        raise damaged("a tensor reaches outside of its storage")
    if not count:
        return np.empty(shape, numbers.dtype)
    each = numbers.itemsize
    # An axis of length 1 is never stepped along, and its stride may be anything.
    steps = [step * each if length > 1 else each for length, step in zip(shape, strides, strict=True)]
    return np.lib.stride_tricks.as_strided(numbers[start:], shape, steps, writeable=False)


def naturals(values: Any) -> tuple[int, ...]:
    """Whole numbers from 0 up, as sizes and strides are.

    Raises:
        ForeignFileError: there are others, or too many.
    """
    if not isinstance(values, tuple | list) or len(values) > MAX_AXES:
        raise damaged("a size in it is none")
    for value in values:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 40:
            raise damaged("a size in it is none")
    return tuple(values)


def numpy_dtype(code: Any, state: Any) -> np.dtype[Any]:
    """The dtype that NumPy pickles as `code`, such as `f4`, and a state whose second part is the order of bytes."""
    order = state[1] if isinstance(state, tuple) and len(state) > 1 else "="
    if code == "b1":
        return np.dtype(bool)
    if not isinstance(code, str) or code not in _NUMPY_CODES or order not in ("<", ">", "|", "="):
        raise ForeignFileError("The file holds an array of what are no numbers.", "Ganvas does not open it.")
    return np.dtype(code).newbyteorder(">" if order == ">" else "<")


def numpy_array(data: Any, dtype: Any, shape: Any, *, columns_first: bool) -> Array:
    """NumPy's array of raw bytes."""
    if not isinstance(dtype, np.dtype) or not isinstance(data, bytes | memoryview):
        raise damaged("an array has no numbers")
    sizes = naturals(shape)
    if prod(sizes) * dtype.itemsize != len(data):
        raise damaged("an array is longer or shorter than it says")
    return _native(np.frombuffer(data, dtype).reshape(sizes, order="F" if columns_first else "C"))


def numpy_scalar(dtype: Any, data: Any) -> int | float | bool:
    """NumPy's scalar as Python's."""
    number: int | float | bool = numpy_array(data, dtype, (1,), columns_first=False).item()
    return number


def _native(array: Array) -> Array:
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
