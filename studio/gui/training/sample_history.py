"""The sample grids that a run has kept, read in the background, the newest wish first."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError
from PySide6.QtCore import QObject, Signal

from studio.api.errors import StudioError
from studio.engine.pictures import GAP, tiles

if TYPE_CHECKING:
    from studio.engine.runs import Run
    from studio.gui.jobs import Jobs

KEPT = 64


class SampleHistory(QObject):
    """What one run has kept, a grid at a time. Grids read lately are remembered.

    Signals:
        listed(steps): which steps there are, in order.
        loaded(step, pictures): a grid that was wished for: uint8 (N, H, W, 3).
        failed(error): a `StudioError`: a grid cannot be read.
    """

    listed = Signal(object)
    loaded = Signal(int, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._run = run
        self._resolution = int(run.record.hyperparameters["resolution"])
        self._paths: dict[int, Path] = {}
        self._sheets: OrderedDict[int, np.ndarray] = OrderedDict()
        self._wanted: int | None = None
        self._loading = False
        self._listing = False
        self._closed = False

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self._run.folder

    def refresh(self) -> None:
        """Looks again at what has been kept; `listed` follows."""
        if not self._listing:
            self._listing = True
            self._jobs.run(self, self._run.samples, self._take_listing, lambda _error: self._take_listing([]))

    def load(self, step: int) -> None:
        """Wishes for a kept grid. Of wishes that wait only the newest is granted."""
        if step in self._sheets:
            self._wanted = None
            self._sheets.move_to_end(step)
            self.loaded.emit(step, self._sheets[step])
            return
        self._wanted = step
        if not self._loading:
            self._begin()

    def newest(self) -> int | None:
        """The newest kept step; None where there is none."""
        return max(self._paths, default=None)

    def forget(self) -> None:
        """Drops the wish that waits."""
        self._wanted = None

    def close(self) -> None:
        """Says nothing more."""
        self._closed = True
        self._wanted = None

    def _begin(self) -> None:
        step = self._wanted
        if step is None or step not in self._paths:
            return
        self._loading = True
        path, resolution = self._paths[step], self._resolution
        self._jobs.run(self, lambda: read_grid(path, resolution), lambda grid: self._take(step, grid), self._give_up)

    def _take(self, step: int, pictures: np.ndarray) -> None:
        self._loading = False
        self._sheets[step] = pictures
        while len(self._sheets) > KEPT:
            self._sheets.popitem(last=False)
        if self._closed:
            return
        if self._wanted == step:
            self._wanted = None
            self.loaded.emit(step, pictures)
        self._begin()

    def _give_up(self, error: Exception) -> None:
        self._loading = False
        self._wanted = None
        if not self._closed:
            self.failed.emit(error)

    def _take_listing(self, found: list[tuple[int, Path]]) -> None:
        self._listing = False
        if not self._closed:
            self._paths = dict(found)
            self.listed.emit([step for step, _ in found])


def read_grid(path: Path, resolution: int) -> np.ndarray:
    """The pictures (N, H, W, 3) of a kept grid, the empty places at its end left out.

    Raises:
        StudioError: it cannot be read, or has another shape.
    """
    try:
        with Image.open(path, formats=("PNG",)) as file:
            sheet = np.asarray(file.convert("RGB"))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StudioError(f"{path.name} cannot be read: {error}.", "The other steps can.") from error
    rows, columns = ((side + GAP) // (resolution + GAP) for side in sheet.shape[:2])
    if rows * columns == 0:
        raise StudioError(f"{path.name} is no grid of {resolution} px pictures.", "The other steps may be.")
    pictures = tiles(sheet, resolution, rows * columns)
    there = [index for index, picture in enumerate(pictures) if index < rows * columns - columns or picture.min() < 255]
    return pictures[: there[-1] + 1] if there else pictures
