"""A run as its newest pictures and a few words: what lists of runs show. Read off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.engine.events import RunState
from studio.gui import words

if TYPE_CHECKING:
    from studio.api import ModelSpec
    from studio.engine.runs import Run, RunStore

STATUS = {
    RunState.IDLE: ("not started", "none"),
    RunState.PREPARING: ("preparing", "info"),
    RunState.TRAINING: ("training", "good"),
    RunState.PAUSED: ("paused", "warn"),
    RunState.STOPPING: ("stopping", "warn"),
    RunState.STOPPED: ("stopped", "none"),
    RunState.FINISHED: ("finished", "good"),
    RunState.FAILED: ("failed", "bad"),
    RunState.INTERRUPTED: ("interrupted", "warn"),
}


@dataclass(frozen=True)
class RunCard:
    """What a list shows of a run.

    Attributes:
        folder, name: where it is and what its folder is called.
        model, data: titles for people.
        status: its state on disk.
        step, steps: generator updates done and planned.
        created: ISO 8601.
        pictures: its newest samples, uint8 (N, H, W, 3); none where there are none yet.
        owned: whether another process trains it.
    """

    folder: str
    name: str
    model: str
    data: str
    status: RunState
    step: int
    steps: int
    created: str
    pictures: np.ndarray
    owned: bool = False

    @property
    def title(self) -> str:
        """Model and time: `GAN (DCGAN), today 01:12`."""
        return f"{self.model}, {words.moment(self.created)}"

    @property
    def words(self) -> str:
        """Data, status and step: `Icons · finished · 1,200 steps`."""
        return " · ".join(filter(None, (self.data, self.status_words, words.counted(self.step, "step"))))

    @property
    def status_words(self) -> str:
        """Its status: `finished`."""
        return STATUS[self.status][0]

    @property
    def resumable(self) -> bool:
        """Whether it can be gone on with."""
        return not self.owned and self.status in (RunState.STOPPED, RunState.FAILED, RunState.INTERRUPTED)


def run_cards(
    store: RunStore, models: Mapping[str, ModelSpec], pictures: int, most: int | None = None
) -> list[RunCard]:
    """The newest runs, newest first, with up to `pictures` samples each."""
    return [card(run, models, pictures) for run in store.runs()[:most]]


def card(run: Run, models: Mapping[str, ModelSpec], pictures: int) -> RunCard:
    """One run."""
    record = run.record
    spec = models.get(record.model)
    return RunCard(
        folder=str(run.folder),
        name=run.name,
        model=spec.title if spec else record.model,
        data=words.data_name(record.data),
        status=record.status,
        step=record.step,
        steps=record.steps,
        created=record.created,
        pictures=newest_samples(run, pictures),
        owned=run.owned_by_another(),
    )


def newest_samples(run: Run, count: int) -> np.ndarray:
    """Up to `count` of a run's newest samples, uint8 (N, H, W, 3); none where they cannot be read."""
    from PIL import Image

    from studio.engine.pictures import GAP, tiles

    resolution = run.record.hyperparameters.get("resolution", 0)
    nothing = np.empty((0, 1, 1, 3), np.uint8)
    for _step, path in reversed(run.samples()):
        try:
            with Image.open(path, formats=("PNG",)) as image:
                sheet = np.asarray(image.convert("RGB"))
        except OSError:
            continue
        if 0 < resolution <= min(sheet.shape[:2]):
            rows, columns = ((side + GAP) // (resolution + GAP) for side in sheet.shape[:2])
            return _without_empty(tiles(sheet, resolution, min(count, rows * columns)))
    return nothing


def _without_empty(pictures: np.ndarray) -> np.ndarray:
    """A sheet's last row may be short: what is all white there is no picture."""
    keep = [index for index, picture in enumerate(pictures) if picture.min() < 255]
    return pictures[keep]
