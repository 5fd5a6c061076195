"""The big picture of a canvas, to zoom and pan; what leaves it by drag carries the document that made it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.edit.documents import CHUNK, EditEnvelope
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.zoom import Zoom
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import PictureView, shown_size

NOTCH = 120


class HeroPicture(PictureView):
    """A `PictureView` whose Copy and Save are the canvas's, and which keeps the right place free for its first picture.

    Ctrl and the wheel, Ctrl++ and Ctrl+- zoom; Ctrl+0 fits, Ctrl+1 is a pixel a pixel; a drag with the middle button,
    or with Space held, pans.

    Args:
        envelope: gives the edit that made the picture.
        resolution: how large the pictures will be, in pixels.
        minimum: its smallest width and height.

    Attributes:
        pixels: what it shows, uint8 (H, W, 3); None before the first picture.
        words: what stands in its place then.
        zoom_actions: in, out, fit, a pixel a pixel; for menus.

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
        self._instead: np.ndarray | None = None
        self.words = ""
        self._zoom = Zoom()
        self._pan: QPointF | None = None
        self._space = self._panned = False
        self._notches = 0
        self.zoom_actions = (
            self._zoom_action("Zoom in", lambda: self.zoom(1), "Ctrl++", "Ctrl+="),
            self._zoom_action("Zoom out", lambda: self.zoom(-1), "Ctrl+-"),
            self._zoom_action("Fit the picture", self.fit, "Ctrl+0"),
            self._zoom_action("A pixel a pixel", self.unscale, "Ctrl+1"),
        )

    def show_pixels(self, pixels: np.ndarray) -> None:
        """Shows uint8 (H, W, 3); the same picture again costs no painting."""
        if self.pixels is not None and np.array_equal(self.pixels, pixels):
            return
        same_size = self.pixels is not None and self.pixels.shape == pixels.shape
        self.pixels = pixels
        if not same_size:
            self._zoom = Zoom()
        if self._instead is None:
            self.set_picture(pixels)
        if not same_size:
            self.placed.emit()

    def show_instead(self, pixels: np.ndarray | None) -> None:
        """Shows another picture, uint8 (H, W, 3), for as long as somebody looks; None: its own again."""
        self._instead = pixels
        self.set_picture(self.pixels if pixels is None else pixels)

    def show_nothing(self, words: str = "") -> None:
        """Shows the place of a picture alone, and words on it that say how one comes there."""
        self.pixels = self._instead = None
        self.words = words
        self._zoom = Zoom()
        self.set_picture(None)
        self.placed.emit()

    def place(self) -> QRectF:
        """Where the picture is, or where the first one will be."""
        if not self.image().isNull():
            return self.picture_rect()
        ratio = self.devicePixelRatioF()
        size = shown_size(self._expected, self._room().toSize())
        width, height = size.width() / ratio, size.height() / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def picture_rect(self) -> QRectF:
        if self._zoom.factor is None or self.image().isNull():
            return super().picture_rect()
        ratio = self.devicePixelRatioF()
        rect = self._device_rect()
        return QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)

    @property
    def zoomed(self) -> bool:
        """Whether a person chose how large the picture is; it fits its place otherwise."""
        return self._zoom.factor is not None

    def zoom(self, steps: int, at: QPointF | None = None) -> None:
        """Shows it some steps larger or smaller; what is at `at`, in the widget's coordinates, stays there."""
        if not self.image().isNull():
            where = (at or QPointF(self.rect().center())) * self.devicePixelRatioF()
            before = self._device_rect()
            self._set_zoom(self._zoom.stepped(steps, where, before, self.image().size(), self._room()))

    def fit(self) -> None:
        """Shows all of it, as large as its place allows."""
        self._set_zoom(Zoom())

    def unscale(self) -> None:
        """Shows a pixel of it on a pixel of the screen."""
        if not self.image().isNull():
            room = self._room()
            middle = QPointF(room.width() / 2, room.height() / 2)
            self._set_zoom(self._zoom.at_factor(1, middle, self._device_rect(), self.image().size(), room))

    def copy(self) -> None:
        self.copy_wanted.emit()

    def save(self) -> None:
        self.save_wanted.emit()

    def drag_data(self) -> QMimeData:
        if self.pixels is not None:
            text = self._envelope().to_text()
            self.set_picture(self.pixels, {CHUNK: text})
            data = super().drag_data()
            data.setData(EDIT_TYPE, text.encode())
            return data
        return super().drag_data()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._notches += event.angleDelta().y()
        steps = int(self._notches / NOTCH)
        self._notches -= steps * NOTCH
        if steps:
            self.zoom(steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        by_space = self._space and event.button() == Qt.MouseButton.LeftButton
        if self.zoomed and (by_space or event.button() == Qt.MouseButton.MiddleButton):
            self._pan = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan is None:
            super().mouseMoveEvent(event)
            return
        by, self._pan = (event.position() - self._pan) * self.devicePixelRatioF(), event.position()
        self._panned = True
        self._set_zoom(self._zoom.panned(by, self.image().size(), self._room()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan is None:
            super().mouseReleaseEvent(event)
            return
        self._pan = None
        self._show_hand()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self.zoomed:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._space, self._panned = True, False
            self._show_hand()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._let_space_go()
            if not self._panned:
                self._pass_on(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._let_space_go()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.zoomed:
            self._zoom = self._zoom.held(self.image().size(), self._room())
        self.placed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.image().isNull():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Theme.of(self).raised))
        painter.drawRoundedRect(self.place(), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setPen(QColor(Theme.of(self).dim))
        painter.drawText(self.place(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        painter.end()

    def _room(self) -> QSizeF:
        """Its place in device pixels."""
        return QSizeF(self.size()) * self.devicePixelRatioF()

    def _device_rect(self) -> QRectF:
        """Where the picture is, in device pixels."""
        room, picture = self._room(), self.image().size()
        return self._zoom.rect(picture, room, QSizeF(shown_size(picture, room.toSize())))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self.update()
            self.placed.emit()

    def _pass_on(self, released: QKeyEvent) -> None:
        """A Space that panned nothing means what it means on the canvas."""
        if (canvas := self.parentWidget()) is not None:
            tap = QKeyEvent(QEvent.Type.KeyPress, released.key(), released.modifiers(), released.text())
            QApplication.sendEvent(canvas, tap)

    def _let_space_go(self) -> None:
        self._space = False
        self._show_hand()

    def _show_hand(self) -> None:
        if self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def _zoom_action(self, text: str, call: Callable[[], None], *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(call)
        self.addAction(action)
        return action
