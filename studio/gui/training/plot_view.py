"""One plot: raw curves faint, smoothed ones over them, drawn as seldom and as cheaply as the eye allows."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui.theme import CORNER_PX, Theme
from studio.gui.training.colours import curve_colour, curve_is_dashed
from studio.gui.training.curves import Axis, Curve, Curves, value_range
from studio.gui.training.marks import Mark, Marks
from studio.gui.training.plot_axes import TimeAxis, ValueAxis, dress_axis

pg: Any = pyqtgraph  # it has no annotations

RAW_ALPHA = 60
FADED_ALPHA = 60
REDRAW_MS = 100
SLOWEST_MS = 2000
DUTY = 10
RANGE_S = 0.5
NEAR_ZERO = 0.02
ARROWS = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}
ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}


class PlotView(pyqtgraph.PlotWidget):
    """The curves of one group, following a run or held still where a person zoomed in.

    The wheel zooms along the bottom, a drag moves; values always fit what is visible. A double click shows all again.
    By keys: Left and Right point at places, + and - zoom, Home shows all, Escape points nowhere.

    Signals:
        pointed(x): the pointer is over this place of the bottom axis; NaN when it has left.
        followed(whether): the whole run is shown, or no longer.
        drawn(): the curves have just been brought up to date.
    """

    pointed = Signal(float)
    followed = Signal(bool)
    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bottom: Any = TimeAxis()
        self._left: Any = ValueAxis()
        super().__init__(  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
            parent, background=None, enableMenu=False, axisItems={"left": self._left, "bottom": self._bottom}
        )
        self._curves = Curves()
        self._shown: dict[str, tuple[Any, Any]] = {}
        self._hidden: set[str] = set()
        self._emphasised = ""
        self._axis = Axis.STEP
        self._log = False
        self._ignore_outliers = True
        self._following = True
        self._ranged_at = 0.0
        self._painting = 0.0
        self._pointed = math.nan
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.timeout.connect(self.redraw)
        self._set_up()
        self.marks = Marks(self._plot, Theme.of(self))

    def _set_up(self) -> None:
        self._plot: Any = self.getPlotItem()  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
        self._plot.hideButtons()
        self._leave_out_export()
        self._plot.setDownsampling(auto=True, mode="peak")
        self._plot.setClipToView(True)
        self._plot.layout.setContentsMargins(0, 6, 8, 0)
        self._view: Any = self._plot.getViewBox()
        self._view.setMouseEnabled(x=True, y=False)
        self._view.disableAutoRange()
        self._view.sigRangeChangedManually.connect(self._hold)
        self._view.setDefaultPadding(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)
        self.setAccessibleName("Plot")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._dress()

    def _leave_out_export(self) -> None:
        """Without pyqtgraph's own export: the command palette would find it, and it works from no other place than
        pyqtgraph's menu."""
        scene: Any = self.scene()
        for action in scene.contextMenu:
            action.deleteLater()
        scene.contextMenu = []

    @property
    def following(self) -> bool:
        """Whether the whole run is shown, as it grows."""
        return self._following

    @property
    def axis(self) -> Axis:
        """What runs along the bottom."""
        return self._axis

    def show_curves(self, curves: Curves, names: Sequence[str], hidden: set[str]) -> None:
        """Shows these metrics of a run, in this order of colours, but for the hidden ones."""
        self._curves = curves
        self._hidden = set(hidden)
        for items in self._shown.values():
            for item in items:
                self._plot.removeItem(item)
        self._shown = {name: (self._add_item(antialias=False), self._add_item(antialias=True)) for name in names}
        self._dress()
        self._following = True
        self.redraw(now=True)

    def colour(self, name: str) -> QColor:
        """The colour of a metric's curve in the present theme."""
        return curve_colour(Theme.of(self), list(self._shown).index(name))

    def names(self) -> list[str]:
        """The metrics that are shown or hidden here."""
        return list(self._shown)

    def visible_curves(self) -> list[Curve]:
        """The curves that are not hidden and have points."""
        return [
            self._curves[name]
            for name in self._shown
            if name not in self._hidden and name in self._curves and len(self._curves[name])
        ]

    def set_hidden(self, names: set[str]) -> None:
        """Hides these metrics, wherever they appear, and shows the rest."""
        self._hidden = set(names)
        self.redraw(now=True)

    def emphasise(self, name: str) -> None:
        """Lets one curve stand out; none where the name is empty."""
        if name != self._emphasised:
            self._emphasised = name
            self._dress()

    def set_axis(self, axis: Axis) -> None:
        """Chooses what runs along the bottom."""
        self._axis = axis
        self._bottom.set_kind(axis)
        self.follow()

    def set_log(self, log: bool) -> None:
        """Makes the values' axis logarithmic, or not. What is not above zero is then left out."""
        self._log = log
        self._plot.setLogMode(y=log)
        self.redraw(now=True)

    def set_ignore_outliers(self, ignore: bool) -> None:
        """Whether rare extremes may leave the plot, so that the rest can be seen."""
        self._ignore_outliers = ignore
        self.redraw(now=True)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Shows what was changed in mid-run, and when."""
        self.marks.show(marks)
        self.touch()

    def add_overlay(self, item: Any) -> None:
        """Adds an item of pyqtgraph's that has no say in the range."""
        self._plot.addItem(item, ignoreBounds=True)

    def follow(self) -> None:
        """Shows the whole run again, and goes on doing so."""
        self._following = True
        self.followed.emit(True)
        self.redraw(now=True)

    def touch(self) -> None:
        """Says that there are new points. They are drawn soon, at most ten times a second and a tenth of the time."""
        if not self._redraw.isActive() and self.isVisible():
            self._redraw.start(round(min(max(REDRAW_MS, DUTY * 1000 * self._painting), SLOWEST_MS)))

    def redraw(self, now: bool = False) -> None:
        """Brings curves and range up to date; `now` does not wait for the range's turn."""
        begun = time.perf_counter()
        self._redraw.stop()
        for name, items in self._shown.items():
            self._draw(name, *items)
        if now or begun - self._ranged_at >= RANGE_S:
            self._ranged_at = begun
            self._fit()
            self.marks.place(self._axis, self._curves)
        self._painting = time.perf_counter() - begun
        self.drawn.emit()

    def _draw(self, name: str, raw: Any, smoothed: Any) -> None:
        shown = name not in self._hidden and name in self._curves
        smooth = self._curves.weight > 0
        smoothed.setVisible(shown)
        raw.setVisible(shown and smooth)
        if not shown:
            return
        curve = self._curves[name]
        clean = curve.finite and (curve.positive or not self._log)
        x = curve.x(self._axis)
        smoothed.setData(x, curve.smoothed, skipFiniteCheck=clean)
        if smooth:
            raw.setData(x, curve.raw, skipFiniteCheck=clean)

    def _fit(self) -> None:
        curves = self.visible_curves()
        if not curves:
            return
        if self._following:
            low = min(float(curve.x(self._axis)[0]) for curve in curves)
            high = max(float(curve.x(self._axis)[-1]) for curve in curves)
            if self._axis is not Axis.WALL and low < NEAR_ZERO * high:
                low = 0.0
            self._view.setXRange(low, high if high > low else low + 1, padding=0)
        span = value_range([self._visible_part(curve) for curve in curves], self._ignore_outliers, self._log)
        if span is not None and self._worth_moving(span):
            self._view.setYRange(*span, padding=0)

    def _visible_part(self, curve: Curve) -> np.ndarray:
        if self._following:
            return curve.raw
        left, right = np.searchsorted(curve.x(self._axis), self._view.viewRange()[0])
        return curve.raw[left : right + 1]

    def _worth_moving(self, span: tuple[float, float]) -> bool:
        """A range that twitches with every point is worse than one that is a little too wide."""
        low, high = self._view.viewRange()[1]
        return bool(span[0] < low or span[1] > high or (span[1] - span[0]) < 0.8 * (high - low))

    def _hold(self) -> None:
        if self._following:
            self._following = False
            self.followed.emit(False)
        self._ranged_at = 0.0
        self.touch()

    def _add_item(self, *, antialias: bool) -> Any:
        """A curve of at most two points a pixel. At that, antialiasing costs a third more; a wider pen six times."""
        item = pg.PlotDataItem(autoDownsampleFactor=1.0, dynamicRangeLimit=None, antialias=antialias)
        self._plot.addItem(item)
        return item

    def _dress(self) -> None:
        self._theme = theme = Theme.of(self)
        self.setBackground(theme.pane)  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
        dress_axis(self._left, theme)
        dress_axis(self._bottom, theme)
        for index, (name, (raw, smoothed)) in enumerate(self._shown.items()):
            faded = bool(self._emphasised) and self._emphasised != name
            colour = curve_colour(theme, index)
            raw.setPen(_pen(colour, 0 if faded else RAW_ALPHA))
            smoothed.setPen(_pen(colour, FADED_ALPHA if faded else 255, dashed=curve_is_dashed(index)))
            smoothed.setZValue(2 if self._emphasised == name else 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "marks") and Theme.of(self) is not self._theme:
            self._dress()
            self.marks.dress(self._theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw(now=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._redraw.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        begun = time.perf_counter()
        super().paintEvent(event)  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
        self._painting += time.perf_counter() - begun
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(self._theme.accent))
            painter.drawRoundedRect(self.viewport().rect().adjusted(0, 0, -1, -1), CORNER_PX, CORNER_PX)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self._point_by(ARROWS[key])
        elif key in ZOOMS:
            self._view.scaleBy(x=ZOOMS[key])
            self._hold()
        elif key == Qt.Key.Key_Home:
            self.follow()
        elif key == Qt.Key.Key_Escape:
            self._point(math.nan)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(math.nan)

    def _point_by(self, part: float) -> None:
        low, high = self._view.viewRange()[0]
        start = (low + high) / 2 if math.isnan(self._pointed) else self._pointed
        self._point(min(max(start + part * (high - low), low), high))

    def _point(self, x: float) -> None:
        self._pointed = x
        self.pointed.emit(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
        self._point(self.place_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)  # type: ignore[no-untyped-call] # pyqtgraph has no annotations
        self._point(math.nan)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.follow()

    def place_at(self, point: QPoint) -> float:
        """Where on the bottom axis a point of the widget lies; NaN outside of the plot."""
        if not self._view.sceneBoundingRect().contains(self.mapToScene(point)):
            return math.nan
        return float(self._view.mapSceneToView(self.mapToScene(point)).x())

    def x_of(self, place: float) -> int:
        """Where in the widget, in pixels from the left, a place on the bottom axis is."""
        return int(self.mapFromScene(self._view.mapViewToScene(pg.Point(place, 0))).x())


def _pen(colour: QColor, alpha: int, *, dashed: bool = False) -> Any:
    colour = QColor(colour)
    colour.setAlpha(alpha)
    return pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
