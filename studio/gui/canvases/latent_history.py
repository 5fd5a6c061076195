"""Notes where a person has come to rest, and keeps what gets a star."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer

from studio.api.errors import StudioError
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.history_model import HistoryEntry, HistoryModel
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.kept_pictures import keep, kept, let_go, look

REST_MS = 500
FOLDER = "kept"


class LatentHistory(QObject):
    """Adds an entry when the document has stood still for half a second and its picture is there.

    Attributes:
        entries: for the strip.
    """

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries = HistoryModel(self)
        self._editor = editor
        self._host = host
        self._pixels: np.ndarray | None = None
        self._owed = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        editor.changed.connect(self._move)
        host.rendered.connect(self._take)
        if host.keeps is not None:
            folder = host.keeps / FOLDER
            self.entries.kept.connect(lambda entry: self._keep(folder, entry))
            self.entries.let_go.connect(lambda entry: self._run(lambda: let_go(folder, entry)))
            host.studio.jobs.run(lambda: kept(folder, editor.space), self.entries.restore, self._tell)

    def go_to(self, row: int) -> None:
        """Goes back to an entry; one undo step."""
        editor = self._editor
        editor.edit(editor.document.showing(self.entries.entry(row).document, editor.space), "Go back to a picture")

    def _move(self) -> None:
        self._owed = False
        self._rest.start()

    def _come_to_rest(self) -> None:
        self._owed = True
        if self._host.up_to_date and self._pixels is not None:
            self._note()

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        self._pixels = pictures[0]
        if self._owed and self._host.up_to_date:
            self._note()

    def _note(self) -> None:
        assert self._pixels is not None
        self._owed = False
        document = self._editor.document
        self.entries.add(HistoryEntry(document, look(document, self._editor.space), self._pixels, self._host.step))

    def _keep(self, folder: Path, entry: HistoryEntry) -> None:
        envelope = self._host.envelope(entry.document.to_json(), entry.step)
        self._run(lambda: keep(folder, entry, envelope))

    def _run(self, work: Callable[[], None]) -> None:
        self._host.studio.jobs.run(work, lambda _nothing: None, self._tell)

    def _tell(self, error: Exception) -> None:
        message = error.message if isinstance(error, StudioError) else str(error)
        remedy = error.remedy if isinstance(error, StudioError) else ""
        self._host.studio.notify(message, remedy, level="bad")
