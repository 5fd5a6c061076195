"""What a person masks of a picture: marks as values, and the one way in which they become pixels."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np

from studio.edit import checked
from studio.edit.brushed import DIGITS, Point, near, read_point, rounded
from studio.edit.strokes import MOST_POINTS, THINNEST, WIDEST

Kind = Literal["brush", "rectangle", "lasso", "invert"]

KINDS: tuple[Kind, ...] = ("brush", "rectangle", "lasso", "invert")
MOST_MARKS = 10_000
WIDEST_FEATHER = 0.25


@dataclass(frozen=True)
class Mark:
    """One movement of the hand. Places and widths are fractions of the picture's side.

    Attributes:
        kind: a brush's stroke; a rectangle between two corners; a lasso around a place; the turning of all inside out.
        points: (x, y) where the hand was; none for the turning.
        width: how wide the brush is.
        hardness: how much of the brush covers in full, 0 (its middle alone) to 1 (all of it).
        erases: whether it takes off the mask.
    """

    kind: Kind
    points: tuple[Point, ...] = ()
    width: float = THINNEST
    hardness: float = 1.0
    erases: bool = False

    @classmethod
    def brush(cls, place: Point, width: float, hardness: float, *, erases: bool = False) -> Self:
        """A stroke that begins at `place`."""
        width, hardness = min(max(width, THINNEST), WIDEST), min(max(hardness, 0.0), 1.0)
        return cls("brush", (rounded(place),), round(width, DIGITS), round(hardness, DIGITS), erases)

    @classmethod
    def shape(cls, kind: Literal["rectangle", "lasso"], places: Sequence[Point], *, erases: bool = False) -> Self:
        """A rectangle between two places, or a lasso through them all."""
        return cls(kind, tuple(rounded(place) for place in places), erases=erases)

    def to(self, place: Point) -> Self:
        """The mark, drawn on to `place`: a rectangle's far corner goes there."""
        kept = self.points[:1] if self.kind == "rectangle" else self.points
        return replace(self, points=(*kept, rounded(place)))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "kind": self.kind,
            "points": [list(point) for point in self.points],
            "width": self.width,
            "hardness": self.hardness,
            "erases": self.erases,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The mark that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "mark")
        kind = checked.choice(read.get("kind"), "kind", KINDS)
        points = tuple(read_point(one) for one in checked.sequence(read.get("points", []), "points", MOST_POINTS))
        if not points and kind != "invert":
            raise checked.unreadable("points")
        return cls(
            kind,
            points,
            checked.number(read.get("width", THINNEST), "width", THINNEST, WIDEST),
            checked.number(read.get("hardness", 1.0), "hardness", 0, 1),
            checked.truth(read.get("erases", False), "erases"),
        )


class MaskSheet:
    """Lays marks one over the other.

    It remembers the sheet under the newest mark, and how far that one had come: painting on costs no more than the
    newest piece of it.

    Args:
        resolution: width and height of what it covers, in pixels.
    """

    def __init__(self, resolution: int) -> None:
        self.resolution = resolution
        self._blank = self._sheet = np.zeros((resolution, resolution), np.float32)
        self._laid: tuple[Mark, ...] = ()
        self._trace = _Trace(resolution)

    def cover(self, marks: Sequence[Mark]) -> np.ndarray:
        """Float32 (resolution, resolution) in [0, 1]: how much of each pixel is masked."""
        marks = tuple(marks)
        if not marks:
            return self._blank
        if marks[: len(self._laid)] != self._laid or len(self._laid) >= len(marks):
            self._sheet, self._laid = self._blank, ()
        for mark in marks[len(self._laid) : -1]:
            self._sheet = self._over(self._sheet, mark)
        self._laid = marks[:-1]
        return self._over(self._sheet, marks[-1])

    def _over(self, sheet: np.ndarray, mark: Mark) -> np.ndarray:
        if mark.kind == "invert":
            return 1 - sheet
        cover = self._trace.of(mark) if mark.kind == "brush" else _filled(mark, self.resolution)
        laid: np.ndarray = np.minimum(sheet, 1 - cover) if mark.erases else np.maximum(sheet, cover)
        return laid


