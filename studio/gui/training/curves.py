"""What the plots show, without Qt: every metric's points, smoothed as they come, and the range worth looking at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import numpy as np

from studio.gui.training.smoothing import Smoother

FIRST_CAPACITY = 1024
RANGE_SAMPLE = 20_000
ABBREVIATION = 3
OUTLIERS = (0.02, 0.98)
GROUP_TITLES = {"loss": "Losses", "D": "D scores", "grad": "Gradients", "metric": "Metrics", "penalty": "Penalties"}


class Axis(StrEnum):
    """What runs along the bottom: steps, seconds of training, or seconds since the epoch."""

    STEP = "step"
    RELATIVE = "relative"
    WALL = "wall"


class Column:
    """An append-only row of float64 numbers. Appending is amortised O(1); `view` copies nothing."""

    def __init__(self) -> None:
        self._buffer = np.empty(FIRST_CAPACITY)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, value: float) -> None:
        """Adds one number."""
        self._reserve(self._length + 1)
        self._buffer[self._length] = value
        self._length += 1

    def extend(self, values: np.ndarray) -> None:
        """Adds many numbers."""
        self._reserve(self._length + len(values))
        self._buffer[self._length : self._length + len(values)] = values
        self._length += len(values)

    def replace(self, values: np.ndarray) -> None:
        """Puts other numbers in place of those that are there."""
        self._length = 0
        self.extend(values)

    def cut(self, length: int) -> None:
        """Keeps the first `length` numbers."""
        self._length = min(self._length, length)

    @property
    def view(self) -> np.ndarray:
        """All numbers so far, float64 (N,)."""
        return self._buffer[: self._length]

    def _reserve(self, length: int) -> None:
        if length > len(self._buffer):
            grown = np.empty(max(length, 2 * len(self._buffer)))
            grown[: self._length] = self._buffer[: self._length]
            self._buffer = grown


class Curve:
    """One metric's points.

    Attributes:
        name: the metric's name, such as `loss/generator`.
        finite: whether every value so far is a number.
        positive: whether every value so far is above zero, so that a logarithm exists.
    """

    def __init__(self, name: str, weight: float) -> None:
        self.name = name
        self._smoother = Smoother(weight)
        self.finite = True
        self.positive = True
        self._x = {axis: Column() for axis in Axis}
        self._raw = Column()
        self._smoothed = Column()

    def __len__(self) -> int:
        return len(self._raw)

    @property
    def raw(self) -> np.ndarray:
        """The values as they were logged, float64 (N,)."""
        return self._raw.view

    @property
    def smoothed(self) -> np.ndarray:
        """The smoothed values, float64 (N,)."""
        return self._smoothed.view

    def x(self, axis: Axis) -> np.ndarray:
        """Where the points are along the bottom, float64 (N,)."""
        return self._x[axis].view

    def append(self, step: float, relative: float, wall: float, value: float) -> None:
        """Adds a point: its step, seconds of training, seconds since the epoch, and value.

        A step that was there before, as after resuming from an older checkpoint, replaces it and all later ones.
        """
        steps = self.x(Axis.STEP)
        if len(steps) and step <= steps[-1]:
            self._cut(int(np.searchsorted(steps, step)))
        for axis, x in zip(Axis, (step, relative, self._not_before(wall)), strict=True):
            self._x[axis].append(x)
        self._raw.append(value)
        self._smoothed.append(self._smoother.add(value))
        self._look_at(value, value)

    def extend(self, step: np.ndarray, relative: np.ndarray, wall: np.ndarray, values: np.ndarray) -> None:
        """Adds many later points at once, in order, each argument float64 (N,)."""
        if not len(values):
            return
        wall = np.maximum.accumulate(np.maximum(wall, self._not_before(wall[0])))
        for axis, x in zip(Axis, (step, relative, wall), strict=True):
            self._x[axis].extend(x)
        self._raw.extend(values)
        self._smoothed.extend(self._smoother.extend(values))
        self._look_at(float(np.min(values)), float(np.max(values)))

    def smooth(self, weight: float) -> None:
        """Smooths all points anew."""
        self._smoother = Smoother(weight)
        self._smoothed.replace(self._smoother.extend(self.raw))

    def nearest(self, axis: Axis, x: float) -> int:
        """The index of the point nearest to `x`; the curve must not be empty."""
        places = self.x(axis)
        right = min(int(np.searchsorted(places, x)), len(places) - 1)
        left = max(right - 1, 0)
        return left if abs(places[left] - x) <= abs(places[right] - x) else right

    def _cut(self, length: int) -> None:
        for column in (*self._x.values(), self._raw):
            column.cut(length)
        self.smooth(self._smoother.weight)

    def _not_before(self, wall: float) -> float:
        """Clocks are set back at times; curves must not turn back with them."""
        walls = self.x(Axis.WALL)
        return max(wall, float(walls[-1])) if len(walls) else wall

    def _look_at(self, low: float, high: float) -> None:
        self.finite = self.finite and bool(np.isfinite(low) and np.isfinite(high))
        self.positive = self.positive and low > 0


class Curves:
    """Every metric of one run, by name, in the order in which they first came.

    Attributes:
        weight: how strongly curves are smoothed, 0 to just under 1.
    """

    def __init__(self, weight: float = 0.9) -> None:
        self.weight = weight
        self._curves: dict[str, Curve] = {}

    def __getitem__(self, name: str) -> Curve:
        return self._curves[name]

    def __contains__(self, name: object) -> bool:
        return name in self._curves

    def __iter__(self) -> Iterator[Curve]:
        return iter(self._curves.values())

    def __len__(self) -> int:
        return len(self._curves)

    def append(self, step: float, relative: float, wall: float, metrics: Mapping[str, float]) -> None:
        """Adds a point to every metric that was logged at this step."""
        for name, value in metrics.items():
            self._curve(name).append(step, relative, wall, value)

    def extend(self, name: str, step: np.ndarray, relative: np.ndarray, wall: np.ndarray, values: np.ndarray) -> None:
        """Adds many later points to one metric, each argument float64 (N,)."""
        self._curve(name).extend(step, relative, wall, values)

    def smooth(self, weight: float) -> None:
        """Smooths every curve anew."""
        self.weight = weight
        for curve in self:
            curve.smooth(weight)

    def groups(self) -> dict[str, list[str]]:
        """Names of metrics by the title of the plot they share, in order."""
        groups: dict[str, list[str]] = {}
        for name in self._curves:
            groups.setdefault(group_title(name), []).append(name)
        return groups

    def _curve(self, name: str) -> Curve:
        if name not in self._curves:
            self._curves[name] = Curve(name, self.weight)
        return self._curves[name]


def group_title(name: str) -> str:
    """The plot that a metric belongs to, by what its name has before the slash."""
    prefix, slash, _ = name.partition("/")
    if not slash:
        return "Other"
    words = prefix.upper() if len(prefix) <= ABBREVIATION else prefix.replace("_", " ").capitalize()
    return GROUP_TITLES.get(prefix, words)


def curve_title(name: str) -> str:
    """What a metric is called beside its curve: what its name has after the slash."""
    return name.rpartition("/")[2].replace("_", " ")


def value_range(rows: Sequence[np.ndarray], ignore_outliers: bool, log: bool) -> tuple[float, float] | None:
    """The range to show, with a little air; None where there is nothing to show.

    Ignoring outliers, it spans the 2nd to the 98th percentile and a quarter more on either side, but no more than
    there is. On a logarithmic axis the range is one of exponents, base 10.
    """
    if ignore_outliers:
        rows = [row[:: max(1, len(row) // RANGE_SAMPLE)] for row in rows]
    values = np.concatenate(rows) if rows else np.empty(0)
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not len(values):
        return None
    if log:
        values = np.log10(values)
    low, high = float(values.min()), float(values.max())
    if ignore_outliers:
        inner_low, inner_high = (float(edge) for edge in np.quantile(values, OUTLIERS))
        margin = 0.25 * (inner_high - inner_low)
        low, high = max(low, inner_low - margin), min(high, inner_high + margin)
    air = 0.06 * (high - low) or 0.1 * abs(high) or 0.5
    return low - air, high + air
