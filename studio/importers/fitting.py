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
        ForeignFileError: they fit with none.
        StudioError: a hyperparameter is out of bounds.
    """
    for hp in _candidates(spec, given):
        found = dataclasses.replace(foreign, model=spec.id, hyperparameters=hp.model_dump(), kind=spec.data)
        wanted = shapes(hp, found.info)
        networks = {name: arrays for name in wanted if (arrays := _network(foreign.networks, name, wanted[name]))}
        if all(name in networks or name == "D" for name in averaged):
            return dataclasses.replace(found, networks=networks)
    raise ForeignFileError(
        f"{foreign.source} does not fit {spec.title}: names or shapes differ, with its defaults and its presets.",
        "Say how it was made: --set resolution=256, and so on. `ganvas models show ID` lists what can be set.",
    )


def _candidates(spec: ModelSpec, given: Mapping[str, Any]) -> Iterator[Hyperparameters]:
    for values in ({}, *(preset.values for preset in spec.presets.values())):
        yield spec.hyperparameters.build({**values, **given}.items())


def _network(groups: Mapping[str, Arrays], name: str, wanted: Mapping[str, tuple[int, ...]]) -> Arrays | None:
    """The tensors of a network: an averaged copy rather than another."""
    fits = []
    for key, arrays in groups.items():
        start = f"{name}."
        behind = {key[len(start) :]: array for key, array in arrays.items() if key.startswith(start)}
        for tensors in (arrays, behind):
            if {tensor: array.shape for tensor, array in tensors.items()} == dict(wanted):
                fits.append((any(word in key.lower() for word in AVERAGED), key == name, tensors))
    return max(fits, key=lambda fit: fit[:2])[2] if fits else None
