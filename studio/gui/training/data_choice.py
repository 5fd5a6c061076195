"""Which pictures to train on: their name, how many there are, and some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QVBoxLayout, QWidget

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.gui.training.data_summary import DataSummary, known_datasets, summarise
from studio.gui.widgets.basics import Label
from studio.gui.widgets.picture_grid import PictureGrid
from studio.gui.words import count, data_name

if TYPE_CHECKING:
    from studio.gui.studio import Studio

COLUMNS = 8
CELL = 28
ALSO_FITS = {DataKind.UNLABELLED: (DataKind.LABELLED,)}


class DataChoice(QWidget):
    """The chosen data on a button that opens the choice, and thumbnails below it.

    Attributes:
        button: opens the menu.
        source: what was chosen: a path or a `demo:` name; empty where nothing was.

    Signals:
        looked(): the data has been looked at, or cannot be.
    """

    looked = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._kind = DataKind.UNLABELLED
        self._resolution = 0
        self._summary: DataSummary | None = None
        self.source = ""
        self.button = QPushButton()
        self.button.setStyleSheet("text-align: left; padding-left: 9px;")
        self.button.clicked.connect(lambda _on: self.open_menu())
        self._problem = Label("", "bad")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.thumbnails = PictureGrid(columns=COLUMNS, cell=CELL, reserve=2 * COLUMNS)
        self.thumbnails.setAccessibleName("Pictures of the data")
        self.thumbnails.clicked.connect(lambda _index: studio.page_wanted.emit("data"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.button)
        column.addWidget(self._problem)
        column.addWidget(self.thumbnails)
        self._describe()

    @property
    def summary(self) -> DataSummary | None:
        """What was found; None while that is unknown."""
        return self._summary

    def set_kind(self, kind: DataKind) -> None:
        """What kind the model needs. Where there is no data yet, or none of that kind, some that fits is chosen."""
        self._kind = kind
        known = self._known_kind()
        if not self.source or (known is not None and not self._fits(known)):
            self.set_source(self._first_fitting() or self.source)

    def set_resolution(self, resolution: int) -> None:
        """At which size the pictures will be trained on."""
        self._resolution = resolution
        self._describe()

    def set_source(self, source: str) -> None:
        """Chooses data and begins to look at it."""
        if source == self.source:
            return
        self.source, self._summary = source, None
        self._explain("")
        self.thumbnails.set_pictures(np.empty((0, 1, 1, 3), np.uint8))
        self._describe()
        if source:
            offered = self._studio.host.datasets()
            self._studio.jobs.run(
                lambda: summarise(source, offered), self._take, lambda error: self._give_up(source, error)
            )

    def menu(self) -> QMenu:
        """The data that comes with Ganvas and its plugins and fits the model, and the way to one's own."""
        menu = QMenu(self)
        for spec in known_datasets(self._studio.host.datasets()):
            if self._fits(spec.kind):
                action = menu.addAction(spec.title)
                action.setToolTip(spec.summary)
                action.triggered.connect(lambda _on, source=spec.id: self._studio.data_chosen.emit(source))
        menu.addSeparator()
        menu.addAction("A folder of pictures…").triggered.connect(lambda _on: self._ask_folder())
        menu.addAction("A zip of pictures…").triggered.connect(lambda _on: self._ask_zip())
        menu.addSeparator()
        menu.addAction("Look through the data").triggered.connect(lambda _on: self._studio.page_wanted.emit("data"))
        return menu

    def open_menu(self) -> None:
        """Opens the choice below the button."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setMinimumWidth(self.button.width())
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _known_kind(self) -> DataKind | None:
        if self._summary is not None:
            return self._summary.kind
        specs = known_datasets(self._studio.host.datasets())
        return next((spec.kind for spec in specs if spec.id == self.source), None)

    def _fits(self, kind: DataKind) -> bool:
        return kind == self._kind or kind in ALSO_FITS.get(self._kind, ())

    def _first_fitting(self) -> str:
        return next((spec.id for spec in known_datasets(self._studio.host.datasets()) if spec.kind == self._kind), "")

    def _take(self, summary: DataSummary) -> None:
        if summary.source != self.source:
            return
        self._summary = summary
        self.thumbnails.set_pictures(summary.thumbnails)
        self._describe()
        self.looked.emit()

    def _give_up(self, source: str, error: Exception) -> None:
        if source != self.source:
            return
        known = isinstance(error, StudioError)
        self._explain(str(error) if known else f"{data_name(source)} cannot be read: {error}")
        self._describe()
        self.looked.emit()

    def _explain(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _describe(self) -> None:
        self.button.setText(self._words())
        self.button.setAccessibleName(f"Data: {self._words()}. Opens the choice")

    def _words(self) -> str:
        if not self.source:
            return "Choose pictures…"
        parts = [self._summary.name if self._summary else data_name(self.source)]
        if self._summary:
            parts.append(f"{count(self._summary.count)} pictures")
        elif self._problem.isHidden():
            parts.append("looking…")
        if self._resolution and self._summary:
            parts.append(f"{self._resolution} × {self._resolution}")
        return ", ".join(parts)

    def _ask_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Choose a folder of pictures"):
            self._studio.data_chosen.emit(folder)

    def _ask_zip(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a zip of pictures", "", "Zip (*.zip)")
        if path:
            self._studio.data_chosen.emit(path)
