"""A canvas's pictures; while there are none, words that say how to get some."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.gui.widgets.empty import EmptyState


class PictureStack(QStackedWidget):
    """Shows one or the other, and gives it the focus.

    Args:
        pictures: all that there is to see.
        home: what of it takes the focus.
        empty: the words.
    """

    def __init__(self, pictures: QWidget, home: QWidget, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home, self._empty = home, empty
        empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addWidget(pictures)
        self.addWidget(empty)

    def show_pictures(self, there: bool) -> None:
        """Shows pictures where there are any."""
        self.setCurrentIndex(0 if there else 1)
        self.setFocusProxy(self._home if there else self._empty)
