"""Runs made of the files that plugins read: these only read; whether it fits is seen here, and the run written here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.api.data import DataInfo
from studio.api.files import ImportedModel
from studio.engine.atomic import disk_errors
from studio.engine.imported import keep_as_run
from studio.engine.plugin_calls import imported, plugin_failures

if TYPE_CHECKING:
    from studio.api.files import ImporterSpec
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run, RunStore


def readers_of(path: Path, host: PluginHost) -> list[ImporterSpec]:
    """The importers that look at files with such an ending."""
    return [spec for spec in host.importers() if path.name.lower().endswith(spec.suffixes)]


def read_with(spec: ImporterSpec, host: PluginHost, path: Path, home: Path) -> ImportedModel:
    """What a plugin reads in a file.

    Raises:
        StudioError: it refuses the file, fails, or answers with something else than a model.
    """
    plugin = host.offering(spec)
    reader = imported(spec.reader, plugin, spec.title, home)
    with plugin_failures(plugin, f"it read {path.name}", home):
        found = reader(path)
        _check(found)
    assert isinstance(found, ImportedModel)
    return found


def keep_read(store: RunStore, host: PluginHost, found: ImportedModel, path: Path) -> Run:
    """Makes a run of what a plugin read; see `keep_as_run`.

    Raises:
        StudioError: there is no such model, or what was read does not fit it.
    """
    return keep_as_run(
        store,
        host,
        found.model,
        found.hyperparameters,
        found.data,
        found.networks,
        source=path.name,
        sha256=_sha256(path),
        step=found.step,
    )


def _check(found: object) -> None:
    """Sees that a reader kept to its contract.

    Raises:
        TypeError: it did not.
    """
    if not isinstance(found, ImportedModel):
        raise TypeError(f"its reader gave a {type(found).__name__} where an ImportedModel is expected")
    if not isinstance(found.data, DataInfo):
        raise TypeError(f"its data is a {type(found.data).__name__} where a DataInfo is expected")
    for name, arrays in found.networks.items():
        if not isinstance(arrays, Mapping):
            raise TypeError(f"its network {name} is a {type(arrays).__name__} where arrays by name are expected")
        for key, array in arrays.items():
            if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
                raise TypeError(f"{name}.{key} is a {type(array).__name__} where a NumPy array of numbers is expected")


def _sha256(path: Path) -> str:
    with disk_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
