"""A thin line under the pointer and the curves' values there, in words."""

from __future__ import annotations

import html
import math

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel

from studio.gui.theme import CORNER_PX, SMALL_PX, Theme
from studio.gui.training.curves import Axis, Curve, curve_title
from studio.gui.training.figures import value
from studio.gui.training.plot_axes import place_words
from studio.gui.training.plot_view import PlotView, pg

GAP = 14
TOP = 10


class Readout(QObject):
    """Follows the pointer over one plot."""

    def __init__(self, plot: PlotView) -> None:
        super().__init__(plot)
        self._plot = plot
        self._line = pg.InfiniteLine(0, angle=90)
        self._line.setVisible(False)
        plot.add_overlay(self._line)
        self._label = QLabel(plot)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label.hide()
        self._x = math.nan
        plot.pointed.connect(self._move)
        plot.drawn.connect(self._refresh)
        plot.installEventFilter(self)
        self._dress()

    def text(self) -> str:
        """What is shown, as rich text; empty while the pointer is elsewhere."""
        return "" if self._label.isHidden() else self._label.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange and Theme.of(self._plot) is not self._theme:
            self._dress()
        return super().eventFilter(watched, event)

    def _move(self, x: float) -> None:
        self._x = x
        self._refresh()

    def _refresh(self) -> None:
        curves = self._plot.visible_curves()
        shown = bool(curves) and not math.isnan(self._x)
        self._line.setVisible(shown)
        self._label.setVisible(shown)
        if not shown:
            return
        axis = self._plot.axis
        longest = max(curves, key=len)
        x = float(longest.x(axis)[longest.nearest(axis, self._x)])
        self._line.setValue(x)
        self._label.setText(
            f"<table>{self._heading(axis, x)}{''.join(self._row(curve, axis, x) for curve in curves)}</table>"
        )
        self._put_beside(x)

    def _heading(self, axis: Axis, x: float) -> str:
        what = {Axis.STEP: "step ", Axis.RELATIVE: "after ", Axis.WALL: "at "}[axis]
        return f"<tr><td colspan=4 style='color:{self._theme.dim}'>{what}{place_words(axis, x)}</td></tr>"

    def _row(self, curve: Curve, axis: Axis, x: float) -> str:
        index = curve.nearest(axis, x)
        smooth = value(float(curve.smoothed[index]))
        raw = value(float(curve.raw[index]))
        raw_cell = (
            f"<td align=right style='color:{self._theme.dim};padding-left:8px'>{raw}</td>" if raw != smooth else ""
        )
        return (
            f"<tr><td style='color:{self._plot.colour(curve.name).name()}'>━</td>"
            f"<td style='padding-left:4px'>{html.escape(curve_title(curve.name))}</td>"
            f"<td align=right style='padding-left:8px'>{smooth}</td>{raw_cell}</tr>"
        )

    def _put_beside(self, x: float) -> None:
        """To the right of the line where there is room, else to its left."""
        self._label.adjustSize()
        at = self._plot.x_of(x)
        left = at + GAP
        if left + self._label.width() > self._plot.width():
            left = at - GAP - self._label.width()
        self._label.move(max(left, 0), TOP)

    def _dress(self) -> None:
        self._theme = Theme.of(self._plot)
        self._line.setPen(pg.mkPen(self._theme.dim, width=1))
        self._label.setStyleSheet(
            f"background: {self._theme.raised}; border-radius: {CORNER_PX}px; padding: 4px 8px;font-size: {SMALL_PX}px;"
        )
