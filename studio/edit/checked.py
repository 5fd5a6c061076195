"""Reading values that came from a file: each is what it should be, or a `StudioError` names the one that is not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from studio.api.errors import StudioError

Choice = TypeVar("Choice", bound=str)

_REMEDY = "The file was damaged or edited by hand; use another copy of it."


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """`value` as a JSON object."""
    if not isinstance(value, dict):
        raise unreadable(name)
    return value


def number(value: object, name: str, low: float = -math.inf, high: float = math.inf) -> float:
    """`value` as a finite number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unreadable(name)
    if not (math.isfinite(value) and low <= value <= high):
        raise unreadable(name)
    return float(value)


def whole(value: object, name: str, low: int, high: int) -> int:
    """`value` as a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise unreadable(name)
    return value


def index(value: object, name: str) -> int:
    """`value`, the key of a JSON object, as a position in a list."""
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise unreadable(name)
    return int(value)


def text(value: object, name: str) -> str:
    """`value` as text."""
    if not isinstance(value, str):
        raise unreadable(name)
    return value


def choice(value: object, name: str, choices: tuple[Choice, ...]) -> Choice:
    """`value` as one of `choices`."""
    for known in choices:
        if value == known:
            return known
    raise unreadable(name)


def sequence(value: object, name: str, most: int) -> Sequence[Any]:
    """`value` as a JSON array of at most `most` values."""
    if not isinstance(value, list) or len(value) > most:
        raise unreadable(name)
    return value


def truth(value: object, name: str) -> bool:
    """`value` as true or false."""
    if not isinstance(value, bool):
        raise unreadable(name)
    return value


def unreadable(name: str) -> StudioError:
    """What to raise where the value `name` is not what it should be."""
    return StudioError(f"The saved edit's {name!r} cannot be read.", _REMEDY)
