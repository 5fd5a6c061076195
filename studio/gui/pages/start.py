"""Where to begin: the newest run, one's own pictures, or the demo; and the runs of the last days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui import words
from studio.gui.demo import DATA as DEMO
from studio.gui.demo import begin_demo
from studio.gui.pages.looking import look
from studio.gui.pages.run_pictures import RunCard, run_cards
from studio.gui.pages.starters import Starters
from studio.gui.widgets.basics import Button, DimLabel, Label, PrimaryButton, SectionLabel, set_look
from studio.gui.widgets.card import Card
from studio.gui.widgets.drop_area import DropArea
from studio.gui.widgets.mosaic import Mosaic
from studio.gui.widgets.tile import SIDE, Tile

if TYPE_CHECKING:
    from studio.gui.studio import Studio

WIDEST = 1120
ROWS, PICTURES = 3, 24
RECENT = 6
GAP = 8
MARGIN = 24
HEADLINE = "Teach a network to make pictures, then play with it"
SUBLINE = "Ganvas trains generative adversarial networks on your pictures, on this computer, while you watch."
OWN = "Drop a folder or a zip anywhere in this window. Ganvas reads PNG, JPEG, WebP, BMP, TIFF and GIF."
DEMO_TEXT = "Thousands of colourful icons, no download. Shapes appear within three minutes, even on a laptop."


class StartPage(QWidget):
    """Three ways on, and recent runs. Runs are read again whenever the page is shown."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._newest = ""
        self._face = Mosaic(ROWS, "ri.brush-line")
        self._play = Card(
            self._face,
            "Play with your newest run",
            "",
            [PrimaryButton("Play", lambda: studio.play_wanted.emit(self._newest))],
        )
        self._demo_face = Mosaic(ROWS, "ri.pulse-line")
        self._demo_button = Button("Train on icons", lambda: begin_demo(studio))
        self._demo = Card(self._demo_face, "See one learn", DEMO_TEXT, [self._demo_button])
        self._models_face = Mosaic(ROWS, "ri.plug-line")
        self._models = Card(
            self._models_face,
            "Look at the models",
            self._models_text(),
            [Button("Show plugins", lambda: studio.page_wanted.emit("plugins"))],
        )
        self._starters = Starters(studio)
        self._recent_title = SectionLabel("Recent runs")
        self._recent = QHBoxLayout()
        self._lay_out()
        self._reserve(any(studio.store.folder.glob("*/run.json")))
        studio.jobs.run(self, self._look_at_demo, self._demo_face.set_pictures, lambda _error: None)

    def refresh(self) -> None:
        """Reads the runs on disk again."""
        store, models = self._studio.store, self._studio.host.models()
        self._studio.jobs.run(
            self, lambda: run_cards(store, models, PICTURES, RECENT), self._show_runs, lambda _error: None
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        fitting = (min(self.width(), WIDEST) - 2 * MARGIN + GAP) // (SIDE + GAP)
        for index in range(self._recent.count()):
            item = self._recent.itemAt(index)
            if item is not None and (tile := item.widget()) is not None:
                tile.setVisible(index < fitting)

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for card in (self._play, self._demo, self._own(), self._models):
            cards.addWidget(card, 1)
        self._recent.setSpacing(GAP)
        content = QWidget()
        content.setMaximumWidth(WIDEST)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 40, MARGIN, 24)
        column.setSpacing(8)
        column.addWidget(Label(HEADLINE, "hero"))
        column.addWidget(DimLabel(SUBLINE))
        column.addSpacing(20)
        column.addWidget(self._starters)
        column.addSpacing(20 if self._starters.cards else 0)
        column.addLayout(cards)
        column.addSpacing(28)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addStretch(1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 1000)
        row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(middle)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _own(self) -> Card:
        buttons = [Button("Choose a folder", self._pick_folder), Button("Choose a zip", self._pick_zip)]
        return Card(DropArea(), "Train on your pictures", OWN, buttons)

    def _reserve(self, runs: bool) -> None:
        """Arranges the page for a home with runs or without, before they are read."""
        self._play.setVisible(runs)
        self._models.setVisible(not runs)
        self._recent_title.setVisible(runs)
        set_look(self._demo_button, "plain" if runs else "primary")

    def _show_runs(self, cards: list[RunCard]) -> None:
        self._newest = cards[0].folder if cards else ""
        self._reserve(bool(cards))
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not cards:
            return
        self._face.set_pictures(cards[0].pictures)
        self._play.set_words("Play with your newest run", f"{cards[0].title}\n{cards[0].words}")
        for card in cards:
            tile = Tile(card.model, f"{words.moment(card.created)} · {card.status_words}", card.pictures)
            tile.clicked.connect(lambda _checked, folder=card.folder: self._studio.play_wanted.emit(folder))
            self._recent.addWidget(tile)
        self._recent.addStretch(1)
        self._show_what_fits()

    def _look_at_demo(self) -> np.ndarray:
        return look(DEMO, self._studio.host.datasets(), most=PICTURES).pictures

    def _pick_folder(self) -> None:
        self._use(QFileDialog.getExistingDirectory(self, "Choose a folder of pictures"))

    def _pick_zip(self) -> None:
        self._use(QFileDialog.getOpenFileName(self, "Choose a zip of pictures", filter="Zip (*.zip)")[0])

    def _use(self, source: str) -> None:
        if source:
            self._studio.data_chosen.emit(source)
            self._studio.page_wanted.emit("data")

    def _models_text(self) -> str:
        titles = [spec.title for spec in self._studio.host.models().values()]
        return ", ".join(titles) if titles else "No plugin offers a model yet."
