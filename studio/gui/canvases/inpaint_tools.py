"""What a person masks with: brush, eraser, rectangle, lasso; how wide and how hard; and what acts on the whole mask."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.edit.inpaint import InpaintDocument
from studio.edit.inpaint_mask import WIDEST_FEATHER
from studio.gui.canvases.rows import column, follow, named, row, section
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.slider import ValueSlider

Tool = Literal["brush", "eraser", "rectangle", "lasso"]

SMALLEST, LARGEST, SIZE = 0.5, 60.0, 12.0
LARGER = 1.25
HARDER = 10.0
PERCENT = 100


class MaskTools(QWidget):
    """The tool in a person's hand. It is no part of the document: what it marks is.

    Attributes:
        tool: what is in hand; None is nothing.
        buttons: one a tool.
        invert, clear: buttons that act on the whole mask.
        thickness, hardness, feather: sliders, in percent.

    Signals:
        changed(): another tool, width or hardness.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool: Tool | None = "brush"
        self.buttons: dict[Tool, IconButton] = {
            "brush": IconButton("ri.brush-line", "Brush (B); with Alt it erases", lambda: self.toggle("brush")),
            "eraser": IconButton("ri.eraser-line", "Eraser (E)", lambda: self.toggle("eraser")),
            "rectangle": IconButton("ri.checkbox-blank-line", "Rectangle (M)", lambda: self.toggle("rectangle")),
            "lasso": IconButton("ri.shape-line", "Lasso (L)", lambda: self.toggle("lasso")),
        }
        for button in self.buttons.values():
            button.setCheckable(True)
        self.invert = IconButton("ri.contrast-line", "Mask what is not masked (I)")
        self.clear = IconButton("ri.delete-bin-line", "Take the whole mask off (Backspace)")
        self.thickness = ValueSlider(SMALLEST, LARGEST, SIZE, log=True)
        self.thickness.setAccessibleName("Brush size in percent of the picture")
        self.thickness.setToolTip("How wide the brush is, in percent of the picture: [ and ]")
        self.hardness = ValueSlider(0, PERCENT, PERCENT, integer=True)
        self.hardness.setAccessibleName("Brush hardness in percent")
        self.hardness.setToolTip("How much of the brush covers in full: Shift with [ and ]")
        self.feather = ValueSlider(0, WIDEST_FEATHER * PERCENT, 0, decimals=1)
        self.feather.setAccessibleName("Feather in percent of the picture")
        self.feather.setToolTip("How far the filling fades out around what is masked, in percent of the picture")
        for slider in (self.thickness, self.hardness):
            slider.changed.connect(lambda _value: self.changed.emit())
        self._lay_out()
        self.take(self.tool)

    @property
    def width_fraction(self) -> float:
        """How wide the brush is, as a fraction of the picture's side; 0 with a tool that has no width."""
        return self.thickness.value() / PERCENT if self.tool in ("brush", "eraser") else 0.0

    @property
    def hard_fraction(self) -> float:
        """How much of the brush covers in full, 0 to 1."""
        return self.hardness.value() / PERCENT

    def toggle(self, tool: Tool) -> None:
        """Takes a tool, or puts it away where it is in hand."""
        self.take(None if self.tool == tool else tool)

    def take(self, tool: Tool | None) -> None:
        """Takes a tool in place of the one before."""
        self.tool = tool
        for name, button in self.buttons.items():
            button.setChecked(name == tool)
        self.changed.emit()

    def swap(self) -> None:
        """Brush for eraser, and anything else for the brush."""
        self.take("eraser" if self.tool == "brush" else "brush")

    def resize_by(self, steps: int) -> None:
        """A wider brush, or a thinner one."""
        follow(self.thickness, self.thickness.scale.rounded(self.thickness.value() * LARGER**steps))
        self.changed.emit()

    def harden_by(self, steps: int) -> None:
        """A harder brush, or a softer one."""
        follow(self.hardness, self.hardness.value() + HARDER * steps)
        self.changed.emit()

    def show_document(self, document: InpaintDocument) -> None:
        """Brings the controls up to date."""
        follow(self.feather, document.feather * PERCENT)
        self.clear.setEnabled(bool(document.marks))

    def _lay_out(self) -> None:
        layout = column()
        layout.addLayout(section("Mask", self.invert, self.clear))
        layout.addLayout(named("Tool", row(*self.buttons.values(), 1)))
        layout.addLayout(named("Size, %", self.thickness))
        layout.addLayout(named("Hardness, %", self.hardness))
        layout.addLayout(named("Feather, %", self.feather))
        self.setLayout(layout)
