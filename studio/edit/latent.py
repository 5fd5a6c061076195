"""The latent canvas's document: a point in z or a place between pinned ones, and what is done to it on the way to G."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit import checked
from studio.edit.arithmetic import Arithmetic
from studio.edit.directions import MOST_LAYERS, Directions
from studio.edit.interpolation import Interpolation, interpolate
from studio.edit.pad import Pad
from studio.edit.points import MAX_SEED, LatentPoint

if TYPE_CHECKING:
    from studio.api.model import GanModel
    from studio.edit.requests import LatentRequest

__all__ = ["MAX_SEED", "LatentDocument", "LatentPoint", "Pin"]

Pin = Literal["a", "b"]


@dataclass(frozen=True)
class LatentDocument:
    """Everything that decides the latent canvas's picture, apart from the weights. Methods return changed copies.

    Attributes:
        point: where the picture is, unless it is on the way between the pins, on the pad, or a sum.
        pin_a, pin_b: the ends of the way.
        t: how far along the way from A to B, 0 to 1; None where the picture is not on it.
        path: the shape of the way, and of those on the pad.
        psi: truncation, 0 (the mean picture) to 1 (z as it is).
        label: the class to draw, for models that have classes.
        cutoff: the layer from which on there is no truncation, for models that mix styles; None truncates all.
        pad: four points, and where between them the picture is.
        sum: averaged points to add and subtract, and whether the picture is their sum.
        directions: those that were found, and how far along each the picture is, wherever it is otherwise; None before.
    """

    point: LatentPoint = field(default_factory=LatentPoint)
    pin_a: LatentPoint | None = None
    pin_b: LatentPoint | None = None
    t: float | None = None
    path: Interpolation = "slerp"
    psi: float = 1.0
    label: int | None = None
    cutoff: int | None = None
    pad: Pad = field(default_factory=Pad)
    sum: Arithmetic = field(default_factory=Arithmetic)
    directions: Directions | None = None

    @property
    def seed(self) -> int:
        """The seed of `point`."""
        return self.point.seed

    @property
    def both_pinned(self) -> bool:
        """Whether there is a way to walk."""
        return self.pin_a is not None and self.pin_b is not None

    @property
    def between(self) -> bool:
        """Whether the picture is somewhere between points, or a sum of them, rather than at `point`."""
        return self.t is not None or self.pad.spot is not None or self.sum.shown

    @property
    def look(self) -> tuple[float, int | None, int | None, Directions | None]:
        """All that decides the picture of a point apart from the point; names do too, to keep it quick."""
        return self.psi, self.cutoff, self.label, self.directions

    @property
    def points(self) -> tuple[LatentPoint, ...]:
        """Every point in it."""
        pins = tuple(pin for pin in (self.pin_a, self.pin_b) if pin is not None)
        return (self.point, *pins, *self.pad.points, *self.sum.a, *self.sum.b, *self.sum.c)

    def check_layers(self, num_ws: int) -> None:
        """Does nothing where a model of `num_ws` layers, 0 for one that mixes no styles, can make the picture.

        Raises:
            StudioError: it cannot.
        """
        fits_layers(self.directions, self.cutoff, num_ws)

    def pin(self, name: Pin) -> LatentPoint | None:
        """The pinned point of that name."""
        return self.pin_a if name == "a" else self.pin_b

    def z(self, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,), before truncation and directions, which are the request's affair.

        At t = 0 it is A's z bit for bit, at t = 1 it is B's.

        Raises:
            StudioError: the document was made with another model.
        """
        if self.t is not None and self.pin_a is not None and self.pin_b is not None:
            return interpolate(self.path)(self.pin_a.z(space), self.pin_b.z(space), self.t)
        if self.pad.spot is not None:
            return self.pad.z(self.pad.spot, self.path, space)
        return self.sum.z(space) if self.sum.shown else self.point.z(space)

    def wish(self, model: GanModel) -> LatentRequest:
        """The request for the picture.

        Raises:
            StudioError: the document was made with another model.
        """
        from studio.edit.requests import LatentRequest, space_of

        return LatentRequest.of([self], space_of(model))

    def at_point(self, point: LatentPoint) -> Self:
        """At a point, and neither on the way between the pins nor on the pad nor a sum."""
        return replace(self, point=point, t=None, pad=self.pad.left(), sum=self.sum.left())

    def landed(self, space: LatentSpace) -> Self:
        """The same z to the bit, as a point that can be edited rather than as a place between others."""
        if not self.between:
            return self
        return self.at_point(LatentPoint.of(self.z(space), self._nearest().seed, space))

    def with_seed(self, seed: int) -> Self:
        """At what `seed` draws, with nothing moved."""
        return self.at_point(LatentPoint(min(max(seed, 0), MAX_SEED)))

    def with_component(self, index: int, value: float | None, space: LatentSpace) -> Self:
        """One component set, or given back to the seed where `value` is None."""
        return self.with_components({index: value}, space)

    def with_components(self, values: Mapping[int, float | None], space: LatentSpace) -> Self:
        """Some components set, or given back to the seed where the value is None."""
        landed = self.landed(space)
        return replace(landed, point=landed.point.moved(values))

    def with_group(self, first: int, stop: int, seed: int | None, space: LatentSpace) -> Self:
        """Components `first` to `stop` - 1 as `seed` draws them, or given back to the point's own seed where None."""
        drawn = None if seed is None else space.draw(seed)
        return self.with_components(
            {index: None if drawn is None else float(drawn[index]) for index in range(first, stop)}, space
        )

    def with_psi(self, psi: float) -> Self:
        """Another truncation, held within 0 and 1."""
        return replace(self, psi=min(max(psi, 0.0), 1.0))

    def with_cutoff(self, cutoff: int | None) -> Self:
        """With truncation in the layers before `cutoff` alone; None for all."""
        return replace(self, cutoff=cutoff)

    def with_directions(self, directions: Directions | None) -> Self:
        """With other directions, or moved otherwise along them."""
        return replace(self, directions=directions)

    def with_label(self, label: int | None) -> Self:
        """Another class."""
        return replace(self, label=label)

    def with_path(self, path: Interpolation) -> Self:
        """Another shape of the way from A to B."""
        return replace(self, path=path)

    def pinned(self, name: Pin, space: LatentSpace) -> Self:
        """With what is shown now pinned as A or B; the picture stays as it is."""
        point = self.landed(space).point
        a, b = (point, self.pin_b) if name == "a" else (self.pin_a, point)
        t = None if a is None or b is None else 0.0 if name == "a" else 1.0
        return replace(self.at_point(point), pin_a=a, pin_b=b, t=t)

    def unpinned(self, name: Pin, space: LatentSpace) -> Self:
        """With one pin taken out; the picture stays as it is."""
        landed = self.landed(space)
        return replace(landed, pin_a=None) if name == "a" else replace(landed, pin_b=None)

    def at_pin(self, name: Pin) -> Self:
        """At a pinned point; unchanged where there is none."""
        point = self.pin(name)
        if point is None:
            return self
        return replace(self.at_point(point), t=(0.0 if name == "a" else 1.0) if self.both_pinned else None)

    def blended(self, t: float) -> Self:
        """At `t`, held within 0 and 1, on the way from A to B; unchanged where one of them is missing."""
        return replace(self.at_point(self.point), t=min(max(t, 0.0), 1.0)) if self.both_pinned else self

    def with_corner(self, index: int, point: LatentPoint | None, space: LatentSpace) -> Self:
        """With another point in a corner of the pad, or none: a picture that was on the pad then stays as it is."""
        kept = self.landed(space) if point is None and self.pad.spot is not None else self
        return replace(kept, pad=kept.pad.with_corner(index, point))

    def on_pad(self, x: float, y: float) -> Self:
        """At (x, y) on the pad, held within it; unchanged while a corner is missing."""
        return replace(self.at_point(self.point), pad=self.pad.at(x, y)) if self.pad.complete else self

    def with_terms(self, terms: Arithmetic, space: LatentSpace) -> Self:
        """With other terms of the sum; where nothing is left to show the picture stays as it is."""
        kept = self.landed(space) if self.sum.shown and not terms.shown else self
        return replace(kept, sum=terms)

    def with_sum(self, terms: Arithmetic) -> Self:
        """With other terms, and their sum as the picture where there is one."""
        return replace(self.at_point(self.point), sum=terms.on_show())

    def showing(self, other: LatentDocument, space: LatentSpace) -> Self:
        """With the picture of `other` to the bit, and this document's own pins, pad, terms and names of directions."""
        directions = other.directions if self.directions is None else self.directions.showing(other.directions)
        landed = self.at_point(other.landed(space).point)
        return replace(landed, psi=other.psi, cutoff=other.cutoff, label=other.label, directions=directions)

    def reset(self) -> Self:
        """At the seed's own z without truncation; pins, path, label and directions stay."""
        return replace(self.at_point(LatentPoint(self.seed)), psi=1.0, cutoff=None)

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            **self.point.to_json(),
            "pins": {name: point and point.to_json() for name, point in (("a", self.pin_a), ("b", self.pin_b))},
            "t": self.t,
            "path": self.path,
            "psi": self.psi,
            "label": self.label,
            "cutoff": self.cutoff,
            "pad": self.pad.to_json(),
            "sum": self.sum.to_json(),
            "directions": self.directions and self.directions.to_json(),
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "document")
        pins = checked.mapping(read.get("pins", {}), "pins")
        a, b = (None if pins.get(name) is None else LatentPoint.from_json(pins[name]) for name in ("a", "b"))
        label, cutoff, directions = (read.get(name) for name in ("label", "cutoff", "directions"))
        document = cls(
            point=LatentPoint.from_json(read),
            pin_a=a,
            pin_b=b,
            path=checked.choice(read.get("path", "slerp"), "path", ("slerp", "lerp")),
            psi=checked.number(read.get("psi", 1.0), "psi", 0, 1),
            label=None if label is None else checked.whole(label, "label", 0, MAX_SEED),
            cutoff=None if cutoff is None else checked.whole(cutoff, "cutoff", 0, MOST_LAYERS),
            pad=Pad.from_json(read["pad"]) if "pad" in read else Pad(),
            sum=Arithmetic.from_json(read["sum"]) if "sum" in read else Arithmetic(),
            directions=None if directions is None else Directions.from_json(directions),
        )
        return document if read.get("t") is None else document.blended(checked.number(read["t"], "t", 0, 1))

    def _nearest(self) -> LatentPoint:
        """The point that a place between points is nearest to."""
        if self.t is not None and self.pin_a is not None and self.pin_b is not None:
            return self.pin_a if self.t < 0.5 else self.pin_b
        return self.sum.nearest() if self.pad.spot is None else self.pad.nearest(self.pad.spot)


def fits_layers(directions: Directions | None, cutoff: int | None, num_ws: int) -> None:
    """Does nothing where a model of `num_ws` layers, 0 for one that mixes no styles, has all layers that are named.

    Raises:
        StudioError: it has not.
    """
    in_w = directions is not None and directions.through == "w"
    if (in_w and not num_ws) or (cutoff or 0) > num_ws:
        raise StudioError("This edit was made with a model of other layers.", "Open it with the run that made it.")
