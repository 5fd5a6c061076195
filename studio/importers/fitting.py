"""Which of a model's networks the tensors of a plain file are, and with which hyperparameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from studio.api.data import DataInfo
from studio.api.hyperparameters import Hyperparameters
from studio.api.model import ModelSpec
from studio.importers.confined import Arrays, ForeignModel
from studio.importers.errors import ForeignFileError

Shapes = Mapping[str, Mapping[str, tuple[int, ...]]]

AVERAGED = ("ema", "avg", "average")  # what keys of averaged networks have in them


def fitted(
    foreign: ForeignModel,
    spec: ModelSpec,
    given: Mapping[str, Any],
    averaged: Sequence[str],
    shapes: Callable[[Hyperparameters, DataInfo], Shapes],
) -> ForeignModel:
    """The file as a model of `spec`.

    Tried are the hyperparameters `given` over the model's defaults and over each of its presets. A network is found by
    its names and shapes, under any key of the file or behind its own name and a dot.

    Args:
        foreign: a file of tensors by name.
        spec: the model that the person named.
        given: hyperparameters that the person gave.
        averaged: the networks without which there are no pictures; D may be missing.
        shapes: the shapes of each network's tensors by name, for hyperparameters and data.

    Raises:
        ForeignFileError: they fit with none; names the first tensor that does not, where they come nearest.
        StudioError: a hyperparameter is out of bounds.
    """
    misfits = []
    for hp in _candidates(spec, given):
        found = dataclasses.replace(foreign, model=spec.id, hyperparameters=hp.model_dump(), kind=spec.data)
        wanted = shapes(hp, found.info)
        networks = {name: arrays for name in wanted if (arrays := _network(foreign.networks, name, wanted[name]))}
        if all(name in networks or name == "D" for name in averaged):
            return dataclasses.replace(found, networks=networks)
        misfits += [
            _misfit(foreign.networks, name, wanted[name]) for name in averaged if name not in networks and name != "D"
        ]
    nearest = min(misfits, key=lambda misfit: misfit[0])
    raise ForeignFileError(
        f"{foreign.source} does not fit {spec.title}, neither with its defaults nor with its presets: {nearest[1]}.",
        "Say how it was made: --set resolution=256, and so on. `ganvas models show ID` lists what can be set.",
    )


def _candidates(spec: ModelSpec, given: Mapping[str, Any]) -> Iterator[Hyperparameters]:
    for values in ({}, *(preset.values for preset in spec.presets.values())):
        yield spec.hyperparameters.build({**values, **given}.items())


def _network(groups: Mapping[str, Arrays], name: str, wanted: Mapping[str, tuple[int, ...]]) -> Arrays | None:
    """The tensors of a network: an averaged copy rather than another."""
    fits = [
        (any(word in key.lower() for word in AVERAGED), key == name, tensors)
        for key, tensors in _offered(groups, name)
        if not _wrong(tensors, wanted)
    ]
    return max(fits, key=lambda fit: fit[:2])[2] if fits else None


def _misfit(
    groups: Mapping[str, Arrays], name: str, wanted: Mapping[str, tuple[int, ...]]
) -> tuple[tuple[int, int], str]:
    """How far from a network the file is where it comes nearest, and the first tensor that does not fit, in words."""
    tensors = min((offered for _, offered in _offered(groups, name)), key=lambda some: _distance(some, wanted))
    first = _wrong(tensors, wanted)[0]
    if first not in tensors:
        told = "is missing"
    elif first not in wanted:
        told = "is of no use"
    else:
        told = f"is {tensors[first].shape} and should be {wanted[first]}"
    return _distance(tensors, wanted), f"{name}.{first} {told}"


def _distance(tensors: Arrays, wanted: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
    """The more names a file shares with a network the nearer it is; then, the fewer of its tensors are wrong."""
    return -len(tensors.keys() & wanted.keys()), len(_wrong(tensors, wanted))


def _offered(groups: Mapping[str, Arrays], name: str) -> Iterator[tuple[str, Arrays]]:
    """What may be a network of that name, with the file's key: all that is under the key, and what is behind a dot."""
    start = f"{name}."
    for key, arrays in groups.items():
        yield key, arrays
        yield key, {tensor[len(start) :]: array for tensor, array in arrays.items() if tensor.startswith(start)}


def _wrong(tensors: Arrays, wanted: Mapping[str, tuple[int, ...]]) -> list[str]:
    """The names of the tensors that are missing, of another shape, or of no use, in this order."""
    known = [tensor for tensor, shape in wanted.items() if tensor not in tensors or tensors[tensor].shape != shape]
    return known + [tensor for tensor in tensors if tensor not in wanted]
