"""Which run to play with: the one in training first, then the newest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter, QWidget

import studio_resources
from studio.engine.starters import FOLDER
from studio.gui import words
from studio.gui.widgets.calm_combo import CalmComboBox

if TYPE_CHECKING:
    from studio.engine.runs import Run
    from studio.gui.studio import Studio

WIDTH = 300
MOST = 50
ASIDE = 4


@dataclass(frozen=True)
class PlayableRun:
    """A run that can be opened.

    Attributes:
        folder: where it is.
        title: what a person reads.
        live: whether it trains at this moment.
    """

    folder: str
    title: str
    live: bool


class RunChooser(CalmComboBox):
    """The runs that can be played with, by model and time.

    Signals:
        chosen(folder): a person chose another run.
        listed(): the list is up to date.
    """

    chosen = Signal(str)
    listed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._current = ""
        self.runs: tuple[PlayableRun, ...] = ()
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Run")
        self.setToolTip("The run to play with")
        self.activated.connect(self._choose)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - ASIDE
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def refresh(self) -> None:
        """Reads the runs on disk again, off the GUI thread; `listed` follows."""
        store, titles = self._studio.store, {id_: spec.title for id_, spec in self._studio.host.models().items()}
        status = self._studio.session.status
        live = status.run if status.state.busy else ""
        self._studio.jobs.run(
            self, lambda: _playable(store.runs(), titles, live), self._take, lambda _error: self._take(())
        )

    def show_run(self, folder: str) -> None:
        """Shows which run is open."""
        self._current = folder
        self._fill()

    def _take(self, runs: tuple[PlayableRun, ...]) -> None:
        self.runs = runs
        self._fill()
        self.listed.emit()

    def _fill(self) -> None:
        self.clear()
        shown = list(self.runs)
        if self._current and all(Path(run.folder) != Path(self._current) for run in shown):
            shown.append(PlayableRun(self._current, _unlisted(Path(self._current).name), live=False))
        for run in shown:
            self.addItem(run.title, run.folder)
            if Path(run.folder) == Path(self._current or "/"):
                self.setCurrentIndex(self.count() - 1)
        if not self._current:
            self.setCurrentIndex(-1)
        self.setVisible(bool(shown))

    def _choose(self, index: int) -> None:
        folder = self.itemData(index)
        if Path(folder) != Path(self._current or "/"):
            self.chosen.emit(folder)


def _unlisted(name: str) -> str:
    """What a run is called before the list knows it: a starter model's title, another run's name."""
    return next((one.title for one in studio_resources.starters() if f"{FOLDER}{one.name}" == name), name)


def _playable(runs: list[Run], titles: dict[str, str], live: str) -> tuple[PlayableRun, ...]:
    found = []
    for run in runs:
        trains = bool(live) and run.folder == Path(live)
        if trains or run.checkpoints.all():
            parts = [titles.get(run.record.model, run.record.model), words.moment(run.record.created)]
            parts.append("training" if trains else f"step {words.count(run.record.step)}")
            found.append(PlayableRun(str(run.folder), " · ".join(part for part in parts if part), trains))
    return tuple(sorted(found, key=lambda one: not one.live)[:MOST])
