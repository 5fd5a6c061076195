"""A stretch of z at a glance: one bar a component, to draw on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui.theme import PICTURE_CORNER_PX, Theme

HEIGHT = 44
ROOM = 3


class LatentStrip(QWidget):
    """Bars up and down from the middle; those a person moved are in the accent colour, the rest are dim.

    Signals:
        drawn(indices, values): the pointer drew over components: a list of indices and one of values.
        released(): the pointer let go.
    """

    drawn = Signal(list, list)
    released = Signal()

    def __init__(self, bounds: tuple[float, float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = bounds
        self._values = np.zeros(0, np.float32)
        self._moved: frozenset[int] = frozenset()
        self._window = (0, 0)
        self._last: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_values(self, values: np.ndarray, moved: frozenset[int], window: tuple[int, int]) -> None:
        """Shows values (n,), those a person moved, and which of them (first, one past last) have sliders below."""
        if self._window == window and self._moved == moved and np.array_equal(self._values, values):
            return
        self._values, self._moved, self._window = values, moved, window
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def index_at(self, x: float) -> int:
        """The component under a horizontal place."""
        return min(max(int(x / self.width() * len(self._values)), 0), len(self._values) - 1)

    def value_at(self, y: float) -> float:
        """The value that a height stands for, rounded to what a slider can show."""
        fraction = 1 - (y - ROOM) / (self.height() - 2 * ROOM)
        value = self._low + min(max(fraction, 0.0), 1.0) * (self._high - self._low)
        return round(value, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and len(self._values):
            self._last = event.position()
            self._draw(self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._draw(event.position())
            self._last = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._last is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = None
            self.released.emit()

    def _draw(self, to: QPointF) -> None:
        """Every component between the last place and this one, so that a fast hand leaves no gaps."""
        start = self._last if self._last is not None else to
        first, last = self.index_at(start.x()), self.index_at(to.x())
        step = 1 if last >= first else -1
        indices = list(range(first, last + step, step))
        heights = np.linspace(start.y() if len(indices) > 1 else to.y(), to.y(), len(indices))
        self.drawn.emit(indices, [self.value_at(float(y)) for y in heights])

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(self.rect(), PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        if len(self._values):
            self._paint_window(painter, theme)
            self._paint_bars(painter, theme)
        painter.end()

    def _paint_window(self, painter: QPainter, theme: Theme) -> None:
        first, stop = self._window
        if stop - first < len(self._values):
            each = self.width() / len(self._values)
            painter.setBrush(QColor(theme.line))
            place = QRectF(first * each, 0, (stop - first) * each, self.height())
            painter.drawRoundedRect(place, PICTURE_CORNER_PX, PICTURE_CORNER_PX)

    def _paint_bars(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        each = self.width() / len(self._values)
        wide = max(each - 1, 1.0) if each > 2 else each
        room = self.height() / 2 - ROOM
        middle = self.height() / 2
        scale = room / max(abs(self._low), abs(self._high))
        for index, value in enumerate(self._values):
            height = min(abs(float(value)) * scale, room)
            painter.setBrush(QColor(theme.accent if index in self._moved else theme.dim))
            top = middle - height if value > 0 else middle
            painter.drawRect(QRectF(index * each, top, wide, max(height, 1.0)))
