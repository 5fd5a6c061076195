"""The checkpoints that a run has kept, each with pictures of about its step. Read off the GUI thread."""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.api.errors import StudioError
from studio.gui import words
from studio.gui.training.sample_history import read_grid

if TYPE_CHECKING:
    from studio.engine.checkpoints import Checkpoint

PICTURES = 4


@dataclass(frozen=True)
class Kept:
    """One checkpoint of a run.

    Attributes:
        folder: the run's folder.
        step: generator updates done.
        pinned: whether it is kept for good.
        saved: ISO 8601; `size` in bytes.
        pictures: samples, uint8 (N, H, W, 3); none where there are none.
        pictures_step: the step that they were drawn at.
        score: what it scored, `KID-lite0 0.0123, the best`; empty where nobody has measured it.
        best: whether it is the best of those that were measured.
    """

    folder: str
    step: int
    pinned: bool
    saved: str
    size: int
    pictures: np.ndarray
    pictures_step: int = 0
    score: str = ""
    best: bool = False

    @property
    def name(self) -> tuple[str, int, str, int]:
        """What tells it and its pictures from others."""
        return self.folder, self.step, self.saved, self.pictures_step

    @property
    def about(self) -> str:
        """Step, time and size, its score, and what its pictures are: a line each for a tooltip."""
        told = [f"Step {words.count(self.step)}, {words.moment(self.saved)}, {self.size / 1e6:,.1f} MB"]
        if self.score:
            told.append(self.score)
        if len(self.pictures) and self.pictures_step != self.step:
            told.append(f"Pictures of step {words.count(self.pictures_step)}")
        return "\n".join(told)


def kept_by(folder: str) -> list[Kept]:
    """The checkpoints of the run in `folder`, newest first.

    Raises:
        StudioError: there is no run there.
    """
    from studio.engine.runs import Run

    run = Run.load(Path(folder))
    samples = run.samples()
    resolution = int(run.record.hyperparameters.get("resolution", 0))
    found = []
    checkpoints, sheet = run.checkpoints.all(), run.scores.read()
    best = sheet.best([checkpoint.step for checkpoint in checkpoints])
    for checkpoint in reversed(checkpoints):
        with contextlib.suppress(OSError):  # let go of since it was listed
            step, path = min(samples, key=lambda one: abs(one[0] - checkpoint.step), default=(0, None))
            kept = _kept(folder, checkpoint, step, _pictures(path, resolution))
            found.append(replace(kept, score=sheet.told(kept.step, best), best=kept.step == best))
    return found


def _kept(folder: str, checkpoint: Checkpoint, pictures_step: int, pictures: np.ndarray) -> Kept:
    file = checkpoint.path.stat()
    saved = datetime.datetime.fromtimestamp(file.st_mtime, datetime.UTC).isoformat()
    return Kept(folder, checkpoint.step, checkpoint.pinned, saved, file.st_size, pictures, pictures_step)


def _pictures(path: Path | None, resolution: int) -> np.ndarray:
    nothing = np.empty((0, 1, 1, 3), np.uint8)
    if path is None or resolution < 1:
        return nothing
    try:
        return read_grid(path, resolution)[:PICTURES]
    except StudioError:
        return nothing
