"""The strip of candidates under the big picture: what each looks like, and how well it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from studio.gui.canvases.tile_model import TileModel
from studio.gui.canvases.tile_strip import Tile, TileStrip
from studio.gui.theme import SMALL_PX, Theme, base_font
from studio.gui.widgets.picture import to_qimage

TILE = 64
GAP = 8
WORDS_PX = 18


@dataclass(frozen=True)
class Score:
    """How well a candidate fits: its mismatch around the hole, as a share of full range, and D's verdict on it."""

    seed: int
    mismatch: float
    realism: float

    @property
    def short(self) -> str:
        """What stands under its picture."""
        return f"{self.mismatch:.1%} off"

    @property
    def full(self) -> str:
        """What its tooltip and a screen reader say."""
        side = "more" if self.realism >= 0 else "less"
        return (
            f"Seed {self.seed}: {self.mismatch:.1%} off around the hole; to D it looks {side} real than what the model "
            f"draws at random, by {abs(self.realism):.1f} standard deviations"
        )


class CandidateModel(TileModel[Score | None]):
    """Candidates as pictures and scores; None where nobody knows the score yet."""

    def show_rows(self, pictures: Sequence[np.ndarray], scores: Sequence[Score | None]) -> None:
        """Uint8 (S, S, 3) each, and their scores; rows stay where they are while their number does."""
        rows = [(score, to_qimage(picture)) for picture, score in zip(pictures, scores, strict=True)]
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def words(self, row: int) -> str:
        score = self.entry(row)
        return f"Candidate {row + 1}" + ("" if score is None else f". {score.full}")


class CandidateStrip(TileStrip):
    """One row of candidates; the one that fills the hole has an edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.candidates = CandidateModel()
        super().__init__(self.candidates, TILE, GAP, WORDS_PX, parent)
        self.setItemDelegate(_Candidate(self))
        self.setAccessibleName("Candidates")
        self.setAccessibleDescription("Ways to fill the hole, best first. Left and right go from one to the next.")


class _Candidate(Tile):
    """Has its score below."""

    def paint_around(self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, row: int) -> None:
        super().paint_around(painter, place, option, row)
        theme, score = Theme.of(self._strip), self._strip.tiles.entry(row)
        painter.setPen(QColor(theme.ink if row == self._strip.shown else theme.dim))
        painter.setFont(base_font(SMALL_PX))
        below = QRect(place.left(), place.bottom() + 2, TILE, WORDS_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "" if score is None else score.short)
