"""The inpainting canvas's picture: what is masked lies over it, and a tool in hand paints more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.edit.documents import EditEnvelope
from studio.gui.canvases.brush import fractions, paint_ring
from studio.gui.canvases.split_picture import SplitPicture
from studio.gui.theme import Theme

OPACITY = 0.62
LEAST_RING_PX = 2.0


class InpaintView(SplitPicture):
    """With a tool in hand the left button paints; without one it drags the picture out.

    Signals:
        begun(x, y, other): the tool touched the picture, at fractions of its side; `other`: Alt is held.
        moved(x, y): it went on.
        ended(): it was lifted.
    """

    begun = Signal(float, float, bool)
    moved = Signal(float, float)
    ended = Signal()

    def __init__(
        self, envelope: Callable[[], EditEnvelope], resolution: int, minimum: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(envelope, resolution, minimum, parent)
        self._cover: np.ndarray | None = None
        self._overlay = self._striped = QPixmap()
        self._striped_for: tuple[object, ...] = ()
        self._armed = self._painting = False
        self._width = self._hardness = 0.0
        self._at: QPointF | None = None

    def show_cover(self, cover: np.ndarray | None) -> None:
        """Lays a mask over the picture, float32 (S, S) in [0, 1]; None takes it off."""
        if cover is not self._cover:
            self._cover = cover
            self._overlay = QPixmap() if cover is None else _tinted(cover, QColor(Theme.of(self).accent))
            self.update()

    def take_tool(self, width: float, hardness: float) -> None:
        """A tool in hand: a brush as wide as this fraction of the picture's side, or one without a width."""
        self._armed, self._width, self._hardness = True, width, hardness
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def put_away(self) -> None:
        """No tool in hand."""
        self._armed = False
        self.unsetCursor()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        paints = self._armed and event.button() == Qt.MouseButton.LeftButton and not self._space
        if not paints or self.pixels is None or self._is_near(event.position()):
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._painting = True
        other = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.begun.emit(*fractions(self.place(), event.position()), other)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        if self._painting:
            self.moved.emit(*fractions(self.place(), event.position()))
        else:
            super().mouseMoveEvent(event)
            if self._armed and event.buttons() == Qt.MouseButton.NoButton and not self._is_near(event.position()):
                self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.CrossCursor)
        if self._armed:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._painting and event.button() == Qt.MouseButton.LeftButton:
            self._painting = False
            self.ended.emit()
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._at = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._cover is not None:
            self._overlay = _tinted(self._cover, QColor(Theme.of(self).accent))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.pixels is None:
            return
        painter = QPainter(self)
        painter.setClipRect(self.rect())
        if not self._overlay.isNull():
            whole = self.factor() == round(self.factor())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
            painter.drawPixmap(self.place(), self._overlay, QRectF(self._overlay.rect()))
            painter.drawPixmap(QPointF(), self._stripes())
        if self._armed and self._width and self._at is not None:
            self._paint_brush(painter, self._at)
        painter.end()

    def _stripes(self) -> QPixmap:
        """White stripes where the mask is: its colour alone may be the picture's."""
        key = (self._overlay.cacheKey(), self.place(), self.size(), self.devicePixelRatioF())
        if key != self._striped_for:
            self._striped_for = key
            ratio = self.devicePixelRatioF()
            self._striped = QPixmap(self.size() * ratio)
            self._striped.setDevicePixelRatio(ratio)
            self._striped.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._striped)
            painter.drawPixmap(self.place(), self._overlay, QRectF(self._overlay.rect()))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(self.rect(), QBrush(QColor("#ffffff"), Qt.BrushStyle.BDiagPattern))
            painter.end()
        return self._striped

    def _paint_brush(self, painter: QPainter, at: QPointF) -> None:
        """Its edge, and its hard part as dots."""
        radius = max(self._width * self.place().width() / 2, LEAST_RING_PX)
        paint_ring(painter, at, radius)
        hard = radius * self._hardness
        if LEAST_RING_PX < hard < radius - 1:
            painter.setPen(QPen(QColor("#ffffff"), 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(at, hard, hard)


def _tinted(cover: np.ndarray, colour: QColor) -> QPixmap:
    """A colour that lets the picture through, more where less is covered."""
    alpha = cover * OPACITY
    channels = (colour.blue(), colour.green(), colour.red(), 255)  # the byte order of premultiplied ARGB
    pixels = np.stack([np.rint(alpha * channel) for channel in channels], axis=-1).astype(np.uint8)
    height, width = cover.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return QPixmap.fromImage(image.copy())
