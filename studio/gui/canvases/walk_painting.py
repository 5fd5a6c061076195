"""How a timeline looks."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.edit.walk import eased
from studio.gui.canvases.walk_lane import RULER, TILE, Lane
from studio.gui.theme import PICTURE_CORNER_PX, SMALL_PX, Theme, base_font
from studio.gui.widgets.picture import paint_tile

GAP = 2
HEAD = 6
CURVE_STEPS = 24
CURVE_PAD = 14
LEAST_FOR_WORDS = 44
DIMMED = 0.4


class LanePainter:
    """Paints a lane's parts with a painter that stands at its beginning.

    Args:
        painter: what to paint with.
        widget: whose theme and resolution it is.
        lane: where things are.
    """

    def __init__(self, painter: QPainter, widget: QWidget, lane: Lane) -> None:
        self._painter = painter
        self._theme = Theme.of(widget)
        self._ratio = widget.devicePixelRatioF()
        self._lane = lane

    def paint_ruler(self) -> None:
        """Seconds, as far apart as their words need."""
        lane, painter = self._lane, self._painter
        if not lane.document.duration:
            return
        painter.setFont(base_font(SMALL_PX))
        painter.setPen(QColor(self._theme.dim))
        for index in range(math.floor(lane.document.duration / lane.step + 1e-6) + 1):
            x = lane.x(index * lane.step)
            painter.drawLine(QPointF(x, RULER - 5), QPointF(x, RULER - 2))
            if x + 32 <= lane.width:
                painter.drawText(QPointF(x + 3, RULER - 7), f"{index * lane.step:g} s")

    def paint_ready(self, ready: bytes) -> None:
        """A line under the frames that play without waiting."""
        self._painter.setPen(QPen(QColor(self._theme.accent), 2))
        frame, seconds = 0, 1 / self._lane.document.fps
        for known, run in itertools.groupby(ready):
            stop = frame + len(list(run))
            if known and self._lane.document.duration:
                y = RULER - 1.0
                left, right = (self._lane.x(min(at * seconds, self._lane.document.duration)) for at in (frame, stop))
                self._painter.drawLine(QPointF(left, y), QPointF(right, y))
            frame = stop

    def paint_block(self, index: int, image: QImage | None, *, dimmed: bool) -> None:
        """A keyframe's picture, and behind it how it goes on."""
        painter, whole = self._painter, self._lane.block(index).adjusted(0, 0, -GAP, 0)
        painter.save()
        painter.setOpacity(DIMMED if dimmed else 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRoundedRect(whole, PICTURE_CORNER_PX, PICTURE_CORNER_PX)
        painter.setClipRect(whole)
        if image is not None:
            paint_tile(painter, image, QRect(round(whole.left()), RULER, TILE, TILE), self._ratio)
        rest = whole.adjusted(TILE, 0, 0, 0)
        if self._lane.has_way(index) and rest.width() > CURVE_PAD:
            self._paint_way(index, rest)
        painter.restore()

    def paint_ring(self, index: int, *, strong: bool) -> None:
        """Around the chosen keyframe."""
        block = self._lane.block(index).adjusted(1, 1, -GAP - 1, -1)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(QColor(self._theme.accent), 2 if strong else 1.5))
        self._painter.drawRoundedRect(block, PICTURE_CORNER_PX, PICTURE_CORNER_PX)

    def paint_playhead(self) -> None:
        """A line with a head in the ruler."""
        x, ink = self._lane.x(self._lane.document.time), QColor(self._theme.ink)
        self._painter.setPen(QPen(QColor(self._theme.pane), 4))
        self._painter.drawLine(QPointF(x, RULER), QPointF(x, RULER + TILE + 2))
        self._painter.setPen(QPen(ink, 2))
        self._painter.drawLine(QPointF(x, RULER - 4), QPointF(x, RULER + TILE + 2))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(ink)
        top = RULER - 2
        head = (QPointF(x - HEAD, top - 10), QPointF(x + HEAD, top - 10), QPointF(x + HEAD, top - 6))
        self._painter.drawPolygon(QPolygonF([*head, QPointF(x, top), QPointF(x - HEAD, top - 6)]))

    def paint_gap(self, gap: int) -> None:
        """Where something would be put in."""
        x = self._lane.gap_x(gap) - GAP / 2
        self._painter.setPen(QPen(QColor(self._theme.accent), 3))
        self._painter.drawLine(QPointF(x, RULER - 2), QPointF(x, RULER + TILE + 2))

    def _paint_way(self, index: int, room: QRectF) -> None:
        """The easing as a curve, and the seconds where there is room for the words."""
        painter, keyframe = self._painter, self._lane.document.keyframes[index]
        inside = room.adjusted(6, CURVE_PAD / 2, -6, -CURVE_PAD / 2 - SMALL_PX)
        path = QPainterPath(inside.bottomLeft())
        for step in range(1, CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            up = eased(t, keyframe.ease)
            path.lineTo(inside.left() + t * inside.width(), inside.bottom() - up * inside.height())
        if keyframe.ease == "hold":
            path.lineTo(inside.topRight())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.dim), 1.5))
        painter.drawPath(path)
        if room.width() >= LEAST_FOR_WORDS:
            painter.setFont(base_font(SMALL_PX))
            line = QRectF(room.left(), room.bottom() - SMALL_PX - 6, room.width() - 6, SMALL_PX + 4)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{keyframe.seconds:.4g} s")
