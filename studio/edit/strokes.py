"""Drawing by hand: strokes as values, and the one way in which they become pixels, on every machine the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from studio.edit import checked
from studio.edit.brushed import DIGITS, Point, near, read_point, rounded

MOST_POINTS = 50_000
WIDEST = 1.0
THINNEST = 0.001
COLOUR = re.compile(r"#[0-9a-f]{6}")


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
        return cls((rounded(place),), round(min(max(width, THINNEST), WIDEST), DIGITS), colour)

    def to(self, place: Point) -> Self:
        """The stroke, drawn on to `place`."""
        return replace(self, points=(*self.points, rounded(place)))

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
        points = tuple(read_point(one) for one in checked.sequence(read.get("points"), "points", MOST_POINTS))
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
        passed = near(start, end, width, self._resolution)
        if passed is None:
            return
        radius, rows, columns, distance = passed
        cover = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
        np.maximum(self._cover[rows, columns], cover, out=self._cover[rows, columns])
        top, left, bottom, right = self._box
        self._box = (
            min(top, rows.start),
            min(left, columns.start),
            max(bottom, rows.stop),
            max(right, columns.stop),
        )


def _rgb(colour: str) -> tuple[int, int, int]:
    """The numbers in `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
