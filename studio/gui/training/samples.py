"""The fixed-seed samples of a run: the newest as they come, and how they looked before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.gui.training.sample_history import SampleHistory
from studio.gui.training.scrubber import Scrubber
from studio.gui.widgets.basics import DimLabel, SectionLabel
from studio.gui.widgets.picture_grid import PictureGrid
from studio.gui.words import count

if TYPE_CHECKING:
    from studio.engine.events import SamplesReady
    from studio.engine.runs import Run
    from studio.gui.jobs import Jobs

COLUMNS = 6
CELL = 56
RESERVE = 48
EMPTY = "Pictures of the same seeds appear here again and again, so that you see the model learn."
HINT = "Drag to look back. Click a picture to play with it."
HINT_OF_PICTURES = "Always the same examples, beside what the model makes of them."


class SamplesPanel(QWidget):
    """A grid of the run's samples and a scrubber over its history.

    Attributes:
        grid: the pictures.
        scrubber: which step they are from; at its right end they follow the run.

    Signals:
        seed_wanted(seed): a person clicked the picture of this seed.
        play_wanted(): a person clicked a picture that no seed decides.
        failed(error): a `StudioError` for people: a kept grid cannot be read, or a picture not be written.
    """

    seed_wanted = Signal(int)
    play_wanted = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._history: SampleHistory | None = None
        self._seed: int | None = 0
        self._live: tuple[int, np.ndarray] | None = None
        self.grid = PictureGrid(cell=CELL, columns=COLUMNS, reserve=RESERVE)
        self.grid.setAccessibleName("Samples")
        self.scrubber = Scrubber()
        self._title = SectionLabel("Samples")
        self._step = DimLabel()
        self._step.setWordWrap(False)
        self._hint = DimLabel(EMPTY)
        self._lay_out()
        self.grid.clicked.connect(self._play_with)
        self.scrubber.chosen.connect(self._look_back)
        self.scrubber.live_chosen.connect(self._look_at_newest)

    def clear(self) -> None:
        """Shows no run."""
        self._leave_run()
        self._title.setText("Samples")
        self._hint.setText(EMPTY)

    def show_run(self, run: Run, *, of_seeds: bool = True) -> None:
        """Shows a run's newest kept samples, and lets its history be looked through.

        Args:
            run: the run.
            of_seeds: whether its samples are pictures of consecutive seeds, and not of given pictures or layouts.
        """
        self._leave_run()
        self._seed = run.record.seed if of_seeds else None
        self._title.setText(f"Samples, seed {self._seed}" if of_seeds else "Samples")
        self._hint.setText(HINT if of_seeds else HINT_OF_PICTURES)
        self._history = SampleHistory(self._jobs, run, self)
        self._history.listed.connect(self._take_listing)
        self._history.loaded.connect(self._show)
        self._history.failed.connect(self.failed)
        self._history.refresh()

    def take(self, event: SamplesReady) -> None:
        """Shows the newest samples, where they are of the run that is shown and nobody is looking back."""
        if self._history is None or Path(event.run) != self._history.folder:
            return
        self._seed = event.seed
        self._live = (event.step, event.pictures)
        if self.scrubber.is_live:
            self._show(*self._live)
        self._history.refresh()

    def seed_of(self, index: int) -> int | None:
        """The seed of picture `index`; None where no seed decides it."""
        return None if self._seed is None else self._seed + index

    def copy(self, index: int) -> None:
        """Puts picture `index` on the clipboard."""
        QGuiApplication.clipboard().setImage(self.grid.image(index))

    def save(self, index: int, path: Path) -> None:
        """Writes picture `index` as a PNG.

        Raises:
            StudioError: it cannot be written there.
        """
        if not self.grid.image(index).save(str(path)):
            raise StudioError(f"{path.name} could not be written.", f"Check that {path.parent} is there and has room.")

    def ask_and_save(self, index: int) -> None:
        """Asks where, and writes picture `index`."""
        seed = self.seed_of(index)
        name = f"sample-{index}.png" if seed is None else f"seed-{seed}.png"
        path, _ = QFileDialog.getSaveFileName(self, "Save picture", name, "PNG (*.png)")
        if not path:
            return
        try:
            self.save(index, Path(path).with_suffix(".png"))
        except StudioError as error:
            self.failed.emit(error)

    def menu_for(self, index: int) -> QMenu:
        """What can be done with picture `index`."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        seed = self.seed_of(index)
        play = menu.addAction("Play with this run" if seed is None else f"Play with seed {seed}")
        play.triggered.connect(lambda _on: self._play_with(index))
        menu.addAction("Copy picture").triggered.connect(lambda _on: self.copy(index))
        menu.addAction("Save picture…").triggered.connect(lambda _on: self.ask_and_save(index))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.grid.mapFromGlobal(event.globalPos())
        index = self.grid.current() if by_key else self.grid.index_at(at)
        if index >= 0:
            self.menu_for(index).popup(event.globalPos())

    def _play_with(self, index: int) -> None:
        seed = self.seed_of(index)
        if seed is None:
            self.play_wanted.emit()
        else:
            self.seed_wanted.emit(seed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self._step)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        below = QVBoxLayout(inner)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(12)
        below.addWidget(self.grid)
        below.addWidget(self.scrubber)
        below.addWidget(self._hint)
        below.addStretch(1)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(scroll, 1)

    def _leave_run(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history.deleteLater()
            self._history = None
        self._live = None
        self._step.setText("")
        self.scrubber.set_steps([])
        self.grid.set_pictures(np.empty((0, 1, 1, 3), np.uint8))

    def _take_listing(self, steps: list[int]) -> None:
        self.scrubber.set_steps(steps)
        if self._live is None:
            self._look_at_newest()

    def _look_back(self, step: int) -> None:
        if self._history is not None:
            self._history.load(step)

    def _look_at_newest(self) -> None:
        if self._history is None:
            return
        self._history.forget()
        if self._live is not None:
            self._show(*self._live)
        elif newest := self._history.newest():
            self._history.load(newest)

    def _show(self, step: int, pictures: np.ndarray) -> None:
        self._step.setText(f"step {count(step)}")
        self.grid.set_pictures(pictures)
