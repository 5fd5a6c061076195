"""Pictures that the model draws, to be painted over: at random, or the latent canvas's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from studio.edit.embedded import Picture
from studio.edit.latent import LatentDocument
from studio.gui.canvases.autosave import read_kept
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.place import edit_path
from studio.gui.canvases.seed_box import random_seed


class GeneratedPictures(QObject):
    """Asks for them, and hands them over ready to embed.

    Signals:
        arrived(picture, name): a `Picture` is here.
        said(text): why there is none, or how it went.
    """

    arrived = Signal(object, str)
    said = Signal(str)

    def __init__(self, host: CanvasHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host

    def random(self) -> None:
        """One of a random seed."""
        seed = random_seed()
        label = 0 if self._host.facts.labels else None
        self._draw(LatentDocument(label=label).with_seed(seed), f"seed-{seed}")

    def latent(self) -> None:
        """The one on the latent canvas."""
        path = edit_path(self._host.run, "latent")
        self._host.studio.jobs.run(self, lambda: _document(path), self._take, self._fail)

    def _take(self, document: LatentDocument | None) -> None:
        if document is None:
            self.said.emit("Nothing is on the Latent canvas yet.")
        else:
            self._draw(document, f"seed-{document.seed}")

    def _draw(self, document: LatentDocument, name: str) -> None:
        def drawn(pictures: np.ndarray | None) -> None:
            if pictures is None:
                self.said.emit("The model could not draw a picture.")
                return
            pixels = pictures[0]
            self._host.studio.jobs.run(
                self, lambda: Picture.of(pixels), lambda picture: self.arrived.emit(picture, name), self._fail
            )

        self._host.for_keeps(document, drawn)

    def _fail(self, error: Exception) -> None:
        self.said.emit(str(error))


def _document(path: Path) -> LatentDocument | None:
    """What is kept of the latent canvas. Runs off the GUI thread."""
    envelope = read_kept(path)
    return None if envelope is None else LatentDocument.from_json(envelope.document)
