"""A part of a form that is folded away until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from studio.gui.theme import CONTROL_PX


class FoldHeading(QToolButton):
    """A heading to click on; its arrow says whether what it folds away is shown."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "fold")
        self.setText(title)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFixedHeight(CONTROL_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_open(self, open_: bool) -> None:
        """Says, to screen readers too, whether it is shown."""
        self.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.setAccessibleName(f"{self.text()}, {'open' if open_ else 'folded'}")


class Fold(QWidget):
    """A heading with an arrow, and what it folds away.

    Args:
        title: the heading.
        body: shown and hidden; becomes a child.
    """

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self.button = FoldHeading(title, self)
        self.button.setCheckable(True)
        self.button.toggled.connect(self.set_open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(body)
        self.set_open(False)

    def is_open(self) -> bool:
        """Whether the body is shown."""
        return self.button.isChecked()

    def set_open(self, open_: bool) -> None:
        """Shows or hides the body."""
        self.button.setChecked(open_)
        self.button.show_open(open_)
        self._body.setVisible(open_)
