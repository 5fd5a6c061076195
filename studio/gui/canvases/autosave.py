"""Documents written shortly after they change, off the GUI thread, in order and whole."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, read_envelope, write_envelope
from studio.edit.whole_files import sweep
from studio.engine.ownership import Ownership
from studio.gui.canvases.run_folder import make_edits

if TYPE_CHECKING:
    from studio.gui.studio import Studio

REST_MS = 500
AGAIN_MS = 5_000
LONGEST_SECONDS = 10.0  # a hand that never rests loses no more
LOCK = "edits.lock"
REMEDY = "Changes here are not kept until it is closed there."


class _File:
    """One file that threads write in turn; what was meant earlier never overwrites what was meant later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._written = 0
        self._ownership = Ownership(path.parent.parent / LOCK, shared=True)
        self._owned = False

    def write(self, number: int, envelope: EditEnvelope) -> None:
        with self._lock:
            if number > self._written:
                make_edits(self._path.parent)
                self._own()
                write_envelope(self._path, envelope)
                self._written = number

    def let_go(self) -> None:
        with self._lock:
            if self._owned:
                self._ownership.release()
                self._owned = False

    def _own(self) -> None:
        """Of two windows on one run, the one that changed something first writes; asked again at every write."""
        if not self._owned:
            self._ownership.take("What is made of this run is being changed in", REMEDY)
            self._owned = True
            sweep(self._path.parent)


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
        self._since = 0.0
        self._open = True
        self.refusals = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._write)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.flush)

    def save(self, envelope: EditEnvelope) -> None:
        """Writes `envelope` half a second after the last call, and every ten seconds while calls keep coming.

        What cannot be written is tried again every five seconds.
        """
        now = time.monotonic()
        if self._unsaved is None:
            self._since = now
        self._unsaved = envelope
        self._number += 1
        if now - self._since >= LONGEST_SECONDS:
            self._rest.stop()
            self._write()
        else:
            self._rest.start(REST_MS)

    def flush(self) -> None:
        """Writes what is unsaved now, before returning."""
        self._rest.stop()
        if self._unsaved is not None:
            envelope, self._unsaved = self._unsaved, None
            with suppress(StudioError):
                self._file.write(self._number, envelope)

    def close(self) -> None:
        """Writes what is unsaved, and lets another window write."""
        self._open = False
        self.flush()
        self._file.let_go()

    def _write(self) -> None:
        envelope, self._unsaved = self._unsaved, None
        if envelope is not None:
            number = self._number
            self._studio.jobs.run(
                self,
                lambda: self._file.write(number, envelope),
                self._written,
                lambda error: self._refused(envelope, error),
            )

    def _written(self, _nothing: None) -> None:
        if self.refusals:
            self._studio.notify("This edit is saved again.", level="good")
        self.refusals = 0

    def _refused(self, envelope: EditEnvelope, error: Exception) -> None:
        """Tells a person once, and tries again by and by, and as the canvas closes."""
        self.refusals += 1
        if self._unsaved is None and self._open:
            self._unsaved, self._since = envelope, time.monotonic()
            self._rest.start(AGAIN_MS)
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
