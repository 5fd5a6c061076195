"""A picture with what it was made of laid over one side of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.edit.documents import EditEnvelope
from studio.gui.canvases.hero import HeroPicture
from studio.gui.theme import PICTURE_CORNER_PX, Theme
from studio.gui.widgets.picture import paint_edge, to_qimage

NEAR = 10
GRIP = 13.0
ARROW = 4.0


class SplitPicture(HeroPicture):
    """What a model made; left of a line that can be dragged, what it was made of.

    Attributes:
        split: where the line is, 0 (nothing of what it was made of is seen) to 1; a double click puts it in the middle,
            Escape while it is dragged back where it was.

    Signals:
        divided(): the line is elsewhere.
    """

    divided = Signal()

    def __init__(
        self, envelope: Callable[[], EditEnvelope], resolution: int, minimum: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(envelope, resolution, minimum, parent)
        self._before: QPixmap | None = None
        self._grabbed = False
        self._split_before = 0.5
        self.setMouseTracking(True)
        self.move_split(0.5)

    def show_before(self, pixels: np.ndarray | None) -> None:
        """What it was made of, uint8 (H, W, 3); None shows the picture alone."""
        self._before = None if pixels is None else QPixmap.fromImage(to_qimage(pixels))
        if pixels is None:
            self.unsetCursor()
        self.update()

    def move_split(self, split: float) -> None:
        """Puts the line elsewhere, held within 0 and 1."""
        self.split = min(max(split, 0.0), 1.0)
        self.setAccessibleDescription(f"Before and after, divided at {self.split:.0%}")
        self.update()
        self.divided.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = event.button() == Qt.MouseButton.LeftButton and self._is_near(event.position())
        if self._grabbed:
            self._split_before = self.split
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            place = self.place()
            self.move_split((event.position().x() - place.left()) / max(place.width(), 1))
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            near = self._is_near(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grabbed:
            self._grabbed = False
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._grabbed and event.key() == Qt.Key.Key_Escape:
            self._grabbed = False
            self.move_split(self._split_before)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_near(event.position()):
            self.move_split(0.5)
        else:
            super().mouseDoubleClickEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._before is not None:
            self._paint_before(painter, self._before)
            paint_edge(painter, self.place())
            if self.hasFocus():
                paint_edge(painter, self.place(), theme.accent)
            self._paint_line(painter, theme)
        painter.end()

    def _line_x(self) -> float:
        place = self.place()
        return place.left() + self.split * place.width()

    def _is_near(self, at: QPointF) -> bool:
        if self._before is None:
            return False
        place = self.place()
        return abs(at.x() - self._line_x()) <= NEAR and place.top() <= at.y() <= place.bottom()

    def _paint_before(self, painter: QPainter, before: QPixmap) -> None:
        place = self.place()
        path = QPainterPath()
        path.addRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        left = QPainterPath()
        left.addRect(QRectF(place.left(), place.top(), self._line_x() - place.left(), place.height()))
        painter.save()
        painter.setClipPath(path & left)
        whole = (place.width() * self.devicePixelRatioF()) % before.width() == 0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
        painter.drawPixmap(place, before, QRectF(before.rect()))
        painter.restore()

    def _paint_line(self, painter: QPainter, theme: Theme) -> None:
        place, x = self.place(), self._line_x()
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        middle = QPointF(x, place.center().y())
        painter.setBrush(QColor(theme.pane))
        painter.drawEllipse(middle, GRIP, GRIP)
        painter.setPen(QPen(QColor(theme.ink), 1.5))
        for side in (-1, 1):
            tip = middle + QPointF(side * (GRIP - 4), 0)
            painter.drawLine(tip, tip + QPointF(-side * ARROW, -ARROW))
            painter.drawLine(tip, tip + QPointF(-side * ARROW, ARROW))
