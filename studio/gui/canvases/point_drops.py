"""Points of z in what is dropped: a picture of the latent canvas, dragged from it or from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, read_envelope
from studio.edit.latent import LatentDocument, LatentPoint
from studio.gui.canvases.carrying import edit_in

if TYPE_CHECKING:
    from studio.api.capabilities import LatentSpace
    from studio.gui.canvases.host import CanvasHost


class PointDrops:
    """Reads dropped pictures, files off the GUI thread; what is none of the latent canvas's is said, and dropped."""

    def __init__(self, host: CanvasHost, space: LatentSpace) -> None:
        self._host = host
        self._space = space

    def carries(self, data: QMimeData) -> bool:
        """Whether there may be a point in it."""
        return edit_in(data) is not None

    def take(self, data: QMimeData, owner: QObject, then: Callable[[LatentPoint], None]) -> None:
        """Calls `then` with the point, now or when its file was read, where `owner` is still there."""
        edit = edit_in(data)
        if isinstance(edit, Path):
            path = edit
            self._host.studio.jobs.run(owner, lambda: self._point(read_envelope(path)), then, self._host.studio.refuse)
        elif edit is not None:
            try:
                then(self._point(edit))
            except StudioError as error:
                self._host.studio.refuse(error)

    def _point(self, envelope: EditEnvelope) -> LatentPoint:
        if envelope.canvas != self._host.canvas:
            raise StudioError("This picture was made on another canvas.", "Drop one that was made on this.")
        return LatentDocument.from_json(envelope.document).landed(self._space).point
