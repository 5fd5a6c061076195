"""Notes where a person has come to rest, and keeps what gets a star."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.history_model import HistoryEntry, HistoryModel, Remembered
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.kept_pictures import keep, kept, let_go

REST_MS = 500
FOLDER = "kept"
NO_PIXELS = np.zeros((1, 1, 3), np.uint8)

Document = TypeVar("Document", bound=Remembered)


class DocumentHistory(QObject, Generic[Document]):
    """Adds an entry when the document has stood still for half a second and its picture is there.

    A canvas says in a subclass what its documents look like, what to call them, and how to go back to one.

    Attributes:
        entries: for the strip.
    """

    def __init__(self, editor: DocumentEditor[Document], host: CanvasHost, parent: QObject | None = None) -> None:
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
            host.studio.jobs.run(
                self, lambda: kept(folder, host.canvas, self._opened), self.entries.restore, self._tell
            )

    def noted(self, document: Document) -> Document | None:
        """What an entry keeps of the document; None where there is nothing to note."""
        return document

    def look(self, document: Document) -> bytes:
        """All of a document that decides its picture."""
        raise NotImplementedError

    def title(self, document: Document) -> str:
        """What a person calls it."""
        raise NotImplementedError

    def read(self, values: object) -> Document:
        """The document of a kept picture. Runs off the GUI thread.

        Raises:
            StudioError: it was made with another model.
        """
        raise NotImplementedError

    def returned(self, now: Document, then: Document) -> Document:
        """The document `now` with the picture of `then`.

        Raises:
            StudioError: it cannot have it.
        """
        raise NotImplementedError

    def go_to(self, row: int) -> None:
        """Goes back to an entry; one undo step."""
        then: Any = self.entries.entry(row).document
        try:
            document = self.returned(self._editor.document, then)
        except StudioError as error:
            self._tell(error)
            return
        self._editor.edit(document, "Go back to a picture")

    def star(self) -> bool:
        """Gives the picture that is shown a star, now; False while there is none, or where it has one."""
        if self._pixels is None or not self._host.up_to_date:
            return False
        self._note()
        if not self.entries.rowCount() or self.entries.entry(0).kept:
            return False
        self.entries.toggle(0)
        return True

    def _opened(self, envelope: EditEnvelope) -> HistoryEntry:
        document = self.read(envelope.document)
        return HistoryEntry(document, self.look(document), self.title(document), NO_PIXELS, envelope.step)

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
        document = self.noted(self._editor.document)
        if document is not None:
            entry = HistoryEntry(document, self.look(document), self.title(document), self._pixels, self._host.step)
            self.entries.add(entry)

    def _keep(self, folder: Path, entry: HistoryEntry) -> None:
        envelope = self._host.envelope(entry.document.to_json(), entry.step)
        self._run(lambda: keep(folder, entry, envelope))

    def _run(self, work: Callable[[], None]) -> None:
        studio = self._host.studio  # a person hears of a failure when the canvas has gone, too
        studio.jobs.run(studio, work, lambda _nothing: None, self._tell)

    def _tell(self, error: Exception) -> None:
        self._host.studio.refuse(error, level="bad")
