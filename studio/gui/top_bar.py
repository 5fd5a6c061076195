"""The top bar: where one is, what the engine is doing, and the one or two actions that matter now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from studio.gui.theme import Theme, base_font
from studio.gui.widgets.basics import ActionButton, Chip, Label

HEIGHT = 48


class TopBar(QWidget):
    """Wordmark, data and run on the left; state, device and actions on the right.

    Attributes:
        state: the state chip.
        device: the device chip.
        runs: the menu of recent runs, opened from the run's name.
    """

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.state = Chip("Starting")
        self.state.setAccessibleDescription("What the engine is doing")
        self.device = Chip()
        self.device.setAccessibleDescription("What it computes on")
        self.device.hide()
        self.runs = QMenu(self)
        self._data = Label("", "dim")
        self._run = _crumb(self.runs)
        self._run.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(_wordmark())
        row.addSpacing(4)
        row.addWidget(self._data)
        row.addWidget(self._run)
        row.addStretch(1)
        row.addWidget(self.state)
        row.addWidget(self.device)
        for action in actions:
            row.addWidget(ActionButton(action))

    def set_place(self, data: str, run: str) -> None:
        """What is being worked on: the data's name and the run's."""
        self._data.setText(f"{data}  \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}" if data and run else data)
        self._run.setText(f"{run} \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        self._run.setAccessibleName(f"Run {run}. Opens the list of recent runs")
        self._run.setVisible(bool(run))

    def set_device(self, name: str) -> None:
        """What is computed on; nothing until that is known."""
        self.device.set_state(name)
        self.device.setVisible(bool(name))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(Theme.of(self).line))
        painter.end()


def _wordmark() -> QLabel:
    label = QLabel("Ganvas")
    label.setFont(base_font(15, QFont.Weight.DemiBold))
    return label


def _crumb(menu: QMenu) -> QPushButton:
    button = QPushButton()
    button.setProperty("look", "crumb")
    button.setMenu(menu)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
