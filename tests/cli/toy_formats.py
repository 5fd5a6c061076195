"""What the toy formats do."""

from __future__ import annotations

from pathlib import Path

import torch

from studio.api import GanModel, StudioError


def write_text(model: GanModel, path: Path) -> None:
    """One line: the model's resolution, the sum of its averaged weights, and the file's name."""
    total = sum(float(tensor.sum()) for tensor in model.ema["G"].state_dict().values())
    path.write_text(f"{model.data.resolution} {total:.6f} {path.name} {torch.is_inference_mode_enabled()}")


def write_half(model: GanModel, path: Path) -> None:
    """Fails in the middle."""
    path.write_text("half")
    raise ValueError("the pen broke\nand the ink ran out")


def write_nothing(model: GanModel, path: Path) -> None:
    """Forgets to."""


def refuse(model: GanModel, path: Path) -> None:
    """Wants another model."""
    raise StudioError("Toys are beneath this format.", "Train something else.")
