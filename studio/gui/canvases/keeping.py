"""Copying and saving a canvas's picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.edit.documents import EditEnvelope, save_picture
from studio.gui.canvases.carrying import mime_of

if TYPE_CHECKING:
    from studio.api.canvas import Document
    from studio.gui.canvases.host import CanvasHost

FOLDER_KEY = "play/folder"
NOT_IN_NAMES = re.compile(r"[^\w .\-()]+")
KINDS = "PNG, carries the edit (*.png);;JPEG (*.jpg *.jpeg);;WebP (*.webp)"


class PictureKeeper(QObject):
    """Puts pictures on the clipboard and into files, with the edit that made them, and says so.

    Attributes:
        ask: asks a person for a path, given a suggestion; empty where they think better of it.
    """

    def __init__(self, host: CanvasHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self._studio = host.studio
        self._parent = parent
        self.ask: Callable[[str], str] = self._ask

    def copy(self, pixels: np.ndarray, envelope: EditEnvelope) -> None:
        """Puts uint8 (H, W, 3) on the clipboard."""
        QGuiApplication.clipboard().setMimeData(mime_of(pixels, envelope))

    def save(self, document: Document, shown: np.ndarray, envelope: EditEnvelope, name: str) -> None:
        """Asks where, suggesting `name`, and writes the picture of `document` there, off the GUI thread.

        It is rendered anew, so that `ganvas render` gives the same pixels; `shown`, uint8 (H, W, 3), where that fails.
        """
        folder = self._studio.settings.value(FOLDER_KEY, _pictures())
        answer = self.ask(str(Path(str(folder)) / f"{name}.png"))
        if not answer:
            return
        path = Path(answer)
        path = path if path.suffix else path.with_name(f"{path.name}.png")
        self._studio.settings.setValue(FOLDER_KEY, str(path.parent))

        def write(pictures: np.ndarray | None) -> None:
            pixels = shown if pictures is None else pictures[0]
            self._studio.jobs.run(
                self._studio,  # a person hears of the file when the canvas has gone, too
                lambda: save_picture(path, pixels, envelope),
                lambda _nothing: self._tell_saved(path),
                self._tell_refused,
            )

        self._host.for_keeps(document, write)

    def _ask(self, suggestion: str) -> str:
        path, _ = QFileDialog.getSaveFileName(self._parent, "Save picture", suggestion, KINDS)
        return path

    def _tell_saved(self, path: Path) -> None:
        carries = "Drop it on Ganvas to go on from it." if path.suffix.lower() == ".png" else ""
        self._studio.notify(f"{path.name} is saved.", carries, level="good")

    def _tell_refused(self, error: Exception) -> None:
        self._studio.refuse(error, "The picture could not be saved.", "bad")


def file_stem(name: str) -> str:
    """A name that every file system takes, without an ending."""
    return NOT_IN_NAMES.sub("_", name).strip(" .") or "picture"


def _pictures() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
