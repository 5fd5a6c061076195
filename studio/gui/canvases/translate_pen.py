"""What a person draws with: pen or eraser, how wide, in which colour."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QWidget

from studio.gui.canvases.rows import column, follow, named, row, section
from studio.gui.theme import Theme
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.slider import ValueSlider

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
SMALLEST, LARGEST, SIZE = 0.5, 50.0, 5.0
LARGER = 1.25
PERCENT = 100


class PenTools(QWidget):
    """The pen in a person's hand. It is no part of the document: what it draws is.

    Attributes:
        tool: what is in hand; None is nothing.
        colour: the pen's, as `#rrggbb`.
        buttons: pen and eraser.
        new, clear: buttons for fresh paper, and for taking every stroke off this one.

    Signals:
        changed(): another tool, width or colour.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool: Tool | None = None
        self.colour = INKS["Black"]
        self.buttons: dict[Tool, IconButton] = {
            "pen": IconButton("ri.pencil-line", "Pen (B)", lambda: self.toggle("pen")),
            "eraser": IconButton("ri.eraser-line", "Eraser (E)", lambda: self.toggle("eraser")),
        }
        for button in self.buttons.values():
            button.setCheckable(True)
        self.new = IconButton("ri.file-add-line", "New white paper (N)")
        self.clear = IconButton("ri.delete-bin-line", "Take every stroke off (Backspace)")
        self.thickness = ValueSlider(SMALLEST, LARGEST, SIZE, log=True)
        self.thickness.setAccessibleName("Pen size in percent of the picture")
        self.thickness.setToolTip("How wide the pen is, in percent of the picture: [ and ]")
        self.thickness.changed.connect(lambda _size: self.changed.emit())
        self.swatches = [_Swatch(name, colour, self) for name, colour in INKS.items()]
        for swatch in self.swatches:
            swatch.clicked.connect(lambda _checked, colour=swatch.colour: self.take_colour(colour))
        self.more = IconButton("ri.palette-line", "Another colour", self._ask_colour)
        self._lay_out()
        self.take_colour(self.colour)

    @property
    def width_fraction(self) -> float:
        """How wide the pen is, as a fraction of the picture's side."""
        return self.thickness.value() / PERCENT

    def toggle(self, tool: Tool) -> None:
        """Takes a tool, or puts it away where it is in hand."""
        self.take(None if self.tool == tool else tool)

    def take(self, tool: Tool | None) -> None:
        """Takes a tool in place of the one before."""
        self.tool = tool
        for name, button in self.buttons.items():
            button.setChecked(name == tool)
        self.changed.emit()

    def take_colour(self, colour: str) -> None:
        """Dips the pen; an eraser in hand becomes a pen."""
        self.colour = colour
        for swatch in self.swatches:
            swatch.setChecked(swatch.colour == colour)
        self.take("pen" if self.tool == "eraser" else self.tool)

    def resize_by(self, steps: int) -> None:
        """A wider pen, or a thinner one."""
        follow(self.thickness, self.thickness.scale.rounded(self.thickness.value() * LARGER**steps))
        self.changed.emit()

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
        painter.setPen(QPen(QColor(theme.dim), 1))
        painter.setBrush(QColor(self.colour))
        painter.drawEllipse(around.adjusted(5, 5, -5, -5))
        painter.end()
