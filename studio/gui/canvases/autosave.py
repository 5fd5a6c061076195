"""Documents written shortly after they change, off the GUI thread, in order and whole."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, read_envelope, write_envelope

if TYPE_CHECKING:
    from studio.gui.studio import Studio

REST_MS = 500


class _File:
    """One file that threads write in turn; what was meant earlier never overwrites what was meant later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._written = 0

    def write(self, number: int, envelope: EditEnvelope) -> None:
        with self._lock:
            if number > self._written:
                write_envelope(self._path, envelope)
                self._written = number


class Autosave(QObject):
    """Keeps the newest document of one canvas in one file.

    Attributes:
        path: the file.
        refusals: how many times in a row it could not be written; a person is told of the first.
    """

    def __init__(self, studio: Studio, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._studio = studio
        self._file = _File(path)
        self._unsaved: EditEnvelope | None = None
        self._number = 0
        self.refusals = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._write)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.flush)

    def save(self, envelope: EditEnvelope) -> None:
        """Writes `envelope` half a second after the last call."""
        self._unsaved = envelope
        self._number += 1
        self._rest.start()

    def flush(self) -> None:
        """Writes what is unsaved now, before returning."""
        self._rest.stop()
        if self._unsaved is not None:
            envelope, self._unsaved = self._unsaved, None
            with suppress(StudioError):
                self._file.write(self._number, envelope)

    def _write(self) -> None:
        envelope, self._unsaved = self._unsaved, None
        if envelope is not None:
            number = self._number
            self._studio.jobs.run(lambda: self._file.write(number, envelope), self._written, self._refused)

    def _written(self, _nothing: None) -> None:
        self.refusals = 0

    def _refused(self, error: Exception) -> None:
        self.refusals += 1
        if self.refusals == 1:
            remedy = error.remedy if isinstance(error, StudioError) else ""
            message = error.message if isinstance(error, StudioError) else str(error)
            self._studio.notify(f"This edit is not being saved. {message}", remedy, level="warn")


def read_kept(path: Path) -> EditEnvelope | None:
    """The document that was kept at `path`; None where there is none or it cannot be read."""
    try:
        return read_envelope(path)
    except StudioError:
        return None
