"""Latent arithmetic: A - B + C, each the mean of several points (Radford et al. 2016, 1511.06434, section 6.3.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.edit import checked
from studio.edit.points import LatentPoint

MOST_POINTS = 16

Term = Literal["a", "b", "c"]

TERMS: tuple[Term, ...] = ("a", "b", "c")

_SIGNS = {"a": 1, "b": -1, "c": 1}


@dataclass(frozen=True)
class Arithmetic:
    """The three terms. Methods return changed copies.

    Attributes:
        a, b, c: the points that each term is the mean of, at most 16; a term without points adds nothing.
        shown: whether the picture is that of A - B + C.
    """

    a: tuple[LatentPoint, ...] = ()
    b: tuple[LatentPoint, ...] = ()
    c: tuple[LatentPoint, ...] = ()
    shown: bool = False

    @property
    def ready(self) -> bool:
        """Whether there is something to show."""
        return bool(self.a or self.c)

    def term(self, name: Term) -> tuple[LatentPoint, ...]:
        """The points of a term."""
        return {"a": self.a, "b": self.b, "c": self.c}[name]

    def shares(self) -> dict[LatentPoint, Fraction]:
        """How much of each point is in A - B + C, in an order of their own; points that cancel out are left out."""
        found: dict[LatentPoint, Fraction] = {}
        for name in TERMS:
            for point in self.term(name):
                found[point] = found.get(point, Fraction(0)) + Fraction(_SIGNS[name], len(self.term(name)))
        ordered = sorted(found.items(), key=lambda item: (item[0].seed, item[0].components))
        return {point: share for point, share in ordered if share}

    def z(self, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,) of A - B + C; one correctly rounded sum a component, so that no order matters.

        What cancels out does so exactly: A - A + C is C's z bit for bit, and so is C - B + B.

        Raises:
            StudioError: a point was made with another model.
        """
        parts = [float(share) * point.z(space).astype(np.float64) for point, share in self.shares().items()]
        if not parts:
            return np.zeros(space.dim, np.float32)
        if len(parts) == 1:
            return parts[0].astype(np.float32)
        return np.array([math.fsum(column) for column in np.stack(parts, axis=1)], np.float32)

    def nearest(self) -> LatentPoint:
        """The point that the result is thought of as a change of: the first of C, or of A where C has none."""
        return (self.c or self.a)[0]

    def with_term(self, name: Term, points: tuple[LatentPoint, ...]) -> Self:
        """With other points in a term, the first 16 of them."""
        kept = points[:MOST_POINTS]
        terms = {each: self.term(each) for each in TERMS} | {name: kept}
        made = replace(self, a=terms["a"], b=terms["b"], c=terms["c"])
        return made if made.ready else made.left()

    def with_point(self, name: Term, point: LatentPoint) -> Self:
        """With one more point in a term; unchanged where it is full."""
        return self.with_term(name, (*self.term(name), point))

    def without(self, name: Term, index: int) -> Self:
        """With one point less in a term."""
        points = self.term(name)
        return self.with_term(name, (*points[:index], *points[index + 1 :]))

    def on_show(self) -> Self:
        """With its result as the picture, where there is one."""
        return replace(self, shown=self.ready)

    def left(self) -> Self:
        """With the picture elsewhere."""
        return replace(self, shown=False)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {**{name: [point.to_json() for point in self.term(name)] for name in TERMS}, "shown": self.shown}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The arithmetic that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "arithmetic")
        a, b, c = (
            tuple(LatentPoint.from_json(point) for point in checked.sequence(read.get(name, []), name, MOST_POINTS))
            for name in TERMS
        )
        made = cls(a, b, c)
        return made.on_show() if checked.truth(read.get("shown", False), "shown") else made
