"""A question that must be answered before work is lost: the only kind of dialog there is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.widgets.basics import Button, DimLabel, Label

WIDTH = 420


class Question(QDialog):
    """Asks, without blocking: `open()` shows it. Escape and closing it choose the harmless answer.

    Args:
        title: the question.
        text: what each answer means.
        harmless: the words of the answer that changes nothing; Enter chooses it.
        other: the words of the other.

    Attributes:
        keep, go: the buttons.

    Signals:
        agreed(): the other answer was chosen.
    """

    agreed = Signal()

    def __init__(self, title: str, text: str, harmless: str, other: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFixedWidth(WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keep = Button(harmless, self.reject)
        self.keep.setDefault(True)
        self.go = Button(other, self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(Label(title, "question"))
        column.addWidget(DimLabel(text))
        column.addSpacing(12)
        column.addLayout(buttons)
        self.accepted.connect(self.agreed)
        self.keep.setFocus()
