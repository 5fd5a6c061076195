"""The strip of candidates under the big picture: what each looks like, and how well it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui.canvases.history_model import Index
from studio.gui.theme import PICTURE_CORNER_PX, SMALL_PX, Theme, base_font
from studio.gui.widgets.picture import paint_tile, to_qimage

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


class CandidateModel(QAbstractListModel):
    """Candidates as pictures and scores."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[QImage, Score | None]] = []

    def show_rows(self, pictures: Sequence[np.ndarray], scores: Sequence[Score | None]) -> None:
        """Uint8 (S, S, 3) each, and their scores; rows stay where they are while their number does."""
        rows = [(to_qimage(picture), score) for picture, score in zip(pictures, scores, strict=True)]
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def image(self, row: int) -> QImage:
        """A candidate's picture, for painting."""
        return self._rows[row][0]

    def score(self, row: int) -> Score | None:
        """How well it fits; None where nobody knows yet."""
        return self._rows[row][1]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            score = self.score(index.row())
            return f"Candidate {index.row() + 1}" + ("" if score is None else f". {score.full}")
        return None


class CandidateStrip(QListView):
    """One row of candidates; the one that fills the hole has an edge.

    Signals:
        chosen(row): a person wants that one in the hole.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidates = CandidateModel(self)
        self.shown = 0
        self.setModel(self.candidates)
        self.setItemDelegate(_Tile(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setFixedHeight(TILE + WORDS_PX + 4)
        self.setAccessibleName("Candidates")
        self.setAccessibleDescription("Ways to fill the hole, best first. Left and right go from one to the next.")

    def show_current(self, row: int) -> None:
        """Marks the one that fills the hole, and brings it into sight."""
        self.shown = row
        if row < self.candidates.rowCount():
            index = self.candidates.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(TILE, TILE + WORDS_PX + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))


class _Tile(QStyledItemDelegate):
    """Paints a candidate and its score."""

    def __init__(self, strip: CandidateStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(TILE + GAP, TILE + WORDS_PX + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = Theme.of(self._strip)
        place = QRect(option.rect.left() + 1, option.rect.top() + 1, TILE, TILE)
        paint_tile(painter, self._strip.candidates.image(index.row()), place, self._strip.devicePixelRatioF())
        shown = index.row() == self._strip.shown
        score = self._strip.candidates.score(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent if shown else theme.line), 2 if shown else 1))
        painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(theme.ink if shown else theme.dim))
        painter.setFont(base_font(SMALL_PX))
        below = QRect(place.left(), place.bottom() + 2, TILE, WORDS_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "" if score is None else score.short)
        painter.restore()
