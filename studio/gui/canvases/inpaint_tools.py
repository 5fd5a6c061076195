"""What a person masks with: brush, eraser, rectangle, lasso; how wide and how hard; and what acts on the whole mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtWidgets import QWidget

from studio.edit.inpaint import InpaintDocument
from studio.edit.inpaint_mask import WIDEST_FEATHER
from studio.gui.canvases.hand_tools import PERCENT, HandTools
from studio.gui.canvases.rows import column, follow, named, row, section
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.slider import ValueSlider

Tool = Literal["brush", "eraser", "rectangle", "lasso"]

TOOLS: Mapping[Tool, tuple[str, str]] = {
    "brush": ("ri.brush-line", "Brush (B); with Alt it erases"),
    "eraser": ("ri.eraser-line", "Eraser (E)"),
    "rectangle": ("ri.checkbox-blank-line", "Rectangle (M)"),
    "lasso": ("ri.shape-line", "Lasso (L)"),
}
SIZE, LARGEST = 12.0, 60.0
HARDER = 10.0


class MaskTools(HandTools[Tool]):
    """Marks what is to be filled.

    Attributes:
        invert, clear: buttons that act on the whole mask.
        hardness, feather: sliders, in percent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TOOLS, "Brush", SIZE, LARGEST, parent)
        self.invert = IconButton("ri.contrast-line", "Mask what is not masked (I)")
        self.clear = IconButton("ri.delete-bin-line", "Take the whole mask off (Backspace)")
        self.hardness = ValueSlider(0, PERCENT, PERCENT, integer=True)
        self.hardness.setAccessibleName("Brush hardness in percent")
        self.hardness.setToolTip("How much of the brush covers in full: Shift with [ and ]")
        self.feather = ValueSlider(0, WIDEST_FEATHER * PERCENT, 0, decimals=1)
        self.feather.setAccessibleName("Feather in percent of the picture")
        self.feather.setToolTip("How far the filling fades out around what is masked, in percent of the picture")
        self.hardness.changed.connect(lambda _value: self.changed.emit())
        self._lay_out()
        self.take("brush")

    @property
    def width_fraction(self) -> float:
        """How wide the brush is, as a fraction of the picture's side; 0 with a tool that has no width."""
        return super().width_fraction if self.tool in ("brush", "eraser") else 0.0

    @property
    def hard_fraction(self) -> float:
        """How much of the brush covers in full, 0 to 1."""
        return self.hardness.value() / PERCENT

    def swap(self) -> None:
        """Brush for eraser, and anything else for the brush."""
        self.take("eraser" if self.tool == "brush" else "brush")

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
