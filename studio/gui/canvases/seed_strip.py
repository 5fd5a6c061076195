"""The seeds around the one that is shown, to scrub through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.edit.latent import MAX_SEED, LatentDocument, LatentPoint
from studio.gui.canvases.editor import LatentEditor
from studio.gui.canvases.point_thumbnails import PointThumbnails
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_tile
from studio.gui.widgets.track import page_scrolls

if TYPE_CHECKING:
    from studio.gui.canvases.host import CanvasHost

TILE, GAP = 46, 4
PITCH = TILE + GAP
FAR = 10
NOTCH = 120
PAUSE_MS = 400

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageDown: -FAR,
    Qt.Key.Key_PageUp: FAR,
}


class SeedStrip(QWidget):
    """Thumbnails of neighbouring seeds, the present one in the middle where there are enough before it.

    Drag it, turn the wheel over it, click on a picture, or step with Left and Right (Page Up and Page Down: ten). A
    drag or one turn of the wheel is one undo step.

    Attributes:
        thumbnails: what it shows.

    Signals:
        scrubbed(seed): a person goes to a seed.
        released(): that is over.
    """

    scrubbed = Signal(int)
    released = Signal()

    def __init__(self, editor: LatentEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._seed = editor.document.seed
        self._look = editor.document.look
        self._offset = 0.0
        self._drag: tuple[QPointF, int] | None = None
        self._moved = False
        self._wheel = 0
        self.thumbnails = PointThumbnails(host, editor.space, "seeds", self)
        self.thumbnails.came.connect(self.update)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.released)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("Seeds around this one")
        self.setToolTip("Drag, click or turn the wheel to go through the seeds")
        editor.changed.connect(self.show_document)
        editor.settled.connect(self._want)

    def show_document(self) -> None:
        """Brings the strip up to date; its pictures, where they are to look otherwise, when the hand has let go."""
        self._seed = self._editor.document.seed
        if self._editor.document.look == self._look:
            self._want()
        self.update()

    def seed_at(self, x: float) -> int:
        """The seed under a horizontal place, held within those there are."""
        return _held(self._seed + round((x - self._middle()) / PITCH + self._offset))

    def sizeHint(self) -> QSize:
        return QSize(6 * PITCH, TILE + 4)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._want()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag, self._moved = (event.position(), self._seed), False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        start, seed = self._drag
        far = (start - event.position()).x()
        self._moved = self._moved or abs(far) >= QApplication.startDragDistance()
        if self._moved:
            to = _held(seed + round(far / PITCH))
            if to != self._seed:
                self.scrubbed.emit(to)
            self._offset = min(max(seed + far / PITCH - to, -0.5), 0.5)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if not self._moved:
            self.scrubbed.emit(self.seed_at(event.position().x()))
        self._drag, self._offset = None, 0.0
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.released.emit()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() and page_scrolls(self):
            event.ignore()
            return
        self._wheel += event.angleDelta().x() or event.angleDelta().y()
        notches = int(self._wheel / NOTCH)
        self._wheel -= notches * NOTCH
        if notches:
            self.scrubbed.emit(_held(self._seed - notches))
            self._pause.start()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        self.scrubbed.emit(_held(self._seed + step))
        self.released.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for seed in self._seen():
            place = self._place(seed)
            image = self.thumbnails.image(LatentPoint(seed))
            if image is None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
            else:
                paint_tile(painter, image, place, self.devicePixelRatioF())
        if _is_at_seed(self._editor.document):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(self._place(self._seed), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _place(self, seed: int) -> QRect:
        x = self._middle() + (seed - self._seed - self._offset) * PITCH - TILE / 2
        return QRect(round(x), 1, TILE, TILE)

    def _seen(self) -> range:
        """The seeds that are in view, in part at least."""
        before, after = (int(room / PITCH) + 1 for room in (self._middle(), self.width() - self._middle()))
        return range(max(self._seed - before, 0), min(self._seed + after, MAX_SEED) + 1)

    def _middle(self) -> float:
        """Where the middle of the present seed's picture is: in the middle, but no room is left before seed 0."""
        return min(self.width() / 2, TILE / 2 + 1 + self._seed * PITCH)

    def _want(self) -> None:
        if self.isVisible():
            self._look = self._editor.document.look
            nearest = sorted(self._seen(), key=lambda seed: abs(seed - self._seed))
            self.thumbnails.want([LatentPoint(seed) for seed in nearest], self._editor.document)


def _is_at_seed(document: LatentDocument) -> bool:
    return not document.between and not document.point.components


def _held(seed: int) -> int:
    return min(max(seed, 0), MAX_SEED)
