"""Exporting a walk, as a person meets it: where to, and what came of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.engine.film_writers import NO_PYAV, NO_PYAV_REMEDY
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.walk_editor import WalkEditor
from studio.gui.canvases.walk_export import FilmExport
from studio.gui.canvases.walk_film import KINDS, FilmControls

FOLDER_KEY, KIND_KEY = "play/walk/folder", "play/walk/kind"


class FilmMaking(QObject):
    """Brings the controls and the work together.

    Attributes:
        work: what writes.
        ask: asks for a path, given a suggestion; empty where a person thinks better of it.
    """

    def __init__(self, editor: WalkEditor, host: CanvasHost, controls: FilmControls, parent: QWidget) -> None:
        super().__init__(parent)
        self._editor = editor
        self._host = host
        self._studio = host.studio
        self._controls = controls
        self._parent = parent
        self.work = FilmExport(host, self)
        self.ask: Callable[[str], str] = self._ask
        kept = str(self._studio.settings.value(KIND_KEY, KINDS[0][1]))
        controls.kind.setCurrentIndex(max(controls.kind.findData(kept), 0))
        controls.export.clicked.connect(lambda _checked: self.begin())
        controls.cancel.clicked.connect(lambda _checked: self.give_up())
        host.would_lose(lambda: self.work.running, "The film that is being made is lost.")
        self.work.progressed.connect(controls.show_progress)
        self.work.finished.connect(self._tell_finished)
        self.work.stopped.connect(self._tell_stopped)

    def begin(self) -> None:
        """Asks where to, and makes the film."""
        document, suffix = self._editor.document, self._controls.suffix
        if not document.keyframes or self.work.running:
            return
        if suffix == ".mp4" and importlib.util.find_spec("av") is None:
            self._studio.notify(NO_PYAV, NO_PYAV_REMEDY, level="warn")
            return
        folder = Path(str(self._studio.settings.value(FOLDER_KEY, _films())))
        answer = self.ask(str(_free(folder / f"{self._host.facts.model}-walk{suffix}")))
        if answer:
            path = Path(answer)
            path = path if not suffix or path.suffix.lower() == suffix else path.with_name(path.name + suffix)
            self._studio.settings.setValue(FOLDER_KEY, str(path.parent))
            self._studio.settings.setValue(KIND_KEY, suffix)
            self.work.start(document, path, self._controls.scale)

    def give_up(self) -> None:
        """Makes it no more; nothing stays."""
        self.work.cancel()
        self._controls.show_buttons()

    def _ask(self, suggestion: str) -> str:
        kind, suffix = self._controls.kind.currentText(), self._controls.suffix
        filters = f"{kind} (*{suffix})" if suffix else "New folder (*)"
        path, _ = QFileDialog.getSaveFileName(self._parent, f"Export {kind}", suggestion, filters)
        return path

    def _tell_finished(self, path: Path, remark: str) -> None:
        self._controls.show_buttons()
        self._studio.notify(f"{path.name} is in {path.parent}.", remark, level="good")

    def _tell_stopped(self, message: str, remedy: str) -> None:
        self._controls.show_buttons()
        self._studio.notify(message, remedy, level="bad")


def _films() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)


def _free(path: Path) -> Path:
    """The path, or the next one like it where nothing is yet."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return free
