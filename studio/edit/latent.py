"""The latent canvas's document: a point in z, two pinned points, and where between them the picture is."""

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
from studio.edit.interpolation import Interpolation, interpolate

if TYPE_CHECKING:
    from studio.api.model import GanModel
    from studio.edit.requests import LatentRequest

MAX_SEED = 2**31 - 1

_FARTHEST = 1e6

Pin = Literal["a", "b"]


@dataclass(frozen=True)
class LatentPoint:
    """A z, written as a seed and the few components that were moved away from what the seed drew.

    Attributes:
        seed: what the rest of z is drawn from, 0 to 2^31 - 1.
        components: (index, value) by rising index; values are float32 numbers.
    """

    seed: int = 0
    components: tuple[tuple[int, float], ...] = ()

    def z(self, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,).

        Raises:
            StudioError: a component lies outside `space`, because the point was made with another model.
        """
        z = space.draw(self.seed)
        if self.components and self.components[-1][0] >= space.dim:
            raise StudioError(
                f"This edit moves component {self.components[-1][0]}, and this model's z has {space.dim} components.",
                "Open it with the run that made it.",
            )
        for index, value in self.components:
            z[index] = value
        return z

    def moved(self, values: Mapping[int, float | None]) -> Self:
        """The point with some components set, or given back to the seed where the value is None."""
        components: dict[int, float | None] = {**dict(self.components), **values}
        kept = ((index, float(np.float32(value))) for index, value in components.items() if value is not None)
        return replace(self, components=tuple(sorted(kept)))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"seed": self.seed, "components": {str(index): value for index, value in self.components}}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The point that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "point")
        components = checked.mapping(read.get("components", {}), "components")
        moved = {
            checked.index(index, "components"): checked.number(value, "components", -_FARTHEST, _FARTHEST)
            for index, value in components.items()
        }
        return cls(checked.whole(read.get("seed"), "seed", 0, MAX_SEED)).moved(moved)


@dataclass(frozen=True)
class LatentDocument:
    """Everything that decides the latent canvas's picture, apart from the weights. Methods return changed copies.

    Attributes:
        point: where the picture is, unless it is on the way between the pins.
        pin_a, pin_b: the ends of the way.
        t: how far along the way from A to B, 0 to 1; None where the picture is at `point`.
        path: the shape of the way.
        psi: truncation, 0 (the mean picture) to 1 (z as it is).
        label: the class to draw, for models that have classes.
    """

    point: LatentPoint = field(default_factory=LatentPoint)
    pin_a: LatentPoint | None = None
    pin_b: LatentPoint | None = None
    t: float | None = None
    path: Interpolation = "slerp"
    psi: float = 1.0
    label: int | None = None

    @property
    def seed(self) -> int:
        """The seed of `point`."""
        return self.point.seed

    @property
    def both_pinned(self) -> bool:
        """Whether there is a way to walk."""
        return self.pin_a is not None and self.pin_b is not None

    def pin(self, name: Pin) -> LatentPoint | None:
        """The pinned point of that name."""
        return self.pin_a if name == "a" else self.pin_b

    def z(self, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,). At t = 0 it is A's z bit for bit, at t = 1 it is B's; psi is the model's affair.

        Raises:
            StudioError: the document was made with another model.
        """
        if self.t is None or self.pin_a is None or self.pin_b is None:
            return self.point.z(space)
        return interpolate(self.path)(self.pin_a.z(space), self.pin_b.z(space), self.t)

    def wish(self, model: GanModel) -> LatentRequest:
        """The request for the picture.

        Raises:
            StudioError: the document was made with another model.
        """
        from studio.edit.requests import LatentRequest, space_of

        return LatentRequest.of([self], space_of(model))

    def landed(self, space: LatentSpace) -> Self:
        """The same z to the bit, as a point that can be edited rather than as a place between the pins."""
        if self.t is None or self.pin_a is None or self.pin_b is None:
            return self
        nearest = self.pin_a if self.t < 0.5 else self.pin_b
        z, drawn = self.z(space), space.draw(nearest.seed)
        moved = {int(index): float(z[index]) for index in np.flatnonzero(z.view(np.int32) != drawn.view(np.int32))}
        return replace(self, point=LatentPoint(nearest.seed).moved(moved), t=None)

    def with_seed(self, seed: int) -> Self:
        """At what `seed` draws, with nothing moved."""
        return replace(self, point=LatentPoint(min(max(seed, 0), MAX_SEED)), t=None)

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
        return replace(self, point=point, pin_a=a, pin_b=b, t=t)

    def unpinned(self, name: Pin, space: LatentSpace) -> Self:
        """With one pin taken out; the picture stays as it is."""
        landed = self.landed(space)
        return replace(landed, pin_a=None) if name == "a" else replace(landed, pin_b=None)

    def at_pin(self, name: Pin) -> Self:
        """At a pinned point; unchanged where there is none."""
        point = self.pin(name)
        if point is None:
            return self
        return replace(self, point=point, t=(0.0 if name == "a" else 1.0) if self.both_pinned else None)

    def blended(self, t: float) -> Self:
        """At `t`, held within 0 and 1, on the way from A to B; unchanged where one of them is missing."""
        return replace(self, t=min(max(t, 0.0), 1.0)) if self.both_pinned else self

    def showing(self, other: LatentDocument, space: LatentSpace) -> Self:
        """With the picture of `other` to the bit, and this document's own pins."""
        return replace(self, point=other.landed(space).point, t=None, psi=other.psi, label=other.label)

    def reset(self) -> Self:
        """At the seed's own z with psi 1; pins, path and label stay."""
        return replace(self, point=LatentPoint(self.seed), t=None, psi=1.0)

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
        t = read.get("t")
        label = read.get("label")
        return cls(
            point=LatentPoint.from_json(read),
            pin_a=a,
            pin_b=b,
            t=None if t is None or a is None or b is None else checked.number(t, "t", 0, 1),
            path=checked.choice(read.get("path", "slerp"), "path", ("slerp", "lerp")),
            psi=checked.number(read.get("psi", 1.0), "psi", 0, 1),
            label=None if label is None else checked.whole(label, "label", 0, MAX_SEED),
        )
