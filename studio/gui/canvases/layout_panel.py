"""The layout canvas's controls: what to draw, what is there, files."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.layout_labels import LabelPicker
from studio.gui.canvases.layout_objects import ObjectList
from studio.gui.canvases.rows import column, row, section
from studio.gui.theme import CONTROL_PX
from studio.gui.widgets.basics import Button, DimLabel, IconButton

ROWS = 6


class DrawControls(QWidget):
    """What the next box will hold.

    Attributes:
        labels: the labels to choose from.
    """

    def __init__(self, editor: LayoutEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = LabelPicker(editor)
        layout = column()
        layout.addLayout(section("Draw"))
        layout.addWidget(self.labels)
        self.setLayout(layout)


class ObjectControls(QWidget):
    """The objects of the layout, and what can be done with those selected.

    Attributes:
        list: the objects.
        acts: the buttons that need something selected.
        resample, resample_all: other looks for what is selected, and for everything.
    """

    def __init__(self, editor: LayoutEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.list = ObjectList(editor)
        self.list.setFixedHeight(ROWS * CONTROL_PX)
        self.acts = (
            IconButton("ri.bring-forward", "Bring forward ( ] )", lambda: editor.step(1)),
            IconButton("ri.send-backward", "Send backward ( [ )", lambda: editor.step(-1)),
            IconButton("ri.file-copy-line", "Duplicate (Ctrl+D)", editor.duplicate),
            IconButton("ri.delete-bin-line", "Delete (Del)", editor.delete),
        )
        self.resample = Button("Resample looks", editor.resample)
        self.resample.setToolTip("Other looks for what is selected; the rest keeps its own (R)")
        self.resample_all = Button("Resample all", editor.resample_all)
        self.resample_all.setToolTip("Other looks for everything that is not locked (Shift+R)")
        for button in (self.resample, self.resample_all):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = column()
        layout.addLayout(section("Objects", *self.acts))
        layout.addWidget(self.list)
        layout.addLayout(row(self.resample, self.resample_all, spacing=8))
        self.setLayout(layout)
        editor.changed.connect(self._follow)
        editor.selection_changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        selected = bool(self._editor.selection)
        for button in (*self.acts, self.resample):
            button.setEnabled(selected)
        self.resample_all.setEnabled(bool(self._editor.document.objects))


class FileControls(QWidget):
    """Layouts as files, and whether the picture is shown behind the boxes.

    Attributes:
        open, save: the buttons.
        behind: the picture behind the boxes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = Button("Open layout…")
        self.open.setToolTip("Open a layout from a JSON file; dropping one here does the same")
        self.save = Button("Save layout…")
        self.save.setToolTip("Save the layout as JSON, for `ganvas sample --layout`")
        self.behind = QCheckBox("Picture behind the boxes")
        self.behind.setToolTip("Show the picture on the page that you draw on, too (B)")
        for button in (self.open, self.save):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = column()
        layout.addWidget(self.behind)
        layout.addLayout(row(self.open, self.save, spacing=8))
        self.setLayout(layout)


class Below(QWidget):
    """What belongs to one of the two squares, in a column."""

    def __init__(self, *parts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = column(spacing=8)
        for part in parts:
            layout.addWidget(part)
        layout.addStretch(1)
        self.setLayout(layout)


def headed(title: str, *parts: QWidget) -> QWidget:
    """A small heading, with what belongs beside it at the far end."""
    made = QWidget()
    made.setLayout(section(title, *parts))
    return made


def hint(text: str) -> DimLabel:
    """A line that need not be read."""
    label = DimLabel(text)
    label.setProperty("look", "small")
    return label
