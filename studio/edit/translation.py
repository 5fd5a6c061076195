"""The translation canvas's document: pictures, what was drawn on them, the direction, and the seed of dropout."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.edit import checked
from studio.edit.embedded import Picture
from studio.edit.latent import MAX_SEED
from studio.edit.strokes import MOST_POINTS, Paper, Stroke

if TYPE_CHECKING:
    from studio.api.canvas import RenderRequest
    from studio.api.model import GanModel

MOST_INPUTS = 200
MOST_BYTES = 10 * 2**20
LONGEST_NAME = 200

_NO_ROOM = StudioError(
    "The strip is full.",
    f"It holds {MOST_INPUTS} pictures and {MOST_BYTES // 2**20} MB of them; `ganvas translate` takes whole folders.",
)


@dataclass(frozen=True)
class TranslationInput:
    """Something to translate: a picture or white paper, and what was drawn on it.

    Attributes:
        name: what a person calls it: a file's name without its ending.
        picture: the ground; None is white paper.
        strokes: what was drawn, oldest first.
        domain: the side of the data that it is an example of; empty where it came from elsewhere.
    """

    name: str
    picture: Picture | None = None
    strokes: tuple[Stroke, ...] = ()
    domain: str = ""

    @property
    def look(self) -> str:
        """SHA-256 of what it looks like, in hexadecimal."""
        return _digest({**self.to_json(), "name": "", "domain": ""})

    @property
    def blank(self) -> bool:
        """Whether it is white paper on which nothing is drawn.

        There is nothing to translate in it; a network that normalises each picture by itself enlarges what little its
        borders differ by, and shows the ghost of a picture.
        """
        return self.picture is None and not any(stroke.colour for stroke in self.strokes)

    def pixels(self, paper: Paper) -> np.ndarray:
        """What is translated: uint8 (S, S, 3), at the paper's resolution."""
        return paper.pixels(None if self.picture is None else self.picture.scaled(paper.resolution), self.strokes)

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "name": self.name,
            "picture": None if self.picture is None else self.picture.text,
            "strokes": [stroke.to_json() for stroke in self.strokes],
            "domain": self.domain,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """What `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "input")
        picture = read.get("picture")
        return cls(
            name=checked.text(read.get("name", ""), "name")[:LONGEST_NAME],
            picture=None if picture is None else Picture.from_text(checked.text(picture, "picture")),
            strokes=tuple(
                Stroke.from_json(one) for one in checked.sequence(read.get("strokes", []), "strokes", MOST_POINTS)
            ),
            domain=checked.text(read.get("domain", ""), "domain")[:LONGEST_NAME],
        )


@dataclass(frozen=True)
class TranslationDocument:
    """Everything that decides the translation canvas's picture, apart from the weights. Methods return changed copies.

    Attributes:
        inputs: the strip, in order.
        current: which of them is shown; 0 where there is none.
        direction: one of the model's.
        seed: what dropout is drawn from, where the model keeps it; None leaves dropout out.
    """

    inputs: tuple[TranslationInput, ...] = ()
    current: int = 0
    direction: str = ""
    seed: int | None = None

    @property
    def shown(self) -> TranslationInput | None:
        """The input that is shown; None where the strip is empty."""
        return self.inputs[self.current] if self.inputs else None

    @property
    def filled(self) -> Self:
        """Without blank sheets."""
        return replace(self, inputs=tuple(one for one in self.inputs if not one.blank), current=0)

    def with_inputs(self, added: Sequence[TranslationInput]) -> Self:
        """With inputs behind the one that is shown, and the first of them shown.

        Raises:
            StudioError: there is no room for them.
        """
        if not added:
            return self
        at = min(self.current + 1, len(self.inputs))
        return replace(self, inputs=_held((*self.inputs[:at], *added, *self.inputs[at:])), current=at)

    def fitting(self, added: Sequence[TranslationInput]) -> tuple[TranslationInput, ...]:
        """As many of `added`, from the first, as there is room for."""
        count = 0
        while count < len(added) and _fit((*self.inputs, *added[: count + 1])):
            count += 1
        return tuple(added[:count])

    def without(self, index: int) -> Self:
        """With one input taken out; the next one is shown where it was the one shown."""
        if not 0 <= index < len(self.inputs):
            return self
        left = self.inputs[:index] + self.inputs[index + 1 :]
        current = self.current - (index < self.current)
        return replace(self, inputs=left, current=max(0, min(current, len(left) - 1)))

    def going_to(self, index: int) -> Self:
        """Showing another input, held within the strip."""
        return replace(self, current=max(0, min(index, len(self.inputs) - 1)))

    def with_strokes(self, strokes: tuple[Stroke, ...]) -> Self:
        """With other strokes on the input that is shown; unchanged where there is none.

        Raises:
            StudioError: there is no room for them.
        """
        if not self.inputs:
            return self
        drawn = replace(self.inputs[self.current], strokes=strokes)
        inputs = (*self.inputs[: self.current], drawn, *self.inputs[self.current + 1 :])
        if sum(len(stroke.points) for one in inputs for stroke in one.strokes) > MOST_POINTS:
            raise StudioError("There is no room for more strokes.", "Save the picture, and go on on top of it.")
        return replace(self, inputs=inputs)

    def with_direction(self, direction: str) -> Self:
        """Translating the other way: the nearest example of that side is shown where an example was."""
        if direction == self.direction:
            return self
        turned = replace(self, direction=direction)
        side, shown = ends(direction)[0], self.shown
        if shown is None or not shown.domain or shown.domain == side:
            return turned
        others = (index for index, one in enumerate(self.inputs) if one.domain == side)
        return turned.going_to(min(others, key=lambda index: abs(index - self.current), default=self.current))

    def with_seed(self, seed: int | None) -> Self:
        """With dropout of another seed, or without."""
        return replace(self, seed=None if seed is None else min(max(seed, 0), MAX_SEED))

    def alone(self) -> Self:
        """With nothing but the input that is shown: what a saved picture carries."""
        return replace(self, inputs=self.inputs[self.current : self.current + 1], current=0)

    def showing(self, other: TranslationDocument) -> Self:
        """With the picture of `other`: its input is shown, put behind the one shown where it is not in the strip.

        Raises:
            StudioError: there is no room for it.
        """
        shown = other.shown
        turned = replace(self, direction=other.direction, seed=other.seed)
        if shown is None:
            return turned
        if shown in self.inputs:
            return turned.going_to(self.inputs.index(shown))
        return turned.with_inputs([shown])

    def wish(self, model: GanModel) -> RenderRequest:
        """The request for the translation of the input that is shown.

        Raises:
            StudioError: there is none.
        """
        if self.shown is None:
            raise StudioError("There is nothing to translate in this edit.", "Put a picture on its canvas first.")
        pixels = self.shown.pixels(Paper(model.data.resolution))
        return TranslationRequest(pixels[None], self.direction, self.seed)

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return _digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {
            "inputs": [one.to_json() for one in self.inputs],
            "current": self.current,
            "direction": self.direction,
            "seed": self.seed,
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "document")
        inputs = _held(
            TranslationInput.from_json(one) for one in checked.sequence(read.get("inputs"), "inputs", MOST_INPUTS)
        )
        seed = read.get("seed")
        return cls(
            inputs=inputs,
            current=checked.whole(read.get("current", 0), "current", 0, max(len(inputs) - 1, 0)),
            direction=checked.text(read.get("direction", ""), "direction"),
            seed=None if seed is None else checked.whole(seed, "seed", 0, MAX_SEED),
        )


def ends(direction: str) -> tuple[str, str]:
    """The domains that a direction leads from and to."""
    start, _, end = direction.partition("->")
    return start, end


def opposite(direction: str, directions: Iterable[str]) -> str | None:
    """The one of `directions` that undoes `direction`; None where there is none."""
    back = ends(direction)[::-1]
    return next((one for one in directions if ends(one) == back and one != direction), None)


def _held(inputs: Iterable[TranslationInput]) -> tuple[TranslationInput, ...]:
    held = tuple(inputs)
    if not _fit(held):
        raise _NO_ROOM
    return held


def _fit(inputs: tuple[TranslationInput, ...]) -> bool:
    size = sum(one.picture.size for one in inputs if one.picture is not None)
    return len(inputs) <= MOST_INPUTS and size <= MOST_BYTES


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