def feathered(cover: np.ndarray, feather: float) -> np.ndarray:
    """A mask that fades out around what is masked, over `feather` of the picture's side.

    What was masked stays so: nothing of what a person painted over shines through. Distances are Euclidean, between the
    middles of pixels. Float32 (S, S) in and out.
    """
    reach = feather * len(cover)
    solid = cover >= 0.5
    if reach <= 0 or not solid.any():
        return cover
    distance = np.sqrt(_squared_distance(solid, int(np.ceil(reach))))
    faded: np.ndarray = np.maximum(cover, np.clip(1 - distance / (reach + 1), 0, 1).astype(np.float32))
    return faded


def _squared_distance(solid: np.ndarray, reach: int) -> np.ndarray:
    """How far each pixel is from the nearest solid one, squared, float64 (S, S); right up to `reach`, more beyond.

    First the nearest in each column, then the nearest of those: whole numbers, so that no processor differs.
    """
    side, far = len(solid), 2 * reach + 1
    rows = np.arange(side, dtype=np.float64)[:, None]
    above = np.maximum.accumulate(np.where(solid, rows, -far), axis=0)
    below = np.minimum.accumulate(np.where(solid, rows, side + far)[::-1], axis=0)[::-1]
    upright = np.minimum(rows - above, below - rows) ** 2
    nearest = upright.copy()
    for aside in range(1, min(reach, side - 1) + 1):
        np.minimum(nearest[:, aside:], upright[:, :-aside] + aside**2, out=nearest[:, aside:])
        np.minimum(nearest[:, :-aside], upright[:, aside:] + aside**2, out=nearest[:, :-aside])
    return nearest


class _Trace:
    """How much of each pixel the newest brush stroke covers."""

    def __init__(self, resolution: int) -> None:
        self._resolution = resolution
        self._mark: Mark | None = None
        self._cover = np.zeros((resolution, resolution), np.float32)

    def of(self, mark: Mark) -> np.ndarray:
        """Float32 (resolution, resolution) in [0, 1]."""
        known = self._mark
        if known is None or replace(mark, points=mark.points[: len(known.points)]) != known:
            self._cover = np.zeros_like(self._cover)
            known = replace(mark, points=mark.points[:1])
            self._add(known.points[0], known.points[0], mark)
        for start, end in itertools.pairwise(mark.points[len(known.points) - 1 :]):
            self._add(start, end, mark)
        self._mark = mark
        return self._cover

    def _add(self, start: Point, end: Point, mark: Mark) -> None:
        """Covers what is near the line from `start` to `end`: in full up to the hard part, then less and less."""
        passed = near(start, end, mark.width, self._resolution)
        if passed is None:
            return
        radius, rows, columns, distance = passed
        edge = 1 + (1 - mark.hardness) * radius
        cover = np.clip((radius + 0.5 - distance) / edge, 0, 1).astype(np.float32)
        np.maximum(self._cover[rows, columns], cover, out=self._cover[rows, columns])


def _filled(mark: Mark, resolution: int) -> np.ndarray:
    """Float32 (resolution, resolution): 1 where a pixel's middle is inside, by the even-odd rule."""
    inside = np.zeros((resolution, resolution), np.bool_)
    middles = np.arange(resolution) + 0.5
    for (x0, y0), (x1, y1) in _edges(mark, resolution):
        rows = np.flatnonzero((y0 <= middles) != (y1 <= middles))
        crossing = x0 + (middles[rows] - y0) * (x1 - x0) / (y1 - y0) if len(rows) else np.zeros(0)
        inside[rows] ^= middles[None] < crossing[:, None]
    return inside.astype(np.float32)


def _edges(mark: Mark, resolution: int) -> Iterator[tuple[Point, Point]]:
    """The outline in pixels, closed."""
    corners = mark.points
    if mark.kind == "rectangle":
        (left, top), (right, bottom) = mark.points[0], mark.points[-1]
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    scaled = [(x * resolution, y * resolution) for x, y in corners]
    return itertools.pairwise((*scaled, scaled[0]))
