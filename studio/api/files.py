"""What an importer or an exporter of model files declares, and what an importer reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.api.data import DataInfo

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class ImportedModel:
    """What a model file holds. The studio checks that everything fits, and makes a run of it.

    Attributes:
        model: the id of the model that these are the networks of.
        hyperparameters: those that the file settles; the others have their defaults.
        data: what the model may know of the data that it was trained on; its resolution is that of the model.
        networks: the state dicts, buffers included, of each of the model's `ema_networks` by its name (`G`), and of any
            other of its networks. Without `D` the run cannot judge pictures. Floats of any width that NumPy has.
        step: generator updates that it was trained for, where known.
        notes: what a person should know of it, sentences.
    """

    model: str
    hyperparameters: Mapping[str, Any]
    data: DataInfo
    networks: Mapping[str, Mapping[str, np.ndarray]]
    step: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImporterSpec:
    """A reader of others' model files. It runs as the person does, with all their rights, in a process that trains
    nothing.

    Attributes:
        id: unique among importers.
        title: what the person reads.
        suffixes: the file endings it looks at, in lower case with the dot. What the studio itself can read is never
            handed to it, whatever it is called.
        reader: `module:callable` taking a `Path` and returning an `ImportedModel`. Raise `StudioError` where the file
            is not of its kind, or is damaged.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    reader: str


@dataclass(frozen=True)
class ExporterSpec:
    """A writer of a run's networks in another format.

    Attributes:
        id: what is typed after `--format`; not `safetensors` or `onnx`, which the studio writes itself.
        title: what the person reads.
        suffix: the file ending it writes, in lower case with the dot.
        writer: `module:callable` taking the `GanModel`, on the CPU with its averaged networks in `ema`, and the `Path`
            to write. The path has the name that the person chose, in a folder for this file alone; what is written
            there takes its place when the writer has returned. Raise `StudioError` for what a person can mend: a
            model without the capability that the format needs, for instance.
    """

    id: str
    title: str
    suffix: str
    writer: str
