"""The translation canvas's controls, beside its pictures."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStackedWidget, QWidget

from studio.edit.translation import TranslationDocument
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.rows import column, row, section
from studio.gui.canvases.translate_controls import ChanceControls, DirectionControls
from studio.gui.canvases.translate_pen import PenTools
from studio.gui.widgets.basics import Button, DimLabel


class TranslatePanel(CanvasPanel):
    """Everything.

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
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = Button("Open pictures")
        self.open.setToolTip("Put pictures in the strip (Ctrl+O); they can be dropped and pasted too")
        self.export = Button("Export all")
        self.export.setToolTip("Translate the whole strip into a folder (Ctrl+Shift+S)")
        self.cancel = Button("Cancel")
        self._words = DimLabel()
        self._words.setWordWrap(False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Exported")
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in (self._buttons(), self._progress()):
            self._stack.addWidget(widget)
        layout = column()
        layout.addLayout(section("Pictures"))
        layout.addWidget(self._stack)
        self.setLayout(layout)

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total` pictures are on disk."""
        self._words.setText(f"Exported {done:,} of {total:,}")
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._stack.setCurrentIndex(1)

    def show_buttons(self) -> None:
        """Nothing is written any more."""
        self._stack.setCurrentIndex(0)

    def _buttons(self) -> QWidget:
        made = QWidget()
        made.setLayout(row(self.open, self.export, spacing=8))
        for button in (self.open, self.export):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return made

    def _progress(self) -> QWidget:
        made = QWidget()
        left = column(spacing=4)
        left.addWidget(self._words)
        left.addWidget(self._bar)
        layout = row(left, self.cancel, spacing=12)
        layout.setStretch(0, 1)
        made.setLayout(layout)
        return made
