"""The paper that is drawn on: the input, under a pen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.gui.canvases.brush import fractions, paint_ring
from studio.gui.widgets.picture import PictureView

SMALLEST_PX = 160


class PaperView(PictureView):
    """The input. With a pen in hand the mouse draws; without one it drags the picture out.

    Signals:
        begun(x, y): the pen touched the paper, at fractions of its side.
        moved(x, y): it went on.
        ended(): it was lifted.
        picked(x, y): Alt and a click: a person wants the colour there.
    """

    begun = Signal(float, float)
    moved = Signal(float, float)
    ended = Signal()
    picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, minimum=SMALLEST_PX)
        self._pen = 0.0
        self._at: QPointF | None = None
        self._drawing = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Input")

    def set_pen(self, width: float) -> None:
        """The pen's width as a fraction of the paper's side; 0 is no pen."""
        self._pen = width
        self.setCursor(Qt.CursorShape.CrossCursor if width else Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._pen or self.image().isNull() or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        x, y = fractions(self.picture_rect(), event.position())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.picked.emit(x, y)
        elif self._is_on(event.position()):
            self._drawing = True
            self.begun.emit(x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pen:
            super().mouseMoveEvent(event)
            return
        self._at = event.position()
        self.update()
        if self._drawing:
            self.moved.emit(*fractions(self.picture_rect(), event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drawing and event.button() == Qt.MouseButton.LeftButton:
            self._drawing = False
            self.ended.emit()
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._at = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._pen and self._at is not None and self._is_on(self._at):
            radius = self._pen * self.picture_rect().width() / 2
            painter = QPainter(self)
            paint_ring(painter, self._at, radius)
            painter.end()

    def _is_on(self, at: QPointF) -> bool:
        return self.picture_rect().contains(at)
