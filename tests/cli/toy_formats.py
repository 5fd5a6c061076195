"""What the toy formats do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import torch

from studio.api import DataInfo, DataKind, GanModel, ImportedModel, StudioError


def write_arrays(model: GanModel, path: Path) -> None:
    """The averaged G, and beside it what is needed to make the model again."""
    about = {"hyperparameters": model.hp.model_dump(), "data": dataclasses.asdict(model.data)}
    weights = {key: tensor.numpy() for key, tensor in model.ema["G"].state_dict().items()}
    with path.open("wb") as file:
        np.savez(file, about=np.array(json.dumps(about)), **weights)


def read_arrays(path: Path) -> ImportedModel:
    """What `write_arrays` wrote."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except ValueError as error:
        raise StudioError(f"{path.name} has no toys in it.", "Give another.") from error
    about = json.loads(str(arrays.pop("about")))
    about["data"].update(kind=DataKind(about["data"]["kind"]))
    return ImportedModel(
        "toy", about["hyperparameters"], DataInfo(**about["data"]), {"G": arrays}, 12, ("Made by hand.",)
    )


def refuse_to_read(path: Path) -> ImportedModel:
    """Reads nothing."""
    raise StudioError(f"{path.name} is not for the shy.", "Ask another.")


def read_and_fail(path: Path) -> ImportedModel:
    """Fails."""
    raise RuntimeError("the glasses broke")


def read_something_else(path: Path) -> dict[str, int]:
    """Answers with what is no model."""
    return {}


def read_lists(path: Path) -> ImportedModel:
    """Answers with lists where arrays belong."""
    return ImportedModel("toy", {}, DataInfo(DataKind.UNLABELLED, 1, 8), {"G": {"0.weight": [0.0]}})  # type: ignore[dict-item]


def read_a_misfit(path: Path) -> ImportedModel:
    """Answers with too little."""
    few = {"0.weight": np.zeros((16, 4), np.float32)}
    return ImportedModel("toy", {"resolution": 8}, DataInfo(DataKind.UNLABELLED, 1, 8), {"G": few})


def write_text(model: GanModel, path: Path) -> None:
    """One line: the model's resolution, the sum of its averaged weights, and the file's name."""
    total = sum(float(tensor.sum()) for tensor in model.ema["G"].state_dict().values())
    path.write_text(f"{model.data.resolution} {total:.6f} {path.name} {torch.is_inference_mode_enabled()}")


def write_half(model: GanModel, path: Path) -> None:
    """Fails in the middle."""
    path.write_text("half")
    raise ValueError("the pen broke\nand the ink ran out")


def write_elsewhere(model: GanModel, path: Path) -> None:
    """Leaves the name to NumPy, which puts an ending of its own behind it."""
    np.savez(path, nothing=np.zeros(1))


def write_nothing(model: GanModel, path: Path) -> None:
    """Forgets to."""


def refuse(model: GanModel, path: Path) -> None:
    """Wants another model."""
    raise StudioError("Toys are beneath this format.", "Train something else.")
