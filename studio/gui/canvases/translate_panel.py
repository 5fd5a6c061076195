"""The translation canvas's controls, beside its pictures."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.edit.translation import TranslationDocument
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.rows import column, section
from studio.gui.canvases.translate_controls import ChanceControls, DirectionControls
from studio.gui.canvases.translate_pen import PenTools
from studio.gui.canvases.work_buttons import WorkButtons
from studio.gui.widgets.basics import Button


class TranslatePanel(CanvasPanel):
    """All controls of the translation canvas.

    Attributes:
        direction, pen, chance, strip: its parts.
    """

    def __init__(self, host: CanvasHost, parent: QWidget | None = None) -> None:
        self.direction = DirectionControls(host.facts.directions)
        self.pen = PenTools()
        self.chance = ChanceControls()
        self.strip = StripControls()
        super().__init__((self.direction, self.pen, self.strip, self.chance), host, parent)
        self.chance.hide()

    def show_document(self, document: TranslationDocument) -> None:
        """Brings the controls up to date."""
        self.direction.show_document(document)
        self.chance.show_document(document)
        for button in (self.copy, self.save):
            button.setEnabled(document.shown is not None and not document.shown.blank)
        self.strip.export.setEnabled(bool(document.filled.inputs))
        self.pen.clear.setEnabled(document.shown is not None and bool(document.shown.strokes))


class StripControls(QWidget):
    """Pictures in, translations out; while these are written, how far, and a way out of it.

    Attributes:
        open, export, cancel: buttons.
        progress: what they stand in.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = Button("Open pictures")
        self.open.setToolTip("Put pictures in the strip (Ctrl+O); they can be dropped and pasted too")
        self.export = Button("Export all")
        self.export.setToolTip("Translate the whole strip into a folder (Ctrl+Shift+S)")
        self.cancel = Button("Cancel")
        self.progress = WorkButtons("Exported", (self.open, self.export), (self.cancel,))
        layout = column()
        layout.addLayout(section("Pictures"))
        layout.addWidget(self.progress)
        self.setLayout(layout)

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total` pictures are on disk."""
        self.progress.show_progress(f"Exported {done:,} of {total:,}", done, total)

    def show_buttons(self) -> None:
        """Nothing is written any more."""
        self.progress.show_buttons()
