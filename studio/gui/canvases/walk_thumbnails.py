"""How the keyframes of a walk look: asked for a few at a time, and once a second anew while the weights move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.api.capabilities import LatentSpace
from studio.edit.keyframes import Keyframe
from studio.edit.walk import stills
from studio.gui.canvases.host import CanvasHost
from studio.gui.widgets.picture import to_qimage

AT_ONCE = 8
STALE_MS = 1000
MOST = 400


class WalkThumbnails(QObject):
    """Pictures of keyframes, remembered for as long as they may come back by undo.

    Signals:
        changed(): there are other pictures.
    """

    changed = Signal()

    def __init__(self, host: CanvasHost, space: LatentSpace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._space = space
        self._wanted: tuple[Keyframe, ...] = ()
        self._images: dict[Keyframe, QImage] = {}
        self._stale: set[Keyframe] = set()
        self._asked: tuple[Keyframe, ...] = ()
        self._channel = host.channel("keyframes")
        self._channel.rendered.connect(self._take)
        self._channel.failed.connect(lambda _message: self._give_up())
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(STALE_MS)
        self._rest.timeout.connect(self._refresh)
        host.moved.connect(lambda _step: self._weights_moved())
        host.opened_anew.connect(self._refresh)

    def image(self, keyframe: Keyframe) -> QImage | None:
        """A keyframe's picture; None while there is none."""
        return self._images.get(keyframe.picture)

    def show_keyframes(self, keyframes: Sequence[Keyframe]) -> None:
        """Which pictures are wanted from now on."""
        self._wanted = tuple(dict.fromkeys(one.picture for one in keyframes))
        self._ask()

    def stop(self) -> None:
        """Follows the weights no more until keyframes are shown again."""
        self._rest.stop()

    def _ask(self) -> None:
        missing = [one for one in self._wanted if one not in self._images or one in self._stale]
        if self._asked or not missing:
            return
        self._asked = tuple(missing[:AT_ONCE])
        self._channel.request(stills(self._asked, self._space))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        asked, self._asked = self._asked, ()
        for one, picture in zip(asked, pictures, strict=True):
            self._images.pop(one, None)
            self._images[one] = to_qimage(picture)
            self._stale.discard(one)
        for one in list(self._images)[: max(len(self._images) - MOST, 0)]:
            del self._images[one]
        self._ask()
        self.changed.emit()

    def _give_up(self) -> None:
        self._asked = ()

    def _weights_moved(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _refresh(self) -> None:
        self._stale = set(self._images)
        self._ask()
