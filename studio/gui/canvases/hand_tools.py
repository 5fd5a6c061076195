"""The tool in a person's hand, and how wide it is. It is no part of the document: what it leaves there is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.rows import follow
from studio.gui.widgets.basics import IconButton
from studio.gui.widgets.slider import ValueSlider

SMALLEST = 0.5
LARGER = 1.25
PERCENT = 100

Tool = TypeVar("Tool", bound=str)


class HandTools(QWidget, Generic[Tool]):
    """A button a tool, and a slider.

    Args:
        tools: the icon and the words of each tool.
        name: what the tool with a width is called, in words for people.
        size, largest: how wide it is at first, and at most, in percent of the picture.

    Attributes:
        tool: what is in hand; None is nothing.
        buttons: one a tool.
        thickness: how wide it is, in percent of the picture.

    Signals:
        changed(): another tool, or the same one works otherwise.
    """

    changed = Signal()

    def __init__(
        self,
        tools: Mapping[Tool, tuple[str, str]],
        name: str,
        size: float,
        largest: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tool: Tool | None = None
        self.buttons = {tool: IconButton(*shown, partial(self.toggle, tool)) for tool, shown in tools.items()}
        for button in self.buttons.values():
            button.setCheckable(True)
        self.thickness = ValueSlider(SMALLEST, largest, size, log=True)
        self.thickness.setAccessibleName(f"{name} size in percent of the picture")
        self.thickness.setToolTip(f"How wide the {name.lower()} is, in percent of the picture: [ and ]")
        self.thickness.changed.connect(lambda _size: self.changed.emit())

    @property
    def width_fraction(self) -> float:
        """How wide the tool is, as a fraction of the picture's side."""
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

    def resize_by(self, steps: int) -> None:
        """A wider tool, or a thinner one."""
        follow(self.thickness, self.thickness.scale.rounded(self.thickness.value() * LARGER**steps))
        self.changed.emit()
