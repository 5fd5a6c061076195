"""State dicts: tensors by name, one network's or several networks' beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from studio.importers.arrays import Array
from studio.importers.errors import ForeignFileError
from studio.importers.found import Found

MAX_DEPTH = 3
PARALLEL = "module."  # what torch's DataParallel puts in front of every name


def read_plain(value: Any) -> Found:
    """The tensors of each state dict in the file, under the key that it has there; empty for the file itself.

    Raises:
        ForeignFileError: there are none.
    """
    networks = {key: _bare(arrays) for key, arrays in _state_dicts("", value, 0).items()}
    if not networks:
        raise ForeignFileError(
            "The file holds no weights that Ganvas knows.", "Give a pickle of NVIDIA's, or a file with a state_dict."
        )
    return Found("", {}, networks, description="tensors by name")


def _state_dicts(key: str, value: Any, depth: int) -> dict[str, dict[str, Array]]:
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return {}
    found = {}
    arrays = {name: array for name, array in value.items() if isinstance(name, str) and isinstance(array, np.ndarray)}
    if arrays:
        found[key] = arrays
    for name, inner in value.items():
        if isinstance(name, str):
            found |= _state_dicts(f"{key}.{name}" if key else name, inner, depth + 1)
    return found


def _bare(arrays: Mapping[str, Array]) -> dict[str, Array]:
    parallel = all(name.startswith(PARALLEL) for name in arrays)
    return {name.removeprefix(PARALLEL) if parallel else name: array for name, array in arrays.items()}
