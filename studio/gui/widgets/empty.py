"""What a page shows before it has anything to show: a sentence, and the way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.gui.widgets.basics import Button, DimLabel, Label, PrimaryButton

WIDTH_PX = 420
BAR_PX = 240


class EmptyState(QWidget):
    """A title, a sentence and buttons in the middle of a page; the first button is the one to press.

    Args:
        title: what is missing, or what this place is for.
        text: what to do.
        actions: buttons, as words and what they do.
        busy: whether it comes by itself; a bar moves until then.
    """

    def __init__(
        self,
        title: str,
        text: str,
        actions: Sequence[tuple[str, Callable[[], Any]]] = (),
        parent: QWidget | None = None,
        *,
        busy: bool = False,
    ) -> None:
        super().__init__(parent)
        heading = Label(title, "title")
        words = DimLabel(text)
        words.setFixedWidth(WIDTH_PX)
        for label in (heading, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for index, (label_text, call) in enumerate(actions):
            row.addWidget(PrimaryButton(label_text, call) if index == 0 else Button(label_text, call))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()  # an alignment flag would cut what wraps to a second line
        middle.addStretch(1)
        middle.addWidget(words)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(4)
        if busy:
            column.addWidget(_moving_bar(title), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)
        column.addStretch(3)
        self.setAccessibleName(title)


def _moving_bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    bar.setFixedWidth(BAR_PX)
    bar.setAccessibleName(name)
    return bar
