"""What a pickle becomes when nothing in it is looked up or called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that the file asks for. It stays a pair of strings."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Node:
    """A call that the file asks for, and what it would then do to the result. Nothing is called.

    Attributes:
        function: what would be called.
        arguments: with what.
        keywords: and with what by name.
        states: what the result would be given as its state, in order.
        items: what would be appended or added to it.
        pairs: what would be put into it by key.
    """

    function: Ref
    arguments: tuple[Any, ...] = ()
    keywords: dict[Any, Any] = field(default_factory=dict)
    states: list[Any] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    pairs: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Persistent:
    """Something that lies outside of the pickle, such as a tensor's storage, by what the file calls it."""

    key: Any


@dataclass(slots=True, eq=False)
class Collected:
    """A set, as the list of what would be in it."""

    items: list[Any] = field(default_factory=list)


def children(value: Any) -> list[Any]:
    """What an inert value holds."""
    match value:
        case dict():
            return [*value.values()]
        case list() | tuple():
            return [*value]
        case Collected():
            return [*value.items]
        case Node():
            return [
                *value.arguments,
                *value.keywords.values(),
                *value.states,
                *value.items,
                *(p[1] for p in value.pairs),
            ]
    return []
