"""Layouts as JSON files, as `ganvas sample --layout` reads them: opened and saved off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.api.errors import StudioError
from studio.data.layout_files import Layout, object_seed
from studio.edit.documents import MAX_BYTES, read_envelope
from studio.edit.layout import LayoutDocument
from studio.edit.whole_files import write_whole
from studio.gui.canvases.keeping import FOLDER_KEY
from studio.gui.drops import dropped_paths

if TYPE_CHECKING:
    from studio.gui.studio import Studio

KINDS = "Layout (*.json)"
SUFFIX = ".json"


class LayoutKeeper(QObject):
    """Asks for files, reads and writes them, and says so.

    Attributes:
        ask_open, ask_save: ask a person for a path, given a suggestion; empty where they think better of it.

    Signals:
        opened(document): a layout was read; objects without a seed have got theirs.
        edit_found(path): the file is no plain layout but an edit that Ganvas saved.
    """

    opened = Signal(object)
    edit_found = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._parent = parent
        self.ask_open: Callable[[str], str] = self._ask_open
        self.ask_save: Callable[[str], str] = self._ask_save

    def open(self) -> None:
        """Asks which, and opens it; `opened` follows."""
        answer = self.ask_open(str(self._studio.settings.value(FOLDER_KEY, "")))
        if answer:
            self._studio.settings.setValue(FOLDER_KEY, str(Path(answer).parent))
            self.read(Path(answer))

    def read(self, path: Path) -> None:
        """Opens a file; `opened` or `edit_found` follows, or a notice that says why not."""

        def done(document: LayoutDocument | None) -> None:
            if document is None:
                self.edit_found.emit(path)
            else:
                self.opened.emit(document)

        self._studio.jobs.run(self, lambda: read_layout(path), done, self._refuse)

    def save(self, document: LayoutDocument, resolution: int, name: str) -> None:
        """Asks where, suggesting `name`, and writes the layout there."""
        try:
            content = document.to_layout(resolution).to_json()
        except StudioError as error:
            self._refuse(error)
            return
        answer = self.ask_save(str(Path(str(self._studio.settings.value(FOLDER_KEY, ""))) / f"{name}{SUFFIX}"))
        if not answer:
            return
        path = Path(answer)
        path = path if path.suffix else path.with_name(f"{path.name}{SUFFIX}")
        self._studio.settings.setValue(FOLDER_KEY, str(path.parent))
        studio = self._studio  # a person hears of the file when the canvas has gone, too
        studio.jobs.run(studio, lambda: _write(path, content), lambda _nothing: self._tell_saved(path), self._refuse)

    def _ask_open(self, folder: str) -> str:
        path, _ = QFileDialog.getOpenFileName(self._parent, "Open a layout", folder, KINDS)
        return path

    def _ask_save(self, suggestion: str) -> str:
        path, _ = QFileDialog.getSaveFileName(self._parent, "Save the layout", suggestion, KINDS)
        return path

    def _tell_saved(self, path: Path) -> None:
        self._studio.notify(f"{path.name} is saved.", f"`ganvas sample --layout {path.name}` draws it.", level="good")

    def _refuse(self, error: Exception) -> None:
        self._studio.refuse(error, "That could not be opened or saved.")


def layout_in(data: QMimeData) -> Path | None:
    """The JSON file in what was dropped; None where there is none."""
    paths = [path for path in dropped_paths(data) if path.suffix.lower() == SUFFIX]
    return paths[0] if paths else None


def read_layout(path: Path) -> LayoutDocument | None:
    """The layout in a file, with a seed for each object; None where it is an edit that Ganvas saved.

    An object without a seed gets the one that `ganvas sample` would give it. Runs off the GUI thread.

    Raises:
        StudioError: it is neither, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except OSError as error:
        raise StudioError(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        layout = Layout.parse(content, path.name)
    except StudioError:
        if not _is_edit(path):
            raise
        return None
    return LayoutDocument.of_layout(layout, lambda place, own: object_seed(0, place, own))


def _is_edit(path: Path) -> bool:
    try:
        read_envelope(path)
    except StudioError:
        return False
    return True


def _write(path: Path, content: str) -> None:
    try:
        write_whole(path, content.encode())
    except OSError as error:
        raise StudioError(f"{path.name} could not be written: {error.strerror}.", "Choose another folder.") from error
