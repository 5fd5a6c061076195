"""The whole strip, translated into a folder: one PNG each, with progress, and given up at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.edit.documents import EditEnvelope, save_picture
from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.gui.canvases.channel import RenderChannel
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keeping import file_stem

AT_ONCE = 4
RELOADED = "The model was loaded anew during the export, with other weights.", "Export the strip again."


class BatchExport(QObject):
    """Asks for a few translations at a time, and for the next ones when these are on disk; all have the same weights.

    Signals:
        progressed(done, total): pictures are on disk.
        finished(done, folder): all of them are.
        stopped(message, remedy): it cannot go on.
    """

    progressed = Signal(int, int)
    finished = Signal(int, str)
    stopped = Signal(str, str)

    def __init__(self, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._channel: RenderChannel | None = None
        self._document = TranslationDocument()
        self._folder = Path()
        self._names: list[str] = []
        self._written = 0
        self._number = 0
        self._step: int | None = None

    @property
    def running(self) -> bool:
        """Whether pictures are still to be written."""
        return bool(self._names)

    def start(self, document: TranslationDocument, folder: Path) -> None:
        """Translates every input of `document` into `folder`; nothing that is there is overwritten."""
        self._document, self._folder = document, folder
        self._names = _names(document.inputs)
        self._written = 0
        self._step = None
        self._number += 1
        purpose = f"export-{self._number}"  # an answer to an export given up goes nowhere
        self._channel = self._host.channel(purpose, held=True)
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(lambda message: self._stop(message, "Nothing more is written."))
        self.progressed.emit(0, len(self._names))
        self._ask()

    def cancel(self) -> None:
        """Gives up; what is written stays."""
        self._end()
        self._number += 1

    def _end(self) -> None:
        self._names = []
        if self._channel is not None:
            self._channel.close()
            self._channel.deleteLater()
            self._channel = None

    def _ask(self) -> None:
        if self._channel is not None:
            inputs = self._document.inputs[self._written : self._written + AT_ONCE]
            resolution = self._host.facts.resolution
            pictures = np.stack([one.pixels(Paper(resolution)) for one in inputs])
            self._channel.request(TranslationRequest(pictures, self._document.direction, self._document.seed))

    def _take(self, pictures: np.ndarray, _milliseconds: float, step: int) -> None:
        if self._step not in (None, step):
            self._stop(*RELOADED)
            return
        self._step = step
        self._write([self._work(self._written + index, picture, step) for index, picture in enumerate(pictures)])

    def _work(self, index: int, pixels: np.ndarray, step: int) -> Callable[[], None]:
        alone = replace(self._document, inputs=self._document.inputs[index : index + 1], current=0)
        envelope = self._host.envelope(alone.to_json(), step)
        folder, name = self._folder, self._names[index]
        return lambda: _write_beside(folder, name, pixels, envelope)

    def _write(self, work: list[Callable[[], None]]) -> None:
        number = self._number

        def write() -> int:
            for one in work:
                one()
            return len(work)

        self._host.studio.jobs.run(
            self, write, lambda count: self._note(number, count), lambda error: self._refuse(number, error)
        )

    def _note(self, number: int, count: int) -> None:
        if number != self._number:
            return
        self._written += count
        self.progressed.emit(self._written, len(self._names))
        if self._written < len(self._names):
            self._ask()
        else:
            self._end()
            self.finished.emit(self._written, str(self._folder))

    def _refuse(self, number: int, error: Exception) -> None:
        if number == self._number:
            message = error.message if isinstance(error, StudioError) else str(error)
            self._stop(message, error.remedy if isinstance(error, StudioError) else "")

    def _stop(self, message: str, remedy: str) -> None:
        if self.running:
            self.cancel()
            self.stopped.emit(message, remedy)


def _names(inputs: tuple[TranslationInput, ...]) -> list[str]:
    """A file name without ending for each input, no two the same."""
    taken: set[str] = set()
    names = []
    for one in inputs:
        name = stem = file_stem(one.name)
        number = 2
        while name.casefold() in taken:
            name, number = f"{stem} ({number})", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _write_beside(folder: Path, name: str, pixels: np.ndarray, envelope: EditEnvelope) -> None:
    """Writes a PNG under `name`, or the next free name like it."""
    path, number = folder / f"{name}.png", 2
    while path.exists():
        path, number = folder / f"{name} ({number}).png", number + 1
    save_picture(path, pixels, envelope)
