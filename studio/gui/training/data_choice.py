"""Which pictures to train on: their name, how many there are, and some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.kinds import fits, require_kind
from studio.gui.training.data_summary import DataSummary, known_datasets, summarise
from studio.gui.widgets.basics import Label
from studio.gui.widgets.elided_button import ElidedButton
from studio.gui.widgets.picture_grid import PictureGrid
from studio.gui.words import counted, data_name

if TYPE_CHECKING:
    from studio.gui.studio import Studio

COLUMNS = 8
CELL = 28


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
        self.button = ElidedButton()
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
        """What kind the model needs. In place of none, and of named data of another kind, some that fits is chosen.

        A person's own files stay: they may be of several kinds, and are looked at anew.
        """
        changed, self._kind = kind is not self._kind, kind
        named = self.named_kind()
        if not self.source or (named is not None and not fits(named, kind)):
            self.set_source(self._first_fitting() or self.source)
        elif changed:
            self._look()

    def set_resolution(self, resolution: int) -> None:
        """At which size the pictures will be trained on."""
        self._resolution = resolution
        self._describe()

    def set_source(self, source: str) -> None:
        """Chooses data and begins to look at it."""
        if source != self.source:
            self.source = source
            self._look()

    def menu(self) -> QMenu:
        """The data that comes with Ganvas and its plugins and fits the model, and the way to one's own."""
        menu = QMenu(self)
        for spec in known_datasets(self._studio.host.datasets()):
            if fits(spec.kind, self._kind):
                action = menu.addAction(spec.title)
                action.setToolTip(spec.summary)
                action.triggered.connect(lambda _on, source=spec.id: self._studio.data_chosen.emit(source))
        menu.addSeparator()
        menu.addAction("A folder of pictures…").triggered.connect(lambda _on: self._ask_folder())
        menu.addAction("A zip of pictures…").triggered.connect(lambda _on: self._ask_file("Zip (*.zip)"))
        if self._kind is DataKind.LAYOUT:
            menu.addAction("COCO's JSON…").triggered.connect(lambda _on: self._ask_file("JSON (*.json)"))
        menu.addSeparator()
        menu.addAction("Look through the data").triggered.connect(lambda _on: self._studio.page_wanted.emit("data"))
        return menu

    def open_menu(self) -> None:
        """Opens the choice below the button."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setMinimumWidth(self.button.width())
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _look(self) -> None:
        """Begins to look at the chosen data, as the kind that the model needs."""
        self._summary = None
        self._explain("")
        self.thumbnails.set_pictures(np.empty((0, 1, 1, 3), np.uint8))
        self._describe()
        if not self.source:
            return
        source, wanted, offered = self.source, self._kind, self._studio.host.datasets()

        def still_wanted() -> bool:
            return (source, wanted) == (self.source, self._kind)

        self._studio.jobs.run(
            self,
            lambda: summarise(source, offered, wanted),
            lambda summary: self._take(summary) if still_wanted() else None,
            lambda error: self._give_up(error) if still_wanted() else None,
        )

    def named_kind(self) -> DataKind | None:
        """The kind of data that is known by name; None for a person's own."""
        specs = known_datasets(self._studio.host.datasets())
        return next((spec.kind for spec in specs if spec.id == self.source), None)

    def _first_fitting(self) -> str:
        return next((spec.id for spec in known_datasets(self._studio.host.datasets()) if spec.kind == self._kind), "")

    def _take(self, summary: DataSummary) -> None:
        self._summary = summary
        try:
            require_kind(summary.kind, self._kind, "The model")
        except StudioError as error:
            self._explain(str(error))
        self.thumbnails.set_pictures(summary.thumbnails)
        self._describe()
        self.looked.emit()

    def _give_up(self, error: Exception) -> None:
        known = isinstance(error, StudioError)
        self._explain(str(error) if known else f"{data_name(self.source)} cannot be read: {error}")
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
            parts.append(counted(self._summary.count, "pair" if self._summary.kind is DataKind.PAIRED else "picture"))
        elif self._problem.isHidden():
            parts.append("looking…")
        if self._resolution and self._summary:
            parts.append(f"{self._resolution} × {self._resolution}")
        return ", ".join(parts)

    def _ask_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Choose a folder of pictures"):
            self._studio.data_chosen.emit(folder)

    def _ask_file(self, pattern: str) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose pictures", "", pattern)
        if path:
            self._studio.data_chosen.emit(path)
