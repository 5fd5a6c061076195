"""What can be trained on: data that comes with the studio and its plugins, and what was used lately."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.gui import words
from studio.gui.pages.looking import datasets
from studio.gui.theme import Theme
from studio.gui.widgets.basics import Button, DimLabel, SectionLabel

if TYPE_CHECKING:
    from studio.gui.studio import Studio

WIDTH = 280
RECENT = "data/recent"
MOST = 8
ROW_PX = 32
SOURCE = Qt.ItemDataRole.UserRole


class DataSources(QWidget):
    """A list to choose from; choosing says so through `Studio.data_chosen`.

    Attributes:
        list: one row for each source.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.list = QListWidget()
        self.list.setAccessibleName("Data to choose from")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 20, 17, 16)
        column.setSpacing(8)
        column.addWidget(SectionLabel("Data"))
        column.addWidget(self.list, 1)
        column.addWidget(DimLabel("Drop a folder or a zip anywhere in this window, or"))
        for text, call in (("Choose a folder", self._pick_folder), ("Choose a zip", self._pick_zip)):
            button = Button(text, call)
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            column.addWidget(button)
        self._fill()

    def select(self, source: str) -> None:
        """Marks a source as the one that is shown; adds it where it is new."""
        if source not in self._listed():
            self._add(source, words.data_name(source), source)
        self.list.setCurrentRow(self._listed().index(source))

    def remember(self, source: str) -> None:
        """Keeps a path among the recent ones."""
        if source.startswith("demo:"):
            return
        recent = [source, *(path for path in self._recent() if path != source)][:MOST]
        self._studio.settings.setValue(RECENT, recent)

    def _listed(self) -> list[str]:
        return [self.list.item(row).data(SOURCE) for row in range(self.list.count())]

    def _recent(self) -> list[str]:
        kept = self._studio.settings.value(RECENT, [])
        paths = kept if isinstance(kept, list) else [kept]  # one entry comes back as a string
        return [str(path) for path in paths if path and Path(str(path)).exists()]

    def _fill(self) -> None:
        for spec in datasets(self._studio.host.datasets()):
            self._add(spec.id, spec.title, spec.summary)
        for path in self._recent():
            self._add(path, words.data_name(path), path)

    def _add(self, source: str, title: str, tooltip: str) -> None:
        item = QListWidgetItem(title, self.list)
        item.setData(SOURCE, source)
        item.setToolTip(tooltip)
        item.setSizeHint(QSize(0, ROW_PX))

    def _choose(self, item: QListWidgetItem) -> None:
        self._studio.data_chosen.emit(item.data(SOURCE))

    def _pick_folder(self) -> None:
        self._use(QFileDialog.getExistingDirectory(self, "Choose a folder of pictures"))

    def _pick_zip(self) -> None:
        self._use(QFileDialog.getOpenFileName(self, "Choose a zip of pictures", filter="Zip (*.zip)")[0])

    def _use(self, source: str) -> None:
        if source:
            self._studio.data_chosen.emit(source)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(Theme.of(self).line))
        painter.end()
