"""Models to play with at once: those that come with the studio, a card each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

import studio_resources
from studio.engine.starters import open_starter, pictures_of
from studio.gui.widgets.basics import SectionLabel
from studio.gui.widgets.starter_card import StarterCard

if TYPE_CHECKING:
    from studio.gui.studio import Studio
    from studio_resources import Starter

GAP = 16


class Starters(QWidget):
    """A row of cards. One click opens a model on the canvas that suits it; hidden where none was shipped."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        known = studio.host.models()
        offered = [one for one in studio_resources.starters() if one.model_id in known]
        self.cards = {one.name: StarterCard(one.title, one.sentence, one.credit) for one in offered}
        cards = QHBoxLayout()
        cards.setSpacing(GAP)
        for starter in offered:
            card = self.cards[starter.name]
            card.clicked.connect(partial(self._open, starter))
            cards.addWidget(card, 1)
            studio.jobs.run(self, partial(pictures_of, starter), card.set_pictures, lambda _error: None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(SectionLabel("Play at once"))
        column.addLayout(cards)
        self.setVisible(bool(offered))

    def _open(self, starter: Starter) -> None:
        card, studio = self.cards[starter.name], self._studio
        card.set_busy(True)

        def opened(folder: str) -> None:
            card.set_busy(False)
            studio.canvas_wanted.emit(folder, starter.canvas)

        def failed(error: Exception) -> None:
            card.set_busy(False)
            studio.refuse(error, f"{starter.title} cannot be opened.", "bad")

        studio.jobs.run(self, lambda: str(open_starter(studio.store, studio.host, starter.name).folder), opened, failed)
