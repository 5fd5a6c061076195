"""Finds a run's directions: those that were found before, or by long work on the device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.edit.direction_files import store, stored
from studio.edit.direction_search import DirectionSearch
from studio.edit.directions import Directions, Through

if TYPE_CHECKING:
    from studio.api.canvas import Progress
    from studio.gui.canvases.host import CanvasHost

FOLDER = "directions"


class DirectionFinder(QObject):
    """Looks for the directions of the weights that are shown now.

    Attributes:
        busy: whether it looks for some.

    Signals:
        progressed(done, total): how many seeds it has looked at.
        found(directions): a `Directions`.
        failed(message): there are none, in a sentence.
    """

    progressed = Signal(int, int)
    found = Signal(object)
    failed = Signal(str)

    def __init__(self, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._through: Through = "w" if host.facts.num_ws else "z"
        self._step = 0
        self._label: int | None = None
        self._work = host.undertaking("directions")
        self._work.progressed.connect(lambda progress: self.progressed.emit(progress.done, progress.total))
        self._work.finished.connect(self._take)
        self._work.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether it looks for some."""
        return self._work.busy

    def find(self, label: int | None, *, anew: bool = False) -> None:
        """Finds the directions of a class, for models that have classes; with `anew` whatever was found before."""
        self._step, self._label = self._host.step, label
        folder = self._folder
        if anew or folder is None:
            self._search()
            return
        step = self._step
        self._host.studio.jobs.run(
            self, lambda: stored(folder, step, label), self._take_stored, lambda _error: self._search()
        )

    def cancel(self) -> None:
        """Leaves it; no signal follows."""
        self._work.cancel()

    def keep(self, directions: Directions, label: int | None) -> None:
        """Keeps directions with the names they have, for the next time they are wanted."""
        folder = self._folder
        if folder is not None:
            self._host.studio.jobs.run(self, lambda: store(folder, directions, label), lambda _none: None, self._tell)

    @property
    def _folder(self) -> Path | None:
        return None if self._host.keeps is None else self._host.keeps / FOLDER

    def _take_stored(self, directions: Directions | None) -> None:
        if directions is None or directions.through != self._through:
            self._search()
        else:
            self.found.emit(directions)

    def _search(self) -> None:
        self._work.begin(DirectionSearch(self._through, self._label))

    def _take(self, progress: Progress) -> None:
        values = progress.values
        directions = Directions.of(values["vectors"], values["shares"], self._through, self._step)
        self.keep(directions, self._label)
        self.found.emit(directions)

    def _tell(self, error: Exception) -> None:
        self._host.studio.notify("The directions could not be kept for the next time.", str(error), level="warn")
