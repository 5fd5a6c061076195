"""Directions that a model's pictures vary in, each moved along by a slider."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Self

import numpy as np

from studio.edit import checked

MOST_DIRECTIONS = 64
FARTHEST = 10.0
LONGEST_NAME = 60
LONGEST_VECTOR = 2**16
MOST_LAYERS = 64

Through = Literal["w", "z"]
Span = tuple[int, int]


class Push(NamedTuple):
    """What is added to w, or to z.

    Attributes:
        vector: float32 (dim,).
        span: the layers that it is added in, first and one past last; None for all.
    """

    vector: np.ndarray
    span: Span | None = None


@dataclass(frozen=True)
class Direction:
    """One direction, and how far along it the picture is.

    Attributes:
        packed: its vector, one standard deviation long, as float32 in little-endian order. A document carries it, so
            that the picture can be made again where nobody has looked for directions.
        share: how much of all variance lies along it, 0 to 1.
        name: what a person called it; empty where nobody did.
        amount: how far along, in standard deviations, -10 to 10.
        span: the layers of w that it moves, first and one past last; None for all.
    """

    packed: bytes = field(repr=False)
    share: float = 0.0
    name: str = ""
    amount: float = 0.0
    span: Span | None = None

    @property
    def vector(self) -> np.ndarray:
        """Float32 (dim,)."""
        return np.frombuffer(self.packed, "<f4").astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "vector": base64.b64encode(self.packed).decode(),
            "share": self.share,
            "name": self.name,
            "amount": self.amount,
            "layers": None if self.span is None else list(self.span),
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The direction that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "directions")
        return cls(
            packed=_unpacked(checked.text(read.get("vector"), "vector")),
            share=checked.number(read.get("share", 0.0), "share", 0, 1),
            name=checked.text(read.get("name", ""), "name")[:LONGEST_NAME],
            amount=checked.number(read.get("amount", 0.0), "amount", -FARTHEST, FARTHEST),
            span=_span(read.get("layers")),
        )


@dataclass(frozen=True)
class Directions:
    """Directions that were found together. Methods return changed copies.

    Attributes:
        through: `w`, for models that mix styles; `z` for others.
        step: the step whose weights they were found with.
        found: the one along which most varies first.
    """

    through: Through
    step: int
    found: tuple[Direction, ...]

    @classmethod
    def of(cls, vectors: np.ndarray, shares: np.ndarray, through: Through, step: int) -> Self:
        """Directions nobody has moved along yet, of float vectors (K, dim), each a standard deviation long."""
        found = (
            Direction(vector.astype("<f4").tobytes(), float(share))
            for vector, share in zip(vectors, shares, strict=True)
        )
        return cls(through, step, tuple(found))

    @property
    def moved(self) -> bool:
        """Whether the picture is moved along any of them."""
        return any(one.amount for one in self.found)

    def pushes(self) -> tuple[Push, ...]:
        """What to add: one vector for each stretch of layers, every sum in the same order on every machine."""
        sums: dict[Span | None, np.ndarray] = {}
        for one in self.found:
            if one.amount:
                sums[one.span] = sums.get(one.span, np.float64(0)) + one.amount * one.vector.astype(np.float64)
        return tuple(Push(total.astype(np.float32), span) for span, total in sums.items())

    def taken(self) -> Directions | None:
        """Those that the picture is moved along, each with the name that it goes by; None where there are none."""
        kept = (
            replace(one, name=one.name or numbered(number)) for number, one in enumerate(self.found, 1) if one.amount
        )
        return replace(self, found=tuple(kept)) if self.moved else None

    def along(self, index: int, amount: float) -> Self:
        """With the picture `amount` standard deviations along a direction, held within -10 and 10."""
        return self._with(index, amount=min(max(amount, -FARTHEST), FARTHEST))

    def named(self, index: int, name: str) -> Self:
        """With another name for a direction."""
        return self._with(index, name=name.strip()[:LONGEST_NAME])

    def in_layers(self, index: int, span: Span | None) -> Self:
        """With a direction that moves only some layers of w (GANSpace, 2004.02546, section 2.3), or all of them."""
        return self._with(index, span=span)

    def reset(self) -> Self:
        """With the picture moved along none."""
        return replace(self, found=tuple(replace(one, amount=0.0) for one in self.found))

    def same_vectors(self, other: Directions) -> bool:
        """Whether the others are the same ways, however they are called and however far along the picture is."""
        return self.through == other.through and [one.packed for one in self.found] == [
            one.packed for one in other.found
        ]

    def showing(self, other: Directions | None) -> Directions:
        """The picture moved as `other` moves it; what this calls its own directions stays."""
        if other is None or not other.moved:
            return self.reset()
        if not self.same_vectors(other):
            return other
        pairs = zip(self.found, other.found, strict=True)
        return replace(self, found=tuple(replace(then, name=now.name) for now, then in pairs))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"through": self.through, "step": self.step, "found": [one.to_json() for one in self.found]}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The directions that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "directions")
        found = checked.sequence(read.get("found"), "directions", MOST_DIRECTIONS)
        made = cls(
            through=checked.choice(read.get("through"), "through", ("w", "z")),
            step=checked.whole(read.get("step", 0), "step", 0, 2**63),
            found=tuple(Direction.from_json(one) for one in found),
        )
        if len({len(one.packed) for one in made.found}) > 1:
            raise checked.unreadable("vector")
        return made

    def _with(self, index: int, **changes: Any) -> Self:
        changed = replace(self.found[index], **changes)
        return replace(self, found=(*self.found[:index], changed, *self.found[index + 1 :]))


def numbered(number: int) -> str:
    """What a direction without a name goes by; counted from 1."""
    return f"Direction {number}"


def _unpacked(text: str) -> bytes:
    try:
        packed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise checked.unreadable("vector") from None
    if not packed or len(packed) % 4 or len(packed) > 4 * LONGEST_VECTOR:
        raise checked.unreadable("vector")
    if not np.isfinite(np.frombuffer(packed, "<f4")).all():
        raise checked.unreadable("vector")
    return packed


def _span(values: object) -> Span | None:
    if values is None:
        return None
    ends = checked.sequence(values, "layers", 2)
    if len(ends) != 2:
        raise checked.unreadable("layers")
    first = checked.whole(ends[0], "layers", 0, MOST_LAYERS - 1)
    return first, checked.whole(ends[1], "layers", first + 1, MOST_LAYERS)
