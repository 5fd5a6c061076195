"""A card: a picture, a title, a few words, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.gui.theme import Theme
from studio.gui.widgets.basics import DimLabel, Label

CORNER = 10
FACE_PX = 168


class Card(QWidget):
    """Raised from the pane; the picture gets the room.

    Args:
        face: the picture, or whatever stands in its place.
        title, text: the words.
        buttons: what can be done, the first one first.
    """

    def __init__(
        self, face: QWidget, title: str, text: str, buttons: Sequence[QPushButton] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._title = Label(title, "strong")
        self._text = DimLabel(text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(4)
        face.setFixedHeight(FACE_PX)
        column.addWidget(face)
        column.addSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._text, 1)
        column.addSpacing(12)
        column.addLayout(row)
        self.setAccessibleName(title)

    def set_words(self, title: str, text: str) -> None:
        """Other words."""
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(title)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Theme.of(self).raised))
        painter.drawRoundedRect(QRectF(self.rect()), CORNER, CORNER)
        painter.end()
