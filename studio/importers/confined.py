"""Reads a foreign file in a child process, which may run out of memory or time without anybody being hurt."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

from studio.api.data import DataInfo, DataKind
from studio.api.errors import StudioError
from studio.importers.child import MODEL, REFUSAL, TRIPPED
from studio.importers.errors import DAMAGED, ForeignFileError

TIME_LIMIT = 300.0

Arrays = Mapping[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class ForeignModel:
    """A model that somebody else made.

    Attributes:
        model: the id of the model of ours that it is; empty where the file has tensors by name and no more, and the
            person must say which.
        hyperparameters: those that the file settles.
        networks: float32 arrays by name, a network of the model's each; of a file of tensors by name, those under each
            of the file's own keys.
        labels: what a conditional model's classes are called: their numbers, as the file does not say.
        source: the file's name; `sha256` its hash.
        description: what it is, in a few words.
        notes: what a person should know about it, sentences.
        kind: of the data it was trained on; None where only the labels tell.
    """

    model: str
    hyperparameters: Mapping[str, Any]
    networks: Mapping[str, Arrays]
    labels: tuple[str, ...]
    source: str
    sha256: str
    description: str
    notes: tuple[str, ...] = ()
    kind: DataKind | None = None

    @property
    def tensors(self) -> int:
        """How many arrays there are."""
        return sum(len(arrays) for arrays in self.networks.values())

    @property
    def info(self) -> DataInfo:
        """What it tells of the data that it was trained on."""
        kind = DataKind.LABELLED if self.labels else DataKind.UNLABELLED
        return DataInfo(self.kind or kind, 0, int(self.hyperparameters["resolution"]), labels=self.labels)


def read_foreign(path: Path, *, time_limit: float = TIME_LIMIT) -> ForeignModel:
    """The model in a file of any kind that Ganvas reads (docs/practitioners/importing.md). Nothing in it is executed.

    Args:
        path: the file.
        time_limit: seconds after which reading is given up.

    Raises:
        ForeignFileError: it is damaged, hostile, or of a kind that Ganvas does not read.
        StudioError: there is no such file.
    """
    if not path.is_file():
        raise StudioError(f"There is no file {path}.", "Give a model file.")
    with tempfile.TemporaryDirectory(prefix="ganvas-import-") as place:
        folder = Path(place)
        _run(path.resolve(), folder, time_limit)
        return _outcome(path, folder)


def _run(path: Path, folder: Path, time_limit: float) -> None:
    command = [sys.executable, "-P", "-m", "studio.importers.child", str(path), str(folder)]
    try:
        result = subprocess.run(command, capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        raise ForeignFileError(f"{path.name} was not read after {time_limit:g} seconds.", DAMAGED) from None
    if result.returncode == TRIPPED:
        raise ForeignFileError(
            f"{path.name} was about to have something executed, and reading it was stopped.",
            "Do not use it. Nothing in it was executed.",
        )
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else f"exit code {result.returncode}"
        raise ForeignFileError(f"{path.name} cannot be read: the process that read it ended ({reason}).", DAMAGED)


def _outcome(path: Path, folder: Path) -> ForeignModel:
    if (folder / REFUSAL).exists():
        message, remedy = json.loads((folder / REFUSAL).read_text("utf-8"))
        raise ForeignFileError(message.replace("The file", path.name, 1), remedy)
    about = _about(folder / MODEL)
    networks: dict[str, dict[str, np.ndarray[Any, Any]]] = {name: {} for name in about["networks"]}
    for key, array in load_file(folder / MODEL).items():
        index, _, name = key.partition(":")
        networks[about["networks"][int(index)]][name] = array
    return ForeignModel(
        model=about["model"],
        hyperparameters=about["hyperparameters"],
        networks=networks,
        labels=tuple(str(index) for index in range(about["classes"])),
        source=path.name,
        sha256=about["sha256"],
        description=about["description"],
        notes=tuple(about["notes"]),
    )


def _about(path: Path) -> dict[str, Any]:
    with safe_open(path, "numpy") as file:
        about: dict[str, Any] = json.loads(file.metadata()["about"])
    return about
