"""The panel beside a canvas: its controls, scrolling; what the canvas says and its two actions stay below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.status_label import CanvasStatus
from studio.gui.widgets.basics import Button, PrimaryButton

PANEL_WIDTH = 332
MARGIN = 16
SCROLLS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Panel(QWidget):
    """A canvas's controls.

    Attributes:
        status: what the canvas says.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = CanvasStatus(host)


class CanvasPanel(Panel):
    """A canvas's controls beside a big picture, in a fixed width.

    Args:
        parts: the controls, from the top.
        host: the studio, as the canvas sees it.

    Attributes:
        copy, save: its buttons.
    """

    def __init__(self, parts: Sequence[QWidget], host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(host, parent)
        self.copy = Button("Copy")
        self.copy.setToolTip("Copy the picture (Ctrl+C)")
        self.save = PrimaryButton("Save picture")
        self.save.setToolTip("Save the picture (Ctrl+S); a PNG carries the edit")
        self.setFixedWidth(PANEL_WIDTH)
        self._lay_out(parts)

    def _lay_out(self, parts: Sequence[QWidget]) -> None:
        inside = QWidget()
        controls = column(spacing=20)
        controls.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
        for part in parts:
            controls.addWidget(part)
        controls.addStretch(1)
        inside.setLayout(controls)
        below = column(spacing=12)
        below.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        self.status.setMinimumHeight(2 * self.status.fontMetrics().height())
        self.status.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        below.addWidget(self.status)
        for button in (self.copy, self.save):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        below.addLayout(row(self.copy, self.save, spacing=8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_PanelScroll(inside, controls), 1)
        layout.addLayout(below)


class _PanelScroll(QScrollArea):
    """Scrolls by wheel and pages; arrows and letters are the canvas's. Its bar takes room from the margin alone."""

    def __init__(self, inside: QWidget, layout: QVBoxLayout) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside_layout = layout
        self.setWidget(inside)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    def _make_room(self, _minimum: int, maximum: int) -> None:
        bar = self.verticalScrollBar().sizeHint().width() if maximum else 0
        margins = self._inside_layout.contentsMargins()
        self._inside_layout.setContentsMargins(margins.left(), margins.top(), MARGIN - bar, margins.bottom())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in SCROLLS:
            super().keyPressEvent(event)
        else:
            event.ignore()
