"""Exporting the strip, as a person meets it: which folder, how far, a way out, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.edit.translation import TranslationDocument
from studio.gui import words
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.translate_export import BatchExport
from studio.gui.canvases.translate_panel import StripControls

FOLDER_KEY = "play/translate/export"


class Exporting(QObject):
    """Brings the buttons and the work together.

    Attributes:
        work: what writes.
        ask: asks for a folder, given a suggestion; empty where a person thinks better of it.
    """

    def __init__(
        self, editor: DocumentEditor[TranslationDocument], host: CanvasHost, controls: StripControls, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._studio = host.studio
        self._controls = controls
        self._parent = parent
        self.work = BatchExport(host, self)
        self.ask: Callable[[str], str] = self._ask
        controls.export.clicked.connect(lambda _checked: self.begin())
        controls.cancel.clicked.connect(lambda _checked: self.give_up())
        host.would_lose(lambda: self.work.running, "Not all pictures of the strip are exported yet.")
        self.work.progressed.connect(controls.show_progress)
        self.work.finished.connect(self._tell_finished)
        self.work.stopped.connect(self._tell_stopped)

    def begin(self) -> None:
        """Asks for a folder, and translates the strip into it; blank sheets are left out."""
        document = self._editor.document.filled
        if not document.inputs or self.work.running:
            return
        folder = self.ask(str(self._studio.settings.value(FOLDER_KEY, "")))
        if folder:
            self._studio.settings.setValue(FOLDER_KEY, folder)
            self.work.start(document, Path(folder))

    def give_up(self) -> None:
        """Writes no more; what is written stays."""
        self.work.cancel()
        self._controls.show_buttons()

    def _ask(self, suggestion: str) -> str:
        return QFileDialog.getExistingDirectory(self._parent, "Export all translations into", suggestion)

    def _tell_finished(self, count: int, folder: str) -> None:
        self._controls.show_buttons()
        are = "is" if count == 1 else "are"
        self._studio.notify(f"{words.counted(count, 'picture')} {are} in {folder}.", level="good")

    def _tell_stopped(self, message: str, remedy: str) -> None:
        self._controls.show_buttons()
        self._studio.notify(message, remedy, level="bad")
