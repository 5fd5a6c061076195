"""A card that is pressed as a whole: pictures beside a title and a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.theme import Theme
from studio.gui.widgets.basics import DimLabel, Label
from studio.gui.widgets.card import CORNER
from studio.gui.widgets.mosaic import Mosaic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FACE = QSize(168, 112)
ROWS = 2
EDGE = 12


class StarterCard(QAbstractButton):
    """Tab reaches it; Space and Enter press it.

    Args:
        title, sentence: the words.
        tip: what else is to be said, such as a credit.
    """

    def __init__(self, title: str, sentence: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = sentence
        self._face = Mosaic(ROWS, "ri.brush-line")
        self._face.setFixedSize(FACE)
        self._words = DimLabel(sentence)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(title, "strong"))
        words.addWidget(self._words, 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        self._row.setSpacing(EDGE)
        self._row.addWidget(self._face)
        self._row.addLayout(words, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setText(title)
        self.setAccessibleName(f"Play with {title}. {sentence}")
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_pictures(self, pictures: NDArray[np.uint8]) -> None:
        """Shows uint8 (N, H, W, 3)."""
        self._face.set_pictures(pictures)

    def set_busy(self, busy: bool) -> None:
        """Whether it is being opened, and cannot be pressed."""
        self.setEnabled(not busy)
        self._words.setText("Opening" if busy else self._sentence)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.hasFocus() or (self.underMouse() and self.isEnabled())
        painter.setPen(QColor(theme.accent if self.hasFocus() else theme.dim) if lit else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.end()
