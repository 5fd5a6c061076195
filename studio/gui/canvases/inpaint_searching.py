"""A search under way: begun for the document as it is, told of, and brought home."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.api.canvas import Progress
from studio.edit.inpaint import InpaintDocument, candidates_of
from studio.edit.inpaint_mask import MaskSheet
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.inpaint_editor import InpaintEditor


class Searching(QObject):
    """One search at a time.

    Attributes:
        busy: whether one is under way.
        reached: the newest of its news; None before the first.

    Signals:
        changed(): it began, or is over.
        told(progress): it came further.
        said(text): why there is none, in a sentence.
    """

    changed = Signal()
    told = Signal(object)
    said = Signal(str)

    def __init__(self, editor: InpaintEditor, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._resolution = host.facts.resolution
        self._work = host.undertaking("search")
        self._begun: InpaintDocument | None = None
        self.reached: Progress | None = None
        host.would_lose(lambda: self.busy, "What the search for fillings has found is lost.")
        self._work.progressed.connect(self._take)
        self._work.finished.connect(self._finish)
        self._work.failed.connect(self._fail)

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._begun is not None

    @property
    def seeds(self) -> tuple[int, ...]:
        """Where the candidates of the search under way began."""
        return () if self._begun is None else self._begun.seeds

    def begin(self) -> None:
        """Searches for the document as it is, in place of what is under way."""
        document = self._editor.document
        if document.picture is None:
            return
        hole = document.cover(MaskSheet(self._resolution)) > 0
        if not hole.any() or hole.all():
            self.said.emit("Paint over a part of the picture first: that is what will be filled.")
            return
        self._begun, self.reached = document, None
        self._work.begin(document.search(self._resolution))
        self.changed.emit()

    def again(self) -> None:
        """Searches from other seeds."""
        if self._editor.document.picture is not None:
            self._editor.throw_seed()
            self.begin()

    def cancel(self) -> bool:
        """Leaves the search and what it found; whether there was one."""
        if self._begun is None:
            return False
        self._work.cancel()
        self._end()
        return True

    def keep(self) -> None:
        """Leaves the search and takes what it has found so far."""
        reached = self.reached
        if self._begun is not None and reached is not None and is_judged(reached):
            self._work.cancel()
            self._bring_home(reached)

    def _take(self, progress: Progress) -> None:
        self.reached = progress
        self.told.emit(progress)

    def _finish(self, progress: Progress) -> None:
        if is_judged(progress):
            self._bring_home(progress)
        else:
            self._end()

    def _bring_home(self, progress: Progress) -> None:
        begun = self._begun
        self._end()
        if begun is not None and begun.picture == self._editor.document.picture:
            self._editor.found(candidates_of(begun.seeds, progress.values), begun.question)

    def _fail(self, message: str) -> None:
        self._end()
        self.said.emit(message)

    def _end(self) -> None:
        self._begun = None
        self.changed.emit()


def is_judged(progress: Progress) -> bool:
    """Whether every candidate has been looked at once."""
    return "loss" in progress.values and bool(np.all(progress.values["loss"]))
