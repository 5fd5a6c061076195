"""A point in z, as a person thinks of it: a seed, and what was moved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit import checked

MAX_SEED = 2**31 - 1

_FARTHEST = 1e6


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

    @classmethod
    def of(cls, z: np.ndarray, seed: int, space: LatentSpace) -> Self:
        """The point whose z is `z`, float32 (dim,), to the bit: `seed`, and every component that differs from it."""
        drawn = space.draw(seed)
        differs = np.flatnonzero(z.view(np.int32) != drawn.view(np.int32))
        return cls(seed).moved({int(index): float(z[index]) for index in differs})

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
