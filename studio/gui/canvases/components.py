"""All of z in its named groups."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.api.capabilities import LatentSpace
from studio.gui.canvases.component_group import WHOLE, ComponentGroup, LatentView
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.rows import column, section
from studio.gui.widgets.basics import IconButton

OPEN_ROWS = 24
GO_WIDTH = 92


def named_groups(space: LatentSpace) -> list[tuple[str, int, int]]:
    """Every stretch of z as (name, first, one past last) in order; what the space does not name is called z."""
    found: list[tuple[str, int, int]] = []
    reached = 0
    for name, (first, stop) in sorted(space.groups.items(), key=lambda item: item[1]):
        if first > reached:
            found.append(("z", reached, first))
        found.append((name, first, stop))
        reached = max(reached, stop)
    if reached < space.dim:
        found.append(("z", reached, space.dim))
    return found


class ComponentsPanel(QWidget):
    """A group a named stretch of z, the first ones open.

    Attributes:
        groups: in order.
        go: a box that goes to a component by its index.
    """

    def __init__(self, editor: LatentEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        groups = named_groups(editor.space)
        self.groups = [ComponentGroup(editor, *group, alone=len(groups) == 1) for group in groups]
        self.go = QLineEdit()
        self.go.setPlaceholderText("Go to index")
        self.go.setAccessibleName("Go to a component by its index")
        self.go.setToolTip(f"A component of z, 0 to {editor.space.dim - 1}")
        self.go.setFixedWidth(GO_WIDTH)
        self.go.setValidator(QIntValidator(0, editor.space.dim - 1, self.go))
        self.go.returnPressed.connect(self._go_to)
        self.go.setVisible(editor.space.dim > WHOLE)
        reset = IconButton("ri.restart-line", "Reset z and truncation, keep the seed", self.reset)
        layout = column(spacing=4)
        layout.addLayout(section("Latent z", self.go, reset))
        for group in self.groups:
            layout.addWidget(group)
        self.setLayout(layout)
        self._open_first()
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings every open group up to date."""
        view = LatentView.of(self._editor.document, self._editor.space)
        for group in self.groups:
            group.show_view(view)

    def go_to(self, index: int) -> None:
        """Shows the slider of a component and puts the focus on it."""
        for group in self.groups:
            if group.first <= index < group.stop:
                group.go_to(index)

    def reset(self) -> None:
        """Back to the seed's own z, with psi 1."""
        self._editor.edit(self._editor.document.reset(), "Reset")

    def _open_first(self) -> None:
        rows = 0
        for group in self.groups:
            rows += group.shown
            group.set_open(rows <= OPEN_ROWS or group is self.groups[0])

    def _go_to(self) -> None:
        index = int(self.go.text())
        self.go.clear()
        self.go_to(index)
