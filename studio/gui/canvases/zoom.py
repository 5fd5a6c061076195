"""How large a picture is shown, and which part of it: plain numbers, in device pixels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

FACTORS = (0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
LEAST_SEEN = 32.0

_SAME = 1e-6


@dataclass(frozen=True)
class Zoom:
    """A factor, and the picture's point in the middle of the place. Methods return changed copies.

    Attributes:
        factor: device pixels a pixel of the picture; None fits the picture to its place.
        middle: where in the picture, in fractions of it, the middle of the place is.
    """

    factor: float | None = None
    middle: tuple[float, float] = (0.5, 0.5)

    def rect(self, picture: QSize, room: QSizeF, fitted: QSizeF) -> QRectF:
        """Where the picture is in a place of size `room`; `fitted` is how large it is where it fits."""
        size = fitted if self.factor is None else QSizeF(picture) * self.factor
        x, y = (0.5, 0.5) if self.factor is None else self.middle
        return QRectF(room.width() / 2 - x * size.width(), room.height() / 2 - y * size.height(), *_of(size))

    def stepped(self, steps: int, at: QPointF, before: QRectF, picture: QSize, room: QSizeF) -> Self:
        """Some factors larger or smaller; the picture's point at `at` stays there. `before`: where it is now."""
        now = before.width() / picture.width()
        found = bisect_right(FACTORS, now + _SAME) - 1 if steps > 0 else bisect_left(FACTORS, now - _SAME)
        factor = FACTORS[min(max(found + steps, 0), len(FACTORS) - 1)]
        return self.at_factor(factor, at, before, picture, room)

    def at_factor(self, factor: float, at: QPointF, before: QRectF, picture: QSize, room: QSizeF) -> Self:
        """At a factor; the picture's point at `at` stays there."""
        x = (at.x() - before.x()) / before.width() + (room.width() / 2 - at.x()) / (picture.width() * factor)
        y = (at.y() - before.y()) / before.height() + (room.height() / 2 - at.y()) / (picture.height() * factor)
        return replace(self, factor=factor, middle=(x, y)).held(picture, room)

    def panned(self, by: QPointF, picture: QSize, room: QSizeF) -> Self:
        """Moved by so many device pixels; unchanged where it fits."""
        if self.factor is None:
            return self
        x, y = self.middle
        moved = (x - by.x() / (picture.width() * self.factor), y - by.y() / (picture.height() * self.factor))
        return replace(self, middle=moved).held(picture, room)

    def held(self, picture: QSize, room: QSizeF) -> Self:
        """With some of the picture in view."""
        if self.factor is None:
            return self
        sizes = (picture.width() * self.factor, picture.height() * self.factor)
        reach = (
            (space / 2 + size - min(LEAST_SEEN, size)) / size - 0.5
            for size, space in zip(sizes, _of(room), strict=True)
        )
        x, y = (min(max(one, 0.5 - far), 0.5 + far) for one, far in zip(self.middle, reach, strict=True))
        return replace(self, middle=(x, y))


def _of(size: QSizeF) -> tuple[float, float]:
    return size.width(), size.height()
