"""The plot's axes: quiet, with ticks where a person would put them and numbers as a person would write them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import pyqtgraph

from studio.gui.theme import Theme, base_font
from studio.gui.training.curves import Axis
from studio.gui.training.figures import clock, value
from studio.gui.words import count

TICK_PX = 11
LEFT_WIDTH = 44
BOTTOM_HEIGHT = 26
EVERY_PX_ACROSS = 90
EVERY_PX_UP = 44
HALF_A_TEXT_PX = 7
MOST = 10
WIDE = 100_000
OPAQUE = 255
SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
ROUND = (1, 2, 5)
WHOLE = (1, 2, 2.5, 5)
MANTISSAS = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9))


class ValueAxis(pyqtgraph.AxisItem):
    """The left axis: values, or exponents of ten where it is logarithmic, each with a faint line across the plot."""

    def __init__(self) -> None:
        super().__init__("left")
        _make_quiet(self)
        self.setWidth(LEFT_WIDTH)
        self.setGrid(OPAQUE)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """One level of ticks: a spacing, 0 where there is none, and the places."""
        margin = (maxVal - minVal) * HALF_A_TEXT_PX / max(size, 1.0)
        minVal, maxVal = minVal + margin, maxVal - margin
        if self.logMode:
            places = log_ticks(minVal, maxVal, min(size / EVERY_PX_UP, MOST))
            if places:
                return [(0.0, places)]
        spacing = _round_up((maxVal - minVal) / min(max(size / EVERY_PX_UP, 1.0), MOST))
        return [(spacing, _multiples(spacing, minVal, maxVal))]

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        """One text a tick."""
        if self.logMode:
            return [value(10.0**place) for place in values]
        decimals = max(0, -math.floor(math.log10(spacing) + 1e-9))
        if decimals > 4 or max(map(abs, values), default=0) >= WIDE:
            return [value(place) for place in values]
        return [f"{place + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}") for place in values]


class TimeAxis(pyqtgraph.AxisItem):
    """The bottom axis: steps, training time or time of day."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._kind = Axis.STEP
        _make_quiet(self)
        self.setHeight(BOTTOM_HEIGHT)

    def set_kind(self, kind: Axis) -> None:
        """Chooses what the numbers mean."""
        self._kind = kind
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """One level of ticks, far enough apart for their texts."""
        wanted = (maxVal - minVal) / min(max(size / EVERY_PX_ACROSS, 1.0), MOST)
        if self._kind is Axis.STEP:
            spacing = _round_up(wanted, WHOLE) if wanted > 10 else max(_round_up(wanted), 1.0)
        else:
            spacing = next((float(s) for s in SECONDS if s >= wanted), _round_up(wanted / 86_400) * 86_400)
        return [(spacing, _multiples(spacing, minVal, maxVal))]

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        """One text a tick."""
        return [place_words(self._kind, place, spacing) for place in values]


def place_words(kind: Axis, place: float, spacing: float = 1.0) -> str:
    """A place on the bottom axis in words: `12 400`, `12:30` or `14:05`."""
    if kind is Axis.STEP:
        return count(round(place))
    if kind is Axis.RELATIVE:
        return clock(place)
    pattern = "%d %b" if spacing >= 86_400 else "%H:%M" if spacing >= 60 else "%H:%M:%S"
    return time.strftime(pattern, time.localtime(place))


def log_ticks(low: float, high: float, most: float) -> list[float]:
    """Exponents of the roundest numbers between 10^low and 10^high; none where even ninths are too far apart."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    if len(decades) - 1 > most:
        every = math.ceil(len(decades) / most)
        return [float(decade) for decade in decades if decade % every == 0 and low <= decade <= high]
    for mantissas in MANTISSAS:
        places = [decade + math.log10(mantissa) for decade in decades for mantissa in mantissas]
        places = [place for place in places if low <= place <= high]
        if len(places) >= 3:
            return places
    return []


def dress_axis(axis: Any, theme: Theme) -> None:
    """Puts an axis into a theme: no line of its own, faint ticks, dim text."""
    axis.setPen(None)
    axis.setTickPen(theme.line)
    axis.setTextPen(theme.dim)


def _make_quiet(axis: Any) -> None:
    axis.setStyle(
        tickLength=0,
        tickFont=base_font(TICK_PX),
        tickAlpha=OPAQUE,
        autoExpandTextSpace=False,
        hideOverlappingLabels=False,
    )
    axis.enableAutoSIPrefix(False)


def _round_up(wanted: float, factors: Sequence[float] = ROUND) -> float:
    """The next of 1, 2, 5, 10, 20, ..., or of other factors of a power of ten."""
    power: float = 10.0 ** math.floor(math.log10(wanted))
    return next((factor * power for factor in factors if factor * power >= wanted * (1 - 1e-9)), 10 * power)


def _multiples(spacing: float, low: float, high: float) -> list[float]:
    return [index * spacing for index in range(math.ceil(low / spacing), math.floor(high / spacing) + 1)]
