"""What a person draws with: pen or eraser, how wide, in which colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QWidget

from studio.gui.canvases.hand_tools import HandTools
from studio.gui.canvases.rows import column, named, row, section
from studio.gui.theme import Theme
from studio.gui.widgets.basics import IconButton

Tool = Literal["pen", "eraser"]

INKS = {
    "Black": "#1a1a1a",
    "Red": "#c8372d",
    "Orange": "#d9822b",
    "Yellow": "#c9a227",
    "Green": "#3a9a4b",
    "Teal": "#1f9a94",
    "Blue": "#2f6fd6",
    "Violet": "#7a4fd0",
    "Pink": "#cc4fa0",
}
SWATCH = 26
TOOLS: Mapping[Tool, tuple[str, str]] = {
    "pen": ("ri.pencil-line", "Pen (B)"),
    "eraser": ("ri.eraser-line", "Eraser (E)"),
}
SIZE, LARGEST = 5.0, 50.0


class PenTools(HandTools[Tool]):
    """Draws on the paper.

    Attributes:
        colour: the pen's, as `#rrggbb`.
        new, clear: buttons for fresh paper, and for taking every stroke off this one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TOOLS, "Pen", SIZE, LARGEST, parent)
        self.colour = INKS["Black"]
        self.new = IconButton("ri.file-add-line", "New white paper (N)")
        self.clear = IconButton("ri.delete-bin-line", "Take every stroke off (Backspace)")
        self.swatches = [_Swatch(name, colour, self) for name, colour in INKS.items()]
        for swatch in self.swatches:
            swatch.clicked.connect(lambda _checked, colour=swatch.colour: self.take_colour(colour))
        self.more = IconButton("ri.palette-line", "Another colour", self._ask_colour)
        self._lay_out()
        self.take_colour(self.colour)

    def take_colour(self, colour: str) -> None:
        """Dips the pen; an eraser in hand becomes a pen."""
        self.colour = colour
        for swatch in self.swatches:
            swatch.setChecked(swatch.colour == colour)
        self.take("pen" if self.tool == "eraser" else self.tool)

    def _ask_colour(self) -> None:
        dialog = QColorDialog(QColor(self.colour), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self.take_colour(colour.name()))
        dialog.open()

    def _lay_out(self) -> None:
        layout = column()
        layout.addLayout(section("Draw", self.buttons["pen"], self.buttons["eraser"], self.new, self.clear))
        layout.addLayout(named("Pen size, %", self.thickness))
        layout.addLayout(row(*self.swatches, 1, self.more, spacing=2))
        self.setLayout(layout)


class _Swatch(QAbstractButton):
    """A round spot of ink; a ring is around the one that the pen is dipped in."""

    def __init__(self, name: str, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.colour = colour
        self.setCheckable(True)
        self.setFixedSize(SWATCH, SWATCH)
        self.setToolTip(name)
        self.setAccessibleName(f"{name} ink")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(SWATCH, SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(self.rect())
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.ink), 1.5))
            painter.drawEllipse(around.adjusted(2, 2, -2, -2))
        painter.setPen(QPen(QColor(theme.dim if theme.dark else theme.line), 1))
        painter.setBrush(QColor(self.colour))
        painter.drawEllipse(around.adjusted(5, 5, -5, -5))
        painter.end()
