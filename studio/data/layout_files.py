"""Layouts as JSON, `{"size": [W, H], "objects": [{"label": NAME, "box": [x, y, w, h], "seed": N}]}`."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
import pydantic
from pydantic import BaseModel, ConfigDict, Field

from studio.api.errors import StudioError

Box = tuple[float, float, float, float]

MOST_OBJECTS = 64
SLACK = 1e-3


class NamedObject(BaseModel):
    """One object of a layout.

    Attributes:
        label: what it is.
        box: x, y, width and height as fractions of the picture, inside it.
        seed: what its looks are drawn from; None leaves that to who draws.
    """

    model_config = ConfigDict(frozen=True)

    label: str = Field(min_length=1, max_length=200)
    box: Box
    seed: int | None = Field(default=None, ge=0, lt=2**32)

    @pydantic.field_validator("box")
    @classmethod
    def _is_inside(cls, box: Box) -> Box:
        return inside(box)


class Layout(BaseModel):
    """What is where in a picture.

    Attributes:
        size: width and height of the picture it was made for, in pixels; None where that is not known.
        objects: what is in it, the first one at the back.
    """

    model_config = ConfigDict(frozen=True)

    size: tuple[int, int] | None = None
    objects: tuple[NamedObject, ...] = Field(min_length=1, max_length=MOST_OBJECTS)

    @classmethod
    def parse(cls, text: str | bytes, name: str) -> Self:
        """A layout from JSON.

        Args:
            text: the JSON.
            name: what to call it in an error.

        Raises:
            StudioError: it is not JSON, or no layout; says where and why.
        """
        try:
            return cls.model_validate_json(text)
        except pydantic.ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            told = f"{place}: {first['msg']}" if place else str(first["msg"])
            raise StudioError(
                f"{name} is not a layout: {told}.",
                'A layout looks like {"size": [64, 64], "objects": [{"label": "star", "box": [0.1, 0.1, 0.4, 0.4]}]}.',
            ) from error

    def to_json(self) -> str:
        """The layout as `parse` reads it."""
        return self.model_dump_json(exclude_none=True, indent=1) + "\n"


def inside(box: Box) -> Box:
    """The box with what sticks out by rounding cut off.

    Raises:
        ValueError: it is empty, or reaches out of the picture.
    """
    x, y, width, height = box
    if not all(math.isfinite(value) for value in box):
        raise ValueError("a box needs four numbers")
    if width <= 0 or height <= 0:
        raise ValueError("a box needs a width and a height above 0")
    if min(x, y) < -SLACK or max(x + width, y + height) > 1 + SLACK:
        raise ValueError("a box is x, y, width, height in fractions of the picture, and lies inside it")
    left, top = max(x, 0.0), max(y, 0.0)
    return left, top, min(x + width, 1.0) - left, min(y + height, 1.0) - top


def object_seed(seed: int, place: int, own: int | None) -> int:
    """The seed of the object at `place` of a layout: its own, or one that follows from the picture's."""
    return own if own is not None else int(np.random.SeedSequence([seed % 2**64, place]).generate_state(1)[0])
