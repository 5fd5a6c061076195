"""Places that a hand drew through, and the pixels that a round brush passes on its way between two of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from studio.edit import checked

Point = tuple[float, float]
"""x and y, in fractions of the picture's side."""

LEAST, MOST = -1.0, 2.0
DIGITS = 4
THINNEST_PX = 1.0


class Near(NamedTuple):
    """The pixels around a line.

    Attributes:
        radius: half as wide as the brush, in pixels; at least half a pixel.
        rows, columns: where they are; the brush touches nothing beyond.
        distance: of the middle of each of them from the line, in pixels, float64 (rows, columns).
    """

    radius: float
    rows: slice
    columns: slice
    distance: np.ndarray


def near(start: Point, end: Point, width: float, side: int) -> Near | None:
    """The pixels of a square picture of `side` that a brush passes on its way from `start` to `end`; None outside.

    The width is a fraction of the side, as places are.
    """
    radius = max(width * side / 2, THINNEST_PX / 2)
    a, b = (np.array(place[::-1]) * side for place in (start, end))
    low = np.clip(np.floor(np.minimum(a, b) - radius - 1), 0, side).astype(int)
    high = np.clip(np.ceil(np.maximum(a, b) + radius + 1), 0, side).astype(int)
    if (high <= low).any():
        return None
    y = np.arange(low[0], high[0])[:, None] + 0.5 - a[0]
    x = np.arange(low[1], high[1])[None, :] + 0.5 - a[1]
    dy, dx = b - a
    along = np.clip((y * dy + x * dx) / max(dy * dy + dx * dx, 1e-9), 0, 1)
    distance = np.sqrt((y - along * dy) ** 2 + (x - along * dx) ** 2)
    return Near(radius, slice(low[0], high[0]), slice(low[1], high[1]), distance)


def read_point(values: object) -> Point:
    """A place from JSON values.

    Raises:
        StudioError: they are none, or too far out.
    """
    pair = checked.sequence(values, "points", 2)
    if len(pair) != 2:
        raise checked.unreadable("points")
    return checked.number(pair[0], "points", LEAST, MOST), checked.number(pair[1], "points", LEAST, MOST)


def rounded(place: Point) -> Point:
    """A place as it is written down, held within a picture's side of the picture."""
    x, y = (round(min(max(value, LEAST), MOST), DIGITS) for value in place)
    return x, y
