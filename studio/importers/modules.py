"""NVIDIA's pickled networks as tensors by name, and as facts about each of their parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.importers.arrays import Array
from studio.importers.errors import ForeignFileError, damaged, too_much
from studio.importers.found import unfit
from studio.importers.meaning import Persisted

MAX_PARTS = 5_000
MAX_DEPTH = 20
FILTER = "resample_filter"
TAPS = (1, 3, 3, 1)

_TREE = ("_parameters", "_buffers", "_modules")


@dataclass(frozen=True)
class Network:
    """A network of NVIDIA's.

    Attributes:
        class_name: what its authors call it.
        source: the text of the module it was made by.
        parts: each part's class name, and its attributes that are numbers, texts or sizes, by its dotted path.
        tensors: parameters and buffers by dotted name, as `state_dict` has them.
    """

    class_name: str
    source: str
    parts: Mapping[str, tuple[str, Mapping[str, Any]]]
    tensors: Mapping[str, Array]

    def fact(self, path: str, name: str) -> Any:
        """An attribute of a part.

        Raises:
            ForeignFileError: the part is not there, or has no such attribute.
        """
        if path not in self.parts or name not in self.parts[path][1]:
            raise unfit(f"its {'.'.join(part for part in (path, name) if part)} is missing")
        return self.parts[path][1][name]

    def number(self, path: str, name: str) -> int:
        """An attribute that is a whole number from 0 up."""
        value = self.fact(path, name)
        if not isinstance(value, int) or value < 0:
            raise unfit(f"its {name} is {value!r:.40}")
        return value

    def expect(self, name: str, *allowed: Any, besides: str = "") -> None:
        """Sees that wherever there is an attribute of this name it has one of these values, but in parts called
        `besides`.

        Raises:
            ForeignFileError: it has another somewhere.
        """
        for path, (_, facts) in self.parts.items():
            if path.rpartition(".")[2] == besides and besides:
                continue
            if name in facts and facts[name] not in allowed:
                raise unfit(f"{name} is {facts[name]!r:.40} in {path or 'the network'}")

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor."""
        if name not in self.tensors:
            raise unfit(f"its {name} is missing")
        return tuple(self.tensors[name].shape)

    def without_filters(self) -> dict[str, Array]:
        """The tensors without the resampling filters, which are constants of ours.

        Raises:
            ForeignFileError: a filter is another than [1, 3, 3, 1].
        """
        wanted = np.outer(TAPS, TAPS) / np.sum(TAPS) ** 2
        kept = {}
        for name, array in self.tensors.items():
            if name.rpartition(".")[2] != FILTER:
                kept[name] = array
            elif array.shape != wanted.shape or not np.allclose(array, wanted, atol=1e-6):
                raise unfit(f"{name} is not [1, 3, 3, 1]")
        return kept


def network(value: Any, known: Collection[str]) -> Network:
    """The network in a pickled object of NVIDIA's, made of parts whose classes are all `known`.

    Raises:
        ForeignFileError: it is none, or has a part of a class that is not known, as forks do.
    """
    if not isinstance(value, Persisted):
        raise ForeignFileError("The file holds no network that Ganvas knows.", "Give the pickle that training wrote.")
    parts: dict[str, tuple[str, dict[str, Any]]] = {}
    tensors: dict[str, Array] = {}
    for path, part in _walk("", value, 0):
        if len(parts) >= MAX_PARTS:
            raise too_much("a network has too many parts")
        if part.class_name not in known:
            raise unfit(f"it has a {part.class_name[:60]}, as some forks of NVIDIA's code do")
        parts[path] = part.class_name, {key: fact for key, fact in part.state.items() if key not in _TREE}
        tensors.update(_tensors(path, part))
    return Network(value.class_name, value.source, parts, tensors)


def _walk(path: str, part: Persisted, depth: int) -> Iterator[tuple[str, Persisted]]:
    yield path, part
    if depth > MAX_DEPTH:
        raise too_much("a network is nested too deeply")
    for name, inner in _table(part, "_modules").items():
        if inner is None:
            continue
        if not isinstance(inner, Persisted):
            raise damaged("a part of a network is none")
        yield from _walk(f"{path}.{name}" if path else name, inner, depth + 1)


def _tensors(path: str, part: Persisted) -> dict[str, Array]:
    found = {}
    for table in ("_parameters", "_buffers"):
        for name, array in _table(part, table).items():
            if array is None:
                continue
            if not isinstance(array, np.ndarray):
                raise damaged("a weight of a network is none")
            found[f"{path}.{name}" if path else name] = array
    return found


def _table(part: Persisted, name: str) -> dict[str, Any]:
    table = part.state.get(name)
    if not isinstance(table, dict) or not all(isinstance(key, str) for key in table):
        raise damaged("a part of a network is none")
    return table
