"""Which way it goes from one point to another."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.edit.interpolation import Interpolation
from studio.gui.widgets.calm_combo import CalmComboBox

PATHS: tuple[tuple[str, Interpolation], ...] = (("Along the arc", "slerp"), ("In a line", "lerp"))


class PathBox(CalmComboBox):
    """The ways to choose from.

    Args:
        name: between what, for screen readers.

    Signals:
        chosen(path): a person chose an `Interpolation`.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for words, kind in PATHS:
            self.addItem(words, kind)
        self.setAccessibleName(name)
        self.setToolTip("Along the arc z keeps its length, as G expects; in a line it passes nearer to 0")
        self.activated.connect(lambda index: self.chosen.emit(PATHS[index][1]))

    def show_path(self, path: Interpolation) -> None:
        """Shows the one that is taken."""
        self.setCurrentIndex(self.findData(path))
