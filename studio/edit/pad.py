"""A pad between four points of z: where the picture is between its corners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.edit import checked
from studio.edit.interpolation import Interpolation, interpolate
from studio.edit.points import LatentPoint

CORNERS = 4

Spot = tuple[float, float]


@dataclass(frozen=True)
class Pad:
    """Four corners and a spot between them. Methods return changed copies.

    Attributes:
        corners: top left, top right, bottom left, bottom right; None where there is no point yet.
        spot: where the picture is, (x, y) from 0 to 1, rightwards and downwards; None where it is not on the pad.
    """

    corners: tuple[LatentPoint | None, ...] = (None,) * CORNERS
    spot: Spot | None = None

    @property
    def points(self) -> tuple[LatentPoint, ...]:
        """The corners that have a point."""
        return tuple(corner for corner in self.corners if corner is not None)

    @property
    def complete(self) -> bool:
        """Whether every corner has a point."""
        return len(self.points) == CORNERS

    def z(self, spot: Spot, path: Interpolation, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,) at a spot: along `path` on the top and the bottom edge, then from the one to the other.

        At a corner it is that corner's z bit for bit.

        Raises:
            StudioError: a corner was made with another model.
        """
        x, y = spot
        way = interpolate(path)
        top_left, top_right, bottom_left, bottom_right = (point.z(space) for point in self.points)
        return way(way(top_left, top_right, x), way(bottom_left, bottom_right, x), y)

    def nearest(self, spot: Spot) -> LatentPoint:
        """The point of the corner that a spot is nearest to."""
        return self.points[2 * round(spot[1]) + round(spot[0])]

    def with_corner(self, index: int, point: LatentPoint | None) -> Self:
        """With another point in a corner, or none; without all four the picture is not on the pad."""
        corners = (*self.corners[:index], point, *self.corners[index + 1 :])
        return replace(self, corners=corners, spot=None if point is None else self.spot)

    def at(self, x: float, y: float) -> Self:
        """With the picture at (x, y), held within the pad; unchanged while a corner is missing."""
        return replace(self, spot=(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))) if self.complete else self

    def left(self) -> Self:
        """With the picture elsewhere."""
        return replace(self, spot=None)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        corners = [corner and corner.to_json() for corner in self.corners]
        return {"corners": corners, "spot": None if self.spot is None else list(self.spot)}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The pad that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "pad")
        corners = checked.sequence(read.get("corners"), "corners", CORNERS)
        if len(corners) != CORNERS:
            raise checked.unreadable("corners")
        pad = cls(tuple(None if corner is None else LatentPoint.from_json(corner) for corner in corners))
        if read.get("spot") is None or not pad.complete:
            return pad
        spot = checked.sequence(read["spot"], "spot", 2)
        if len(spot) != 2:
            raise checked.unreadable("spot")
        return pad.at(*(checked.number(value, "spot", 0, 1) for value in spot))
