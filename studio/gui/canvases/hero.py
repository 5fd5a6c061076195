"""The big picture of a canvas; what leaves it by drag carries the document that made it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.edit.documents import CHUNK, EditEnvelope
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import PictureView, shown_size


class HeroPicture(PictureView):
    """A `PictureView` whose Copy and Save are the canvas's, and which keeps the right place free for its first picture.

    Args:
        envelope: gives the edit that made the picture.
        resolution: how large the pictures will be, in pixels.
        minimum: its smallest width and height.

    Attributes:
        pixels: what it shows, uint8 (H, W, 3); None before the first picture.

    Signals:
        copy_wanted(): Ctrl+C, or the menu.
        save_wanted(): Ctrl+S, or the menu.
        placed(): the picture has another place or size.
    """

    copy_wanted = Signal()
    save_wanted = Signal()
    placed = Signal()

    def __init__(
        self, envelope: Callable[[], EditEnvelope], resolution: int, minimum: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, minimum=minimum)
        self._envelope = envelope
        self._expected = QSize(resolution, resolution)
        self.pixels: np.ndarray | None = None

    def show_pixels(self, pixels: np.ndarray) -> None:
        """Shows uint8 (H, W, 3); the same picture again costs no painting."""
        if self.pixels is not None and np.array_equal(self.pixels, pixels):
            return
        same_size = self.pixels is not None and self.pixels.shape == pixels.shape
        self.pixels = pixels
        self.set_picture(pixels)
        if not same_size:
            self.placed.emit()

    def show_nothing(self) -> None:
        """Shows the place of a picture alone."""
        self.pixels = None
        self.set_picture(None)

    def place(self) -> QRectF:
        """Where the picture is, or where the first one will be."""
        if self.pixels is not None:
            return self.picture_rect()
        ratio = self.devicePixelRatioF()
        size = shown_size(self._expected, QSize(int(self.width() * ratio), int(self.height() * ratio)))
        width, height = size.width() / ratio, size.height() / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def copy(self) -> None:
        self.copy_wanted.emit()

    def save(self) -> None:
        self.save_wanted.emit()

    def drag_data(self) -> QMimeData:
        if self.pixels is not None:
            self.set_picture(self.pixels, {CHUNK: self._envelope().to_text()})
        return super().drag_data()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.placed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.pixels is not None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Theme.of(self).raised))
        painter.drawRoundedRect(self.place(), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.end()
