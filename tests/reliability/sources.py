"""A few pictures of noise on disk, for every kind of data that a model may need."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import DataKind

PICTURES = 7
SIDE = 32
LABELS = ("first", "second", "third")
BOXES = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.25, 0.4, 0.5), (0.1, 0.5, 0.4, 0.4))


def make_source(kind: DataKind, folder: Path) -> Path:
    """A folder of that kind. Seven pictures: no batch size divides them, so that batches straddle epochs."""
    match kind:
        case DataKind.UNLABELLED:
            _pictures(folder, range(PICTURES))
        case DataKind.LABELLED:
            for place, label in enumerate(LABELS):
                _pictures(folder / label, range(place * PICTURES, (place + 1) * PICTURES))
        case DataKind.PAIRED | DataKind.UNPAIRED:
            _pictures(folder / "A", range(PICTURES))
            _pictures(folder / "B", range(PICTURES, 2 * PICTURES), names=range(PICTURES))
        case DataKind.LAYOUT:
            _pictures(folder, range(PICTURES))
            _layouts(folder)
        case _:
            pytest.skip(f"there is no source of {kind} data to try it with")
    return folder


def _pictures(folder: Path, seeds: range, names: Iterable[int] | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in zip(names or seeds, seeds, strict=True):
        noise = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
        Image.fromarray(noise).save(folder / f"{name}.png")


def _layouts(folder: Path) -> None:
    objects = [{"label": label, "box": box} for label, box in zip(LABELS, BOXES, strict=True)]
    for path in sorted(folder.glob("*.png")):
        path.with_suffix(".json").write_text(json.dumps({"size": [SIDE, SIDE], "objects": objects}))
