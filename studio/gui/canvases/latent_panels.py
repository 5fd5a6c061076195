"""The latent canvas's controls: all of them beside a big picture, or a few beside a small one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.canvases.component_group import ComponentSlider, LatentView
from studio.gui.canvases.components import ComponentsPanel, named_groups
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.pins import PinsPanel
from studio.gui.canvases.point_controls import PointControls
from studio.gui.canvases.rows import column, row
from studio.gui.canvases.status_label import CanvasStatus
from studio.gui.widgets.basics import Button, PrimaryButton

PANEL_WIDTH = 332
MARGIN = 16
FEW = 4
SCROLLS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class FullPanel(QWidget):
    """Everything, scrolling; what the canvas says and its two actions stay in place below.

    Attributes:
        point, pins, components, status: its parts.
        copy, save: its buttons.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.point = PointControls(editor, host.facts.labels)
        self.pins = PinsPanel(editor, host)
        self.components = ComponentsPanel(editor)
        self.status = CanvasStatus(host)
        self.copy = Button("Copy")
        self.copy.setToolTip("Copy the picture (Ctrl+C)")
        self.save = PrimaryButton("Save picture")
        self.save.setToolTip("Save the picture (Ctrl+S); a PNG carries the edit")
        self.setFixedWidth(PANEL_WIDTH)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        controls = column(spacing=20)
        controls.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
        for part in (self.point, self.pins, self.components):
            controls.addWidget(part)
        controls.addStretch(1)
        inside.setLayout(controls)
        scroll = _PanelScroll(inside, controls)
        below = column(spacing=12)
        below.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        self.status.setMinimumHeight(2 * self.status.fontMetrics().height())
        self.status.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        below.addWidget(self.status)
        actions = row(self.copy, self.save, spacing=8)
        for button in (self.copy, self.save):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        below.addLayout(actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(below)


class CompactPanel(QWidget):
    """Seed, class, truncation and the first components: for a small canvas beside something else.

    Attributes:
        point, status: its parts.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.point = PointControls(editor, host.facts.labels)
        self.status = CanvasStatus(host)
        self.sliders = [ComponentSlider(editor, index, named=True) for index in _few(editor)]
        layout = column()
        layout.addWidget(self.point)
        for slider in self.sliders:
            layout.addWidget(slider)
        layout.addSpacing(4)
        layout.addWidget(self.status)
        layout.addStretch(1)
        self.setLayout(layout)
        editor.changed.connect(self.show_document)
        self.show_document()

    def show_document(self) -> None:
        """Brings the sliders up to date."""
        view = LatentView.of(self._editor.document, self._editor.space)
        for slider in self.sliders:
            slider.show_view(view)


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


def _few(editor: LatentEditor) -> list[int]:
    """The first component of every group, then the next ones, as long as they are few."""
    groups = named_groups(editor.space)
    firsts = [(index - first, index) for _, first, stop in groups for index in range(first, min(stop, first + FEW))]
    return sorted(index for _, index in sorted(firsts)[:FEW])
