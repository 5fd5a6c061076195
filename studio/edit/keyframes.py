"""Keyframes of a walk: pictures of the latent canvas, with all that was done to them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Self

from studio.api.capabilities import LatentSpace
from studio.edit import checked
from studio.edit.directions import MOST_DIRECTIONS, MOST_LAYERS, Directions
from studio.edit.latent import LatentDocument, fits_layers
from studio.edit.points import MAX_SEED, LatentPoint
from studio.edit.walk_request import Look

Ease = Literal["smooth", "linear", "hold"]

MOST_KEYFRAMES = 100
SHORTEST, LONGEST = 0.01, 120.0
SECONDS = 2.0

MOST_VECTORS = MOST_KEYFRAMES * MOST_DIRECTIONS


@dataclass(frozen=True)
class Keyframe:
    """A picture that the walk comes through, and how it leaves it.

    Attributes:
        point: the z.
        psi: truncation, 0 (the mean picture) to 1 (none).
        label: the class, for models that have classes.
        seconds: until the next keyframe, .01 to 120.
        ease: `smooth` leaves and arrives slowly, `linear` goes at a steady rate, `hold` stays, and cuts to the next.
        cutoff: the layer from which on there is no truncation, for models that mix styles; None truncates all.
        directions: those that the picture is moved along, and how far; None where it is moved along none.
    """

    point: LatentPoint = field(default_factory=LatentPoint)
    psi: float = 1.0
    label: int | None = None
    seconds: float = SECONDS
    ease: Ease = "smooth"
    cutoff: int | None = None
    directions: Directions | None = None

    @classmethod
    def showing(cls, document: LatentDocument, space: LatentSpace) -> Self:
        """The picture of the latent canvas, to the bit.

        Raises:
            StudioError: it was made with another model.
        """
        moved = None if document.directions is None else document.directions.taken()
        return cls(document.landed(space).point, document.psi, document.label, cutoff=document.cutoff, directions=moved)

    @cached_property
    def look(self) -> Look:
        """All that is done to the point on its way to G."""
        if self.directions is None:
            return Look(self.psi, self.label, self.cutoff)
        return Look(self.psi, self.label, self.cutoff, self.directions.pushes(), self.directions.through)

    @property
    def picture(self) -> Self:
        """The keyframe as a picture: how the walk leaves it is as usual."""
        return replace(self, seconds=SECONDS, ease="smooth")

    def check_layers(self, num_ws: int) -> None:
        """Does nothing where a model of `num_ws` layers, 0 for one that mixes no styles, can make the picture.

        Raises:
            StudioError: it cannot.
        """
        fits_layers(self.directions, self.cutoff, num_ws)

    def to_json(self, vectors: dict[str, int]) -> dict[str, Any]:
        """JSON-ready values; a direction's vector goes into `vectors`, text by text, and its place there stands here.

        What is not there is left out, so that walks of older versions keep their digests.
        """
        look: dict[str, Any] = {"psi": self.psi, "label": self.label}
        if self.cutoff is not None:
            look["cutoff"] = self.cutoff
        if self.directions is not None:
            look["directions"] = told = self.directions.to_json()
            for one in told["found"]:
                one["vector"] = vectors.setdefault(one["vector"], len(vectors))
        return {**self.point.to_json(), **look, "seconds": self.seconds, "ease": self.ease}

    @classmethod
    def from_json(cls, values: object, vectors: Sequence[object] = ()) -> Self:
        """The keyframe that `to_json` wrote, with the `vectors` that it wrote beside it.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "keyframes")
        label, cutoff, directions = (read.get(name) for name in ("label", "cutoff", "directions"))
        return cls(
            point=LatentPoint.from_json(read),
            psi=checked.number(read.get("psi", 1.0), "psi", 0, 1),
            label=None if label is None else checked.whole(label, "label", 0, MAX_SEED),
            seconds=checked.number(read.get("seconds", SECONDS), "seconds", SHORTEST, LONGEST),
            ease=checked.choice(read.get("ease", "smooth"), "ease", ("smooth", "linear", "hold")),
            cutoff=None if cutoff is None else checked.whole(cutoff, "cutoff", 0, MOST_LAYERS),
            directions=None if directions is None else Directions.from_json(_with_vectors(directions, vectors)).taken(),
        )


def _with_vectors(directions: object, vectors: Sequence[object]) -> dict[str, Any]:
    """Directions with their vectors in place again."""
    read = checked.mapping(directions, "directions")
    found = [
        checked.mapping(one, "directions") for one in checked.sequence(read.get("found"), "directions", MOST_DIRECTIONS)
    ]
    places = [checked.whole(one.get("vector"), "vector", 0, len(vectors) - 1) for one in found]
    return {**read, "found": [{**one, "vector": vectors[at]} for one, at in zip(found, places, strict=True)]}
