"""Where boxes go: moving, resizing and snapping, on boxes (x, y, width, height) in fractions of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.data.layout_files import Box

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SMALLEST = 1 / 64  # what a hand can make; files may hold less
LINES = (0.0, 1 / 3, 0.5, 2 / 3, 1.0)

STEPS = 8

_DIGITS = 6
_TINIEST = 1e-4


@dataclass(frozen=True)
class Handle:
    """A place of a frame that is pulled: -1 its left or top edge, 1 its right or bottom edge, 0 neither.

    Attributes:
        x, y: which edge, in each direction. (0, 0) moves the whole frame.
    """

    x: int
    y: int


MOVE = Handle(0, 0)
HANDLES = tuple(Handle(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0))


@dataclass(frozen=True)
class Snapped:
    """A frame that has found lines to stand on.

    Attributes:
        box: the frame.
        x, y: the vertical and horizontal lines that it stands on, in fractions of the picture.
    """

    box: Box
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()


def frame(boxes: Sequence[Box]) -> Box:
    """The smallest box around `boxes`; at least one."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def roomy(boxes: Sequence[Box], width: float, height: float) -> Box:
    """A box of that size where `boxes` cover least, the nearest to the middle of such places."""
    places = [((1 - width) * x / STEPS, (1 - height) * y / STEPS) for y in range(STEPS + 1) for x in range(STEPS + 1)]
    middle = ((1 - width) / 2, (1 - height) / 2)

    def price(place: tuple[float, float]) -> tuple[float, float]:
        covered = sum(_overlap((*place, width, height), box) for box in boxes)
        return round(covered, _DIGITS), math.dist(place, middle)

    return rounded((*min(places, key=price), width, height))


def _overlap(a: Box, b: Box) -> float:
    """The area that both cover."""
    across, down = (
        max(min(a[axis] + a[axis + 2], b[axis] + b[axis + 2]) - max(a[axis], b[axis]), 0.0) for axis in (0, 1)
    )
    return across * down


def between(a: tuple[float, float], b: tuple[float, float]) -> Box:
    """The box that a hand drew from `a` to `b`, cut to the picture and never too small to see."""
    (left, right), (top, bottom) = (sorted(_held(value) for value in pair) for pair in zip(a, b, strict=True))
    width, height = max(right - left, SMALLEST), max(bottom - top, SMALLEST)
    return rounded((min(left, 1 - width), min(top, 1 - height), width, height))


def pulled(box: Box, handle: Handle, dx: float, dy: float, *, proportional: bool = False) -> Box:
    """A frame with a handle pulled by (dx, dy), inside the picture; the opposite edge stays where it is.

    Args:
        box: the frame as it was when the pull began.
        handle: what is pulled; `MOVE` takes all of it along.
        dx, dy: how far, in fractions of the picture.
        proportional: keeps the ratio of width to height; a side's handle then pulls the other direction along.
    """
    if handle == MOVE:
        return (_between(box[0] + dx, 0, 1 - box[2]), _between(box[1] + dy, 0, 1 - box[3]), box[2], box[3])
    width = _pulled_length(box[0], box[2], handle.x, dx)
    height = _pulled_length(box[1], box[3], handle.y, dy)
    if proportional:
        width, height = _in_proportion(box, handle, width, height)
    left = box[0] + box[2] - width if handle.x < 0 else box[0]
    top = box[1] + box[3] - height if handle.y < 0 else box[1]
    return left, top, width, height


def fitted(box: Box, before: Box, after: Box) -> Box:
    """A box that was inside the frame `before`, at the same place inside the frame `after`."""
    x, width = _fitted_length(box[0], box[2], (before[0], before[2]), (after[0], after[2]))
    y, height = _fitted_length(box[1], box[3], (before[1], before[3]), (after[1], after[3]))
    return rounded((x, y, width, height))


def snapped(box: Box, handle: Handle, others: Iterable[Box], near: tuple[float, float]) -> Snapped:
    """A frame brought onto the lines that its pulled edges are near to: thirds, the middle, and others' edges.

    Args:
        box: the frame.
        handle: what was pulled: its edges alone may move; with `MOVE` all edges and the middle look for a line.
        others: the boxes to stand in line with.
        near: how near is near, in fractions of the picture's width and height.
    """
    stood = tuple(others)
    columns = {*LINES, *(box[0] for box in stood), *(box[0] + box[2] for box in stood)}
    rows = {*LINES, *(box[1] for box in stood), *(box[1] + box[3] for box in stood)}
    x, width, at_x = _snapped_length(box[0], box[2], handle.x, handle == MOVE, columns, near[0])
    y, height, at_y = _snapped_length(box[1], box[3], handle.y, handle == MOVE, rows, near[1])
    return Snapped((x, y, width, height), at_x, at_y)


def rounded(box: Box) -> Box:
    """A box without the dust of arithmetic, inside the picture and never empty."""
    width = min(max(round(box[2], _DIGITS), _TINIEST), 1.0)
    height = min(max(round(box[3], _DIGITS), _TINIEST), 1.0)
    x = round(_between(box[0], 0, 1 - width), _DIGITS)
    y = round(_between(box[1], 0, 1 - height), _DIGITS)
    return x, y, round(min(width, 1 - x), _DIGITS), round(min(height, 1 - y), _DIGITS)


def _held(value: float) -> float:
    return _between(value, 0, 1)


def _between(value: float, low: float, high: float) -> float:
    return max(min(value, high), low)


def _pulled_length(start: float, length: float, edge: int, by: float) -> float:
    if edge == 0:
        return length
    most = start + length if edge < 0 else 1 - start
    return _between(length + edge * by, SMALLEST, most)


def _in_proportion(box: Box, handle: Handle, width: float, height: float) -> tuple[float, float]:
    """Width and height in the ratio of `box`, as large as the pull says and the picture allows."""
    wider, taller = width / box[2], height / box[3]
    scale = taller if handle.x == 0 else wider if handle.y == 0 else max(wider, taller, key=lambda one: abs(one - 1))
    most_wide = box[0] + box[2] if handle.x < 0 else 1 - box[0]
    most_tall = box[1] + box[3] if handle.y < 0 else 1 - box[1]
    scale = min(max(scale, SMALLEST / min(box[2], box[3])), most_wide / box[2], most_tall / box[3])
    return box[2] * scale, box[3] * scale


def _fitted_length(
    start: float, length: float, before: tuple[float, float], after: tuple[float, float]
) -> tuple[float, float]:
    scale = after[1] / before[1]
    return after[0] + (start - before[0]) * scale, length * scale


def _snapped_length(
    start: float, length: float, edge: int, moves: bool, lines: set[float], near: float
) -> tuple[float, float, tuple[float, ...]]:
    """Start and length with one edge, or all of it, brought onto a line; and the lines it then stands on."""
    if edge == 0 and not moves:
        return start, length, ()
    looking = (start, start + length / 2, start + length) if moves else (start if edge < 0 else start + length,)
    ways = [line - place for place in looking for line in lines]
    way = min(ways, key=abs)
    if abs(way) > near:
        return start, length, ()
    if moves:
        moved = start + way
        if moved < -1e-9 or moved + length > 1 + 1e-9:
            return start, length, ()
        edges = (moved, moved + length / 2, moved + length)
        return moved, length, tuple(sorted({line for line in lines for place in edges if abs(line - place) < 1e-6}))
    longer = length + edge * way
    if longer < SMALLEST:
        return start, length, ()
    at = looking[0] + way
    return (start + way if edge < 0 else start), longer, (at,)
