"""The checkpoints of the run that is selected: which there are, how they look, and which are kept for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.engine.events import CheckpointSaved
from studio.gui.pages.kept import Kept, kept_by
from studio.gui.pages.kept_tile import SIDE, WORDS_PX, KeptTile
from studio.gui.widgets.basics import DimLabel, SectionLabel

if TYPE_CHECKING:
    from studio.gui.studio import Studio

SCROLL_PX = 12
HINT = "Pin the ones you like best: they are kept for good. Of the others, the newest and the best measured stay."
NONE_YET = "None yet. One is made after a minute of training, and whenever it pauses."


class KeptStrip(QWidget):
    """One row of tiles, newest first.

    Attributes:
        tiles: a tile a checkpoint.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._run = ""
        self._reading = self._again = False
        self.tiles: list[KeptTile] = []
        self._hint = DimLabel()
        self._row = QHBoxLayout()
        self._scroll = QScrollArea()
        self._lay_out()
        studio.pump.subscribe(CheckpointSaved, self._saved)

    def show_run(self, folder: str) -> None:
        """Shows the checkpoints of the run in `folder`; nothing where that is empty."""
        if folder != self._run:
            self._run = folder
            self._fill([])
            self._hint.setText("")
        self.setVisible(bool(folder))
        self.refresh()

    def refresh(self) -> None:
        """Looks again at what is on disk. Of wishes that come while it reads the last is granted."""
        if self._reading or not self._run:
            self._again = bool(self._run)
            return
        self._reading = True
        self._again = False
        run = self._run
        self._studio.jobs.run(self, lambda: kept_by(run), self._take, lambda _error: self._take([]))

    def detach(self) -> None:
        """Hears no more of the engine; to be called before it is deleted."""
        self._studio.pump.unsubscribe(CheckpointSaved, self._saved)

    def _take(self, kept: list[Kept]) -> None:
        self._reading = False
        if self._again:
            self.refresh()
        elif not kept or kept[0].folder == self._run:
            self._hint.setText(HINT if kept else NONE_YET)
            self._fill(kept)

    def _fill(self, kept: list[Kept]) -> None:
        before = {tile.kept.step: tile for tile in self.tiles}
        self.tiles = []
        for index, one in enumerate(kept):
            tile = before.get(one.step)
            if tile is not None and tile.renew(one):
                del before[one.step]
            else:
                tile = self._tile(one)
            self._row.insertWidget(index, tile)
            self.tiles.append(tile)
        for tile in before.values():
            self._row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()

    def _tile(self, kept: Kept) -> KeptTile:
        tile = KeptTile(kept)
        tile.clicked.connect(lambda pinned: self._mark(tile.kept, pinned))
        tile.reached.connect(lambda: self._scroll.ensureWidgetVisible(tile))
        return tile

    def _mark(self, kept: Kept, pinned: bool) -> None:
        def mark() -> None:
            from studio.engine.runs import Run

            checkpoints = Run.load(Path(kept.folder)).checkpoints
            (checkpoints.pin if pinned else checkpoints.unpin)(kept.step)

        self._studio.jobs.run(self, mark, lambda _done: self.refresh(), self._refuse)

    def _refuse(self, error: Exception) -> None:
        self._studio.refuse(error, "That could not be pinned.")
        self.refresh()

    def _saved(self, events: Sequence[CheckpointSaved]) -> None:
        if self.isVisible() and any(Path(event.run) == Path(self._run) for event in events):
            self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(SectionLabel("Checkpoints"))
        head.addWidget(self._hint, 1)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._row)
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFixedHeight(SIDE + WORDS_PX + SCROLL_PX)
        scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(scroll)
