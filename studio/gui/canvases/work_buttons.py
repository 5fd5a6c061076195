"""Buttons that begin some work; while it goes on, how far it is, and a way out of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLayout, QProgressBar, QSizePolicy, QStackedWidget, QWidget

from studio.gui.canvases.rows import column, row
from studio.gui.widgets.basics import DimLabel


class WorkButtons(QStackedWidget):
    """Shows the ones that begin it or, in the same place, a bar and the ones that end it.

    Args:
        name: what the bar shows, for screen readers.
        begin: buttons that begin it.
        end: buttons that end it: a single one stands beside the bar, several below it.

    Attributes:
        bar: how far it is.
    """

    def __init__(
        self, name: str, begin: Sequence[QWidget], end: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words = DimLabel()
        self._words.setWordWrap(False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self._add(_side_by_side(begin))
        told = column(spacing=4 if len(end) == 1 else 6)
        told.addWidget(self._words)
        told.addWidget(self.bar)
        if len(end) == 1:
            beside = row(told, *end, spacing=12)
            beside.setStretch(0, 1)
            self._add(beside)
        else:
            told.addLayout(_side_by_side(end))
            self._add(told)

    def show_progress(self, words: str, done: int, total: int) -> None:
        """How far it is, in words and in steps; a `total` of 0 is not known yet."""
        self._words.setText(words)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.setCurrentIndex(1)

    def show_buttons(self) -> None:
        """Nothing goes on."""
        self.setCurrentIndex(0)

    def _add(self, layout: QLayout) -> None:
        page = QWidget()
        page.setLayout(layout)
        self.addWidget(page)


def _side_by_side(buttons: Sequence[QWidget]) -> QLayout:
    for button in buttons:
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return row(*buttons, spacing=8)
