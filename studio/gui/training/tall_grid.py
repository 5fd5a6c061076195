"""A picture grid that takes the height its width asks for."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui.widgets.picture_grid import PictureGrid


class TallGrid(PictureGrid):
    """A `PictureGrid` in a column. A fixed height would hold it at its size hint, at whatever width it really has."""

    def __init__(self, parent: QWidget | None = None, *, cell: int, columns: int, reserve: int) -> None:
        super().__init__(parent, cell=cell, columns=columns, reserve=reserve)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
