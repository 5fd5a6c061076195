"""A walk, written as a film: a few frames at a time, with progress, and given up at any moment without a trace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.api.errors import StudioError
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import ExactFrames
from studio.engine.film import film_writer, stretches
from studio.engine.film_writers import FilmWriter
from studio.gui import words
from studio.gui.canvases.channel import RenderChannel
from studio.gui.canvases.host import CanvasHost

Stretch = tuple[int, int]

RELOADED = "The model was loaded anew while the film was made, with other weights.", "Export the film again."


class FilmExport(QObject):
    """Asks for a few frames, encodes them off the GUI thread, and asks for the next.

    All frames have the weights of the moment that it began, however the run trains meanwhile.

    Signals:
        progressed(done, total): frames are encoded.
        finished(path, remark): the film is whole.
        stopped(message, remedy): it cannot go on; nothing was written.
    """

    progressed = Signal(int, int)
    finished = Signal(object, str)
    stopped = Signal(str, str)

    def __init__(self, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._jobs = host.studio.jobs
        self._document = WalkDocument()
        self._left: list[Stretch] = []
        self._step: int | None = None
        self._film: FilmWriter | None = None
        self._channel: RenderChannel | None = None
        self._encoding = False
        self._running = False
        self._number = 0

    @property
    def running(self) -> bool:
        """Whether a film is being made."""
        return self._running

    def start(self, document: WalkDocument, path: Path, scale: int) -> None:
        """Makes the film of `document` at `path`, its pictures `scale` times as large."""
        self._document, self._left = document, list(stretches(document))
        self._step = None
        self._running = True
        self._number = number = self._number + 1
        self.progressed.emit(0, document.frame_count)
        self._jobs.run(
            self,
            lambda: film_writer(path, document.fps, scale=scale, loop=document.loop),
            lambda film: self._begin(number, film),
            lambda error: self._refuse(number, error),
        )

    def cancel(self) -> None:
        """Gives up; nothing stays."""
        film = self._film
        encoding = self._encoding
        self._end()
        if film is not None and not encoding:
            self._discard(film)

    def _begin(self, number: int, film: FilmWriter) -> None:
        if number != self._number or not self._running:
            self._discard(film)
            return
        self._film = film
        self._channel = self._host.channel(f"film-{number}", held=True)  # an answer to an export given up goes nowhere
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(lambda message: self._stop(message, ""))
        self._ask()

    def _ask(self) -> None:
        assert self._channel is not None
        first, stop = self._left[0]
        self._channel.request(ExactFrames(self._document, first, stop))

    def _take(self, pictures: np.ndarray, _milliseconds: float, step: int) -> None:
        assert self._film is not None
        if self._step not in (None, step):
            self._stop(*RELOADED)
            return
        self._step = step
        number, film, document, host = self._number, self._film, self._document, self._host
        first, stop = self._left.pop(0)
        last = not self._left

        def encode() -> None:
            for index, picture in enumerate(pictures, first):
                note = host.envelope(document.still(index).to_json(), step).to_text() if film.notes else ""
                film.add(picture, note)
            if last:
                film.finish()

        self._encoding = True
        self._jobs.run(
            self, encode, lambda _done: self._note(number, film, stop), lambda error: self._fail(film, error)
        )

    def _note(self, number: int, film: FilmWriter, done: int) -> None:
        if number != self._number or self._film is not film:
            self._discard(film)
            return
        self._encoding = False
        self.progressed.emit(done, self._document.frame_count)
        if self._left:
            self._ask()
            return
        remark = self._remark(film)
        self._end()
        self.finished.emit(film.path, remark)

    def _fail(self, film: FilmWriter, error: Exception) -> None:
        if self._film is film:
            self._encoding = False
            self._refuse(self._number, error)
        else:
            self._discard(film)

    def _refuse(self, number: int, error: Exception) -> None:
        if number == self._number:
            message = error.message if isinstance(error, StudioError) else f"The film could not be written: {error}."
            self._stop(message, error.remedy if isinstance(error, StudioError) else "")

    def _stop(self, message: str, remedy: str) -> None:
        if self._running:
            self.cancel()
            self.stopped.emit(message, remedy)

    def _discard(self, film: FilmWriter) -> None:
        self._jobs.run(self, film.discard, lambda _nothing: None, lambda _error: None)

    def _end(self) -> None:
        self._running = self._encoding = False
        self._film = None
        self._left = []
        if self._channel is not None:
            self._channel.close()
            self._channel.deleteLater()
            self._channel = None

    def _remark(self, film: FilmWriter) -> str:
        if not self._host.live or self._step is None:
            return film.remark
        return f"{film.remark} The run is training: every frame is of step {words.count(self._step)}.".strip()
