"""Drawing by hand: strokes as values, and the one way in which they become pixels, on every machine the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from studio.edit import checked

MOST_POINTS = 50_000
WIDEST = 1.0
THINNEST = 0.001
COLOUR = re.compile(r"#[0-9a-f]{6}")
THINNEST_PX = 1.0
DIGITS = 4

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen. Places and widths are fractions of the picture's side.

    Attributes:
        points: (x, y) where the hand was, at least one.
        width: how wide the pen is.
        colour: `#rrggbb`; empty for the eraser, which brings the ground back.
    """

    points: tuple[Point, ...]
    width: float
    colour: str = ""

    @classmethod
    def at(cls, place: Point, width: float, colour: str) -> Self:
        """A stroke that begins at `place`."""
        return cls((_rounded(place),), round(min(max(width, THINNEST), WIDEST), DIGITS), colour)

    def to(self, place: Point) -> Self:
        """The stroke, drawn on to `place`."""
        return replace(self, points=(*self.points, _rounded(place)))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"points": [list(point) for point in self.points], "width": self.width, "colour": self.colour}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The stroke that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "stroke")
        points = tuple(_point(one) for one in checked.sequence(read.get("points"), "points", MOST_POINTS))
        colour = checked.text(read.get("colour", ""), "colour")
        if not points or (colour and not COLOUR.fullmatch(colour)):
            raise checked.unreadable("stroke")
        return cls(points, checked.number(read.get("width"), "width", THINNEST, WIDEST), colour)


class Paper:
    """Draws strokes on a ground, with smooth edges. Pixels that no stroke touches are the ground's own.

    It remembers the sheet under the newest stroke, and how far that stroke had come: drawing on costs no more than the
    newest piece of it.

    Args:
        resolution: width and height of what it draws, in pixels.
    """

    def __init__(self, resolution: int) -> None:
        self.resolution = resolution
        self._white = np.full((resolution, resolution, 3), 255, np.uint8)
        self._ground = self._sheet = self._white
        self._drawn: tuple[Stroke, ...] = ()
        self._trace = _Trace(resolution)

    def pixels(self, ground: np.ndarray | None, strokes: Sequence[Stroke]) -> np.ndarray:
        """Uint8 (resolution, resolution, 3): strokes on `ground`, of that shape; None is white paper."""
        strokes = tuple(strokes)
        ground = self._white if ground is None else ground
        if not strokes:
            return ground
        self._prepare(ground, strokes[:-1])
        return self._laid(self._sheet, strokes[-1])

    def _prepare(self, ground: np.ndarray, strokes: tuple[Stroke, ...]) -> None:
        """Brings the remembered sheet to `ground` with `strokes`, from where it is if that leads there."""
        if self._ground is not ground or strokes[: len(self._drawn)] != self._drawn:
            self._ground = self._sheet = ground
            self._drawn = ()
        for stroke in strokes[len(self._drawn) :]:
            self._sheet = self._laid(self._sheet, stroke)
        self._drawn = strokes

    def _laid(self, sheet: np.ndarray, stroke: Stroke) -> np.ndarray:
        """A copy of `sheet` with one more stroke on it."""
        cover, rows, columns = self._trace.of(stroke)
        under = sheet[rows, columns].astype(np.float32)
        ink = np.array(_rgb(stroke.colour), np.float32) if stroke.colour else self._ground[rows, columns]
        drawn = sheet.copy()
        drawn[rows, columns] = np.rint(under + (ink - under) * cover[rows, columns, None]).astype(np.uint8)
        return drawn


class _Trace:
    """How much of each pixel the newest stroke covers."""

    def __init__(self, resolution: int) -> None:
        self._resolution = resolution
        self._stroke: Stroke | None = None
        self._cover = np.zeros((resolution, resolution), np.float32)
        self._box = (resolution, resolution, 0, 0)

    def of(self, stroke: Stroke) -> tuple[np.ndarray, slice, slice]:
        """Float32 (resolution, resolution) in [0, 1], and the rows and columns beyond which it is 0."""
        known = self._stroke
        if known is None or replace(stroke, points=stroke.points[: len(known.points)]) != known:
            self._cover = np.zeros_like(self._cover)
            self._box = (self._resolution, self._resolution, 0, 0)
            known = replace(stroke, points=stroke.points[:1])
            self._add(known.points[0], known.points[0], stroke.width)
        for start, end in itertools.pairwise(stroke.points[len(known.points) - 1 :]):
            self._add(start, end, stroke.width)
        self._stroke = stroke
        top, left, bottom, right = self._box
        return self._cover, slice(top, max(top, bottom)), slice(left, max(left, right))

    def _add(self, start: Point, end: Point, width: float) -> None:
        """Covers what is within half a width of the line from `start` to `end`, half a pixel of edge being smooth."""
        side = self._resolution
        radius = max(width * side / 2, THINNEST_PX / 2)
        a, b = (np.array(place[::-1]) * side for place in (start, end))
        low = np.clip(np.floor(np.minimum(a, b) - radius - 1), 0, side).astype(int)
        high = np.clip(np.ceil(np.maximum(a, b) + radius + 1), 0, side).astype(int)
        rows, columns = slice(low[0], high[0]), slice(low[1], high[1])
        if (high <= low).any():
            return
        y = np.arange(low[0], high[0])[:, None] + 0.5 - a[0]
        x = np.arange(low[1], high[1])[None, :] + 0.5 - a[1]
        dy, dx = b - a
        along = np.clip((y * dy + x * dx) / max(dy * dy + dx * dx, 1e-9), 0, 1)
        distance = np.sqrt((y - along * dy) ** 2 + (x - along * dx) ** 2)
        cover = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
        np.maximum(self._cover[rows, columns], cover, out=self._cover[rows, columns])
        top, left, bottom, right = self._box
        self._box = (min(top, low[0]), min(left, low[1]), max(bottom, high[0]), max(right, high[1]))


def _rgb(colour: str) -> tuple[int, int, int]:
    """The numbers in `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _point(values: object) -> Point:
    pair = checked.sequence(values, "points", 2)
    if len(pair) != 2:
        raise checked.unreadable("points")
    return checked.number(pair[0], "points", -1, 2), checked.number(pair[1], "points", -1, 2)


def _rounded(place: Point) -> Point:
    x, y = (round(min(max(value, -1.0), 2.0), DIGITS) for value in place)
    return x, y
