"""Where a brush is on a picture, and how it looks there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def fractions(place: QRectF, at: QPointF) -> tuple[float, float]:
    """A point of a picture that stands in `place`, as fractions of its sides."""
    return (at.x() - place.left()) / max(place.width(), 1), (at.y() - place.top()) / max(place.height(), 1)


def paint_ring(painter: QPainter, at: QPointF, radius: float) -> None:
    """A brush's edge, light on dark so that it is seen on any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, around in (("#ffffff", radius), ("#000000", radius + 1)):
        painter.setPen(QPen(QColor(colour), 1))
        painter.drawEllipse(at, around, around)
