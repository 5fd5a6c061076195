"""The inpainting canvas's controls, beside its picture."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.edit.inpaint import InpaintDocument
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.inpaint_editor import InpaintEditor
from studio.gui.canvases.inpaint_search_controls import SearchControls
from studio.gui.canvases.inpaint_tools import MaskTools
from studio.gui.canvases.rows import column, named, row, section
from studio.gui.widgets.basics import Button, Tabs

VIEWS = ("Mask", "Split", "Result")
MASK, SPLIT, RESULT = range(len(VIEWS))


class PictureControls(QWidget):
    """Where the picture comes from, and how it is shown.

    Attributes:
        open, generate: buttons.
        view: which of `VIEWS` is shown.

    Signals:
        view_chosen(view): a person chose how to look at it.
    """

    view_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = Button("Open a picture")
        self.open.setToolTip("Open a picture (Ctrl+O); it can be dropped and pasted too")
        self.generate = Button("Generate one")
        self.generate.setToolTip("Take a picture that the model draws at random (G); Shift+G takes the Latent canvas's")
        for button in (self.open, self.generate):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.view = Tabs(VIEWS)
        self.view.setAccessibleName("View")
        for index in range(len(VIEWS)):
            self.view.setTabToolTip(index, "V changes the view")
        self.view.currentChanged.connect(self.view_chosen)
        layout = column()
        layout.addLayout(section("Picture"))
        layout.addLayout(row(self.open, self.generate, spacing=8))
        layout.addLayout(named("View", row(self.view, 1), self.view))
        self.setLayout(layout)

    def show_view(self, view: int, *, fixed: bool) -> None:
        """Which view is shown, and whether there is no choice now."""
        blocked = self.view.blockSignals(True)
        self.view.setCurrentIndex(view)
        self.view.blockSignals(blocked)
        self.view.setEnabled(not fixed)


class InpaintPanel(CanvasPanel):
    """All controls of the inpainting canvas.

    Attributes:
        picture, tools, search: its parts.
    """

    def __init__(self, editor: InpaintEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        self.picture = PictureControls()
        self.tools = MaskTools()
        self.search = SearchControls(editor, host.facts.labels)
        super().__init__((self.picture, self.tools, self.search), host, parent)

    def show_document(self, document: InpaintDocument) -> None:
        """Brings the controls up to date."""
        self.tools.show_document(document)
        self.search.show_document(document)
        for button in (self.copy, self.save):
            button.setEnabled(document.picture is not None)
