"""The line at the foot of the window: last checkpoint, newest numbers, latency, and where to find every action."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui.theme import Theme
from studio.gui.widgets.basics import Label, QuietButton

HEIGHT = 28


class StatusLine(QWidget):
    """Facts on the left, the way to the command palette on the right.

    Attributes:
        commands: the button that opens the command palette.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._facts = Label("", "small")
        self.commands = QuietButton("Ctrl+K commands")
        self.commands.setProperty("look", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 8, 0)
        row.addWidget(self._facts)
        row.addStretch(1)
        row.addWidget(self.commands)

    def set_facts(self, facts: tuple[str, ...]) -> None:
        """Shows those that are not empty."""
        self._facts.setText("      ".join(fact for fact in facts if fact))

    def facts(self) -> str:
        """What is shown."""
        return self._facts.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, QColor(Theme.of(self).line))
        painter.end()
