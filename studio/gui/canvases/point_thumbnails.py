"""Small pictures of points of z, the most wanted first, as far as they have been wanted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.edit.latent import LatentDocument, LatentPoint
from studio.edit.requests import LatentRequest
from studio.gui.widgets.picture import to_qimage

if TYPE_CHECKING:
    from studio.api.capabilities import LatentSpace
    from studio.gui.canvases.host import CanvasHost

FEW, MORE = 4, 8
MOST = 256
REFRESH_MS = 2000

Look = tuple[object, ...]


class PointThumbnails(QObject):
    """Asks for pictures of points a few at a time, so that the ones under the eye come first and the rest can wait.

    While the weights move it asks for all of them again every two seconds.

    Args:
        host: the studio, as a canvas sees it.
        space: what z is drawn from.
        purpose: a name for its line to the device, its own on the canvas.

    Signals:
        came(): there are more of them.
    """

    came = Signal()

    def __init__(self, host: CanvasHost, space: LatentSpace, purpose: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._space = space
        self._look: Look = ()
        self._document = LatentDocument()
        self._wanted: Sequence[LatentPoint] = ()
        self._asked: tuple[Look, tuple[LatentPoint, ...]] | None = None
        self._images: OrderedDict[LatentPoint, QImage] = OrderedDict()
        self._stale: set[LatentPoint] = set()
        self._channel = host.channel(purpose)
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(lambda _message: self._give_up())
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REFRESH_MS)
        self._rest.timeout.connect(self._refresh)
        host.moved.connect(self._weights_moved)
        host.opened_anew.connect(self._refresh)

    def image(self, point: LatentPoint) -> QImage | None:
        """The picture of a point; None until it is there. While the weights move it may be a little old."""
        return self._images.get(point)

    def want(self, points: Sequence[LatentPoint], document: LatentDocument) -> None:
        """Asks for the pictures of points, the most wanted first, with the truncation and directions of a document."""
        if document.look != self._look:
            self._look = document.look
            self._stale = set(self._images)
        self._document, self._wanted = document, points
        self._ask()

    def _weights_moved(self, _step: int) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _refresh(self) -> None:
        self._stale = set(self._images)
        self._ask()

    def _ask(self) -> None:
        missing = [point for point in self._wanted if point not in self._images or point in self._stale]
        if self._asked is not None or not missing:
            return
        first = missing[0] == self._wanted[0]
        points = tuple(missing[: FEW if first else MORE])
        self._asked = self._look, points
        self._channel.request(LatentRequest.of([self._document.at_point(point) for point in points], self._space))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        asked, self._asked = self._asked, None
        if asked is None or len(pictures) != len(asked[1]):
            return
        look, points = asked
        for point, picture in zip(points, pictures, strict=True):
            self._images[point] = to_qimage(picture)
            self._images.move_to_end(point)
            if look == self._look:
                self._stale.discard(point)
        while len(self._images) > MOST:
            self._stale.discard(self._images.popitem(last=False)[0])
        self.came.emit()
        self._ask()

    def _give_up(self) -> None:
        self._asked = None
