"""Drawing by hand: strokes as values, and the one way in which they become pixels, on every machine the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from PIL import Image, ImageDraw

from studio.edit import checked

MOST_POINTS = 50_000
WIDEST = 1.0
THINNEST = 0.001
COLOUR = re.compile(r"#[0-9a-f]{6}")
FINER = 4
FINEST = 2048
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
    """Draws strokes on a ground. It remembers all but the newest stroke: drawing on is as quick as the first stroke.

    Strokes are drawn without smoothing on a sheet that is up to four times finer, and that is then averaged: pixels
    that no stroke touches are the ground's own.

    Args:
        resolution: width and height of what it draws, in pixels.
    """

    def __init__(self, resolution: int) -> None:
        self.resolution = resolution
        self._finer = max(1, min(FINER, FINEST // resolution))
        self._ground = self._sheet = Image.new("RGB", (1, 1))
        self._drawn: tuple[Stroke, ...] | None = None
        self._of: np.ndarray | None = None

    def pixels(self, ground: np.ndarray | None, strokes: Sequence[Stroke]) -> np.ndarray:
        """Uint8 (resolution, resolution, 3): strokes on `ground`, of that shape; None is white paper."""
        strokes = tuple(strokes)
        if not strokes:
            return self._white() if ground is None else ground
        self._prepare(ground, strokes[:-1])
        sheet = self._sheet.copy()
        self._draw(sheet, strokes[-1])
        return np.asarray(sheet.reduce(self._finer) if self._finer > 1 else sheet)

    def _prepare(self, ground: np.ndarray | None, strokes: tuple[Stroke, ...]) -> None:
        """Brings the remembered sheet to `ground` with `strokes`, from where it is if that leads there."""
        if self._drawn is None or self._of is not ground or strokes[: len(self._drawn)] != self._drawn:
            small = Image.fromarray(self._white() if ground is None else ground)
            side = self.resolution * self._finer
            self._ground = small.resize((side, side), Image.Resampling.NEAREST)
            self._sheet, self._drawn, self._of = self._ground.copy(), (), ground
        for stroke in strokes[len(self._drawn) :]:
            self._draw(self._sheet, stroke)
        self._drawn = strokes

    def _draw(self, sheet: Image.Image, stroke: Stroke) -> None:
        if stroke.colour:
            _trace(ImageDraw.Draw(sheet), stroke, sheet.width, stroke.colour)
        else:
            mask = Image.new("L", sheet.size)
            _trace(ImageDraw.Draw(mask), stroke, sheet.width, 255)
            sheet.paste(self._ground, mask=mask)

    def _white(self) -> np.ndarray:
        return np.full((self.resolution, self.resolution, 3), 255, np.uint8)


def _trace(draw: ImageDraw.ImageDraw, stroke: Stroke, side: int, ink: str | int) -> None:
    """A line with round ends and corners."""
    radius = max(stroke.width * side / 2, 1.0)
    places = [(x * side, y * side) for x, y in stroke.points]
    middles = [(x - 0.5, y - 0.5) for x, y in places]  # of pixels, as Pillow counts a line's ends
    for start, end in itertools.pairwise(middles):
        draw.line((*start, *end), ink, round(2 * radius))
    for x, y in places:
        draw.ellipse((round(x - radius), round(y - radius), round(x + radius) - 1, round(y + radius) - 1), ink)


def _point(values: object) -> Point:
    pair = checked.sequence(values, "points", 2)
    if len(pair) != 2:
        raise checked.unreadable("points")
    return checked.number(pair[0], "points", -1, 2), checked.number(pair[1], "points", -1, 2)


def _rounded(place: Point) -> Point:
    x, y = (round(min(max(value, -1.0), 2.0), DIGITS) for value in place)
    return x, y
