"""How pictures get onto a canvas that takes them in: dropped, pasted, opened, or taken from the run's own data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.edit.translation import MOST_INPUTS
from studio.gui import words
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.input_incoming import CARRIES, Incoming, Reading, bring_in, examples, pasted
from studio.gui.drops import PICTURES, dropped_paths

WATCH_MS = 150
FOLDER_KEY = "play/translate/folder"
KINDS = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif)"
READABLE = (*PICTURES, *CARRIES, ".zip")


class Arrivals(QObject):
    """Decodes what comes off the GUI thread, and says what could not be used.

    Args:
        host: the canvas's door to the studio.
        parent: the canvas.
        most: how many pictures it takes at a time.

    Attributes:
        ask: asks a person for files, given a folder to begin in; none where they think better of it.

    Signals:
        arrived(inputs): pictures are here: a list of `TranslationInput`.
        examples_arrived(inputs): so are the run's own; empty where its data cannot be opened.
        said(text): something to say for a few seconds.
    """

    arrived = Signal(list)
    examples_arrived = Signal(list)
    said = Signal(str)

    def __init__(self, host: CanvasHost, parent: QWidget, most: int = MOST_INPUTS) -> None:
        super().__init__(parent)
        self._host = host
        self._parent = parent
        self._most = most
        self.ask: Callable[[str], Sequence[str]] = self._ask
        self._reading: Reading | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self._say_how_far)

    def open(self) -> None:
        """Asks which pictures, and reads them."""
        settings = self._host.studio.settings
        answer = [Path(name) for name in self.ask(str(settings.value(FOLDER_KEY, "")))]
        if answer:
            settings.setValue(FOLDER_KEY, str(answer[0].parent))
            self.read(answer)

    def read(self, paths: Sequence[Path]) -> None:
        """Reads files, folders and zips."""
        self.stop()
        reading, resolution, most = Reading(), self._host.facts.resolution, self._most
        self._reading = reading
        self._watch.start()
        self._host.studio.jobs.run(self, lambda: bring_in(paths, resolution, reading, most), self._take, self._fail)

    def stop(self) -> bool:
        """Reads no further; what was read comes in. Whether there was anything to stop."""
        if self._reading is None:
            return False
        self._reading.stopped.set()
        return True

    def paste(self, *, alone: bool = False) -> bool:
        """Takes what is on the clipboard; whether there was a picture on it."""
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # there may be no clipboard at all
        return data is not None and self.take(data, alone=alone)

    def take(self, data: QMimeData, *, alone: bool = False) -> bool:
        """Takes what was dropped or pasted; whether there was a picture in it.

        A picture that was copied on a canvas comes with its edit, and is the page's to open, unless `alone`.
        """
        if not brings_pictures(data, alone=alone):
            return False
        paths = [path for path in dropped_paths(data) if _is_readable(path)]
        if paths:
            self.read(paths)
        else:
            pixels, resolution = _pixels_of(data.imageData()), self._host.facts.resolution
            self._host.studio.jobs.run(self, lambda: pasted(pixels, resolution), self._take, self._fail)
        return True

    def look_for_examples(self) -> None:
        """Takes a few pictures of the run's own data."""
        host = self._host
        offered = tuple(host.studio.host.datasets())
        host.studio.jobs.run(
            self,
            lambda: examples(host.run, offered, host.facts.directions, host.facts.resolution),
            lambda found: self.examples_arrived.emit(list(found)),
            lambda _error: self.examples_arrived.emit([]),
        )

    def _ask(self, folder: str) -> Sequence[str]:
        names, _ = QFileDialog.getOpenFileNames(self._parent, "Open pictures", folder, KINDS)
        return names

    def _say_how_far(self) -> None:
        if self._host.studio.jobs.closing.is_set():
            self.stop()
        if self._reading is not None and self._reading.total > 1:
            self.said.emit(f"Reading picture {self._reading.done + 1} of {self._reading.total}. Esc stops.")

    def _end(self) -> None:
        self._reading = None
        self._watch.stop()

    def _take(self, found: Incoming) -> None:
        self._end()
        if found.edit is not None:
            self._host.edit_wanted.emit(found.edit)
            return
        self._tell(found)
        self.said.emit(words.counted(len(found.inputs), "picture") + " came in." if found.inputs else "")
        if found.inputs:
            self.arrived.emit(list(found.inputs))

    def _tell(self, found: Incoming) -> None:
        notify = self._host.studio.notify
        if found.refused and not found.inputs and len(found.refused) == 1:
            notify(found.refused[0], level="warn")
        elif found.refused:
            count = words.counted(len(found.refused), "file")
            notify(f"{count} cannot be used.", "", "\n".join(found.refused), "warn")
        if found.more and self._most == 1:
            notify("This canvas takes one picture at a time: the first came in.", level="warn")
        elif found.more:
            more = words.counted(found.more, "more picture")
            remedy = "`ganvas translate` takes folders of any size."
            notify(f"{more} did not fit into the strip.", remedy, level="warn")

    def _fail(self, error: Exception) -> None:
        self._end()
        self._host.studio.notify("That could not be read.", "", f"{type(error).__name__}: {error}", "bad")


def brings_pictures(data: QMimeData, *, alone: bool = False) -> bool:
    """Whether there are pictures in what is dropped or pasted, or a file that may carry an edit."""
    if data.hasFormat(EDIT_TYPE) and not alone:
        return False
    return any(_is_readable(path) for path in dropped_paths(data)) or (not data.hasUrls() and data.hasImage())


def _is_readable(path: Path) -> bool:
    return path.suffix.lower() in READABLE or path.is_dir()


def _pixels_of(image: QImage) -> np.ndarray:
    """A picture as uint8 (H, W, 3), on white where it is transparent."""
    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3).copy()
