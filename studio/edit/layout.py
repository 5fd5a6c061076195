"""The layout canvas's document: what stands where in a picture, and what each thing's looks are drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from studio.api.capabilities import LayoutRendering
from studio.api.data import PlacedObject
from studio.api.errors import StudioError
from studio.api.requests import LayoutRequest
from studio.data.layout_files import MOST_OBJECTS, Box, Layout, NamedObject, inside
from studio.edit import checked
from studio.edit.layout_arranging import MOVE, fitted, frame, pulled, rounded

if TYPE_CHECKING:
    from studio.api.model import GanModel

MOST_SEED = 2**32 - 1
APART = 0.04

_LONGEST = 200


@dataclass(frozen=True)
class LayoutObject:
    """One thing in the picture.

    Attributes:
        label: what it is, by the model's own name.
        box: x, y, width and height as fractions of the picture, inside it.
        seed: what its looks are drawn from, 0 to 2^32 - 1.
        locked: whether it stays as it is: it is neither moved nor drawn anew nor deleted until it is unlocked.
    """

    label: str
    box: Box
    seed: int
    locked: bool = False

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"label": self.label, "box": list(self.box), "seed": self.seed, "locked": self.locked}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The object that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "objects")
        label = checked.text(read.get("label"), "label")
        if not 0 < len(label) <= _LONGEST:
            raise checked.unreadable("label")
        seed = checked.whole(read.get("seed"), "seed", 0, MOST_SEED)
        return cls(label, _box(read.get("box")), seed, checked.truth(read.get("locked", False), "locked"))


@dataclass(frozen=True)
class LayoutDocument:
    """Everything that decides the layout canvas's picture, apart from the weights. Methods return changed copies.

    Places are positions in `objects`. What is locked is left alone by every change but `with_locked` and the order.

    Attributes:
        objects: the first one at the back; at most 64.
    """

    objects: tuple[LayoutObject, ...] = ()

    @property
    def full(self) -> bool:
        """Whether there is no room for another object."""
        return len(self.objects) >= MOST_OBJECTS

    def free(self, places: Iterable[int]) -> tuple[int, ...]:
        """Those of `places`, by rising place, that are there and not locked."""
        return tuple(place for place in sorted(set(places)) if self._has(place) and not self.objects[place].locked)

    def frame(self, places: Collection[int]) -> Box:
        """The smallest box around the objects at `places`; at least one."""
        return frame([self.objects[place].box for place in places])

    def at(self, x: float, y: float) -> int | None:
        """The place of the foremost object at a point of the picture; None where there is none."""
        for place in reversed(range(len(self.objects))):
            left, top, width, height = self.objects[place].box
            if left <= x <= left + width and top <= y <= top + height:
                return place
        return None

    def within(self, box: Box) -> tuple[int, ...]:
        """The places of the objects that reach into a box."""
        x, y, width, height = box
        return tuple(
            place
            for place, (left, top, wide, tall) in enumerate(one.box for one in self.objects)
            if left < x + width and x < left + wide and top < y + height and y < top + tall
        )

    def with_object(self, added: LayoutObject) -> Self:
        """With one object more, in front; unchanged where there is no room."""
        return self if self.full else replace(self, objects=(*self.objects, added))

    def without(self, places: Iterable[int]) -> Self:
        """Without the objects at `places`."""
        gone = set(self.free(places))
        return replace(self, objects=tuple(one for place, one in enumerate(self.objects) if place not in gone))

    def refitted(self, places: Iterable[int], before: Box, after: Box) -> Self:
        """With the objects at `places` brought from the frame `before` into the frame `after`: moved and resized."""
        return self._changed(places, lambda one: replace(one, box=fitted(one.box, before, after)))

    def moved(self, places: Iterable[int], dx: float, dy: float) -> Self:
        """With the objects at `places` moved together, as far as all of them stay inside."""
        chosen = self.free(places)
        if not chosen:
            return self
        before = self.frame(chosen)
        return self.refitted(chosen, before, pulled(before, MOVE, dx, dy))

    def relabelled(self, places: Iterable[int], label: str) -> Self:
        """With other things in the boxes at `places`."""
        return self._changed(places, lambda one: replace(one, label=label))

    def reseeded(self, seeds: Mapping[int, int]) -> Self:
        """With other looks for some objects, by place; the rest keeps its own."""
        objects = list(self.objects)
        for place in self.free(seeds):
            objects[place] = replace(objects[place], seed=seeds[place])
        return replace(self, objects=tuple(objects))

    def with_seeds(self, seeds: Sequence[int]) -> Self:
        """With a seed for every object in turn; those that are locked keep theirs."""
        return self.reseeded(dict(enumerate(seeds)))

    def with_locked(self, places: Iterable[int], locked: bool) -> Self:
        """With some objects locked, or not."""
        chosen = set(places)
        return replace(
            self,
            objects=tuple(
                replace(one, locked=locked) if place in chosen else one for place, one in enumerate(self.objects)
            ),
        )

    def duplicated(self, places: Iterable[int]) -> Self:
        """With copies of the objects at `places`, in front and a little aside, as many as there is room for.

        Copies have the same looks, and are not locked.
        """
        chosen = [place for place in sorted(set(places)) if self._has(place)][: MOST_OBJECTS - len(self.objects)]
        if not chosen:
            return self
        x, y, width, height = self.frame(chosen)
        dx = APART if x + width + APART <= 1 else -APART
        dy = APART if y + height + APART <= 1 else -APART
        copies = (self.objects[place] for place in chosen)
        moved = (
            replace(one, box=rounded((one.box[0] + dx, one.box[1] + dy, one.box[2], one.box[3])), locked=False)
            for one in copies
        )
        return replace(self, objects=(*self.objects, *moved))

    def reordered(self, places: Iterable[int], to: int) -> tuple[Self, tuple[int, ...]]:
        """With the objects at `places` taken out and put in, together, before the place `to`; and where they are then.

        `to` counts places as they are before: 0 is the back, the number of objects the front.
        """
        chosen = [place for place in sorted(set(places)) if self._has(place)]
        before = [one for place, one in enumerate(self.objects[:to]) if place not in chosen]
        after = [one for place, one in enumerate(self.objects[to:], to) if place not in chosen]
        objects = (*before, *(self.objects[place] for place in chosen), *after)
        return replace(self, objects=objects), tuple(range(len(before), len(before) + len(chosen)))

    def raised(self, places: Iterable[int], by: int) -> tuple[Self, tuple[int, ...]]:
        """With the objects at `places` one step towards the front (1) or the back (-1); and where they are then."""
        objects = list(self.objects)
        chosen = set(places)
        order = range(len(objects))
        for place in order if by < 0 else reversed(order):
            other = place + by
            if place in chosen and 0 <= other < len(objects) and other not in chosen:
                objects[place], objects[other] = objects[other], objects[place]
                chosen = {*chosen - {place}, other}
        return replace(self, objects=tuple(objects)), tuple(sorted(chosen))

    def known(self, labels: Collection[str]) -> Self:
        """The document, when all of its labels are among `labels`.

        Raises:
            StudioError: a label is not; the model cannot draw it.
        """
        for one in self.objects:
            if one.label not in labels:
                raise StudioError(
                    f"This model knows no {one.label}.", f"It draws: {', '.join(labels) or 'nothing by name'}."
                )
        return self

    def placed(self, labels: Sequence[str]) -> tuple[PlacedObject, ...]:
        """The objects by label index.

        Raises:
            StudioError: the model does not know a label.
        """
        self.known(labels)
        return tuple(PlacedObject(labels.index(one.label), one.box) for one in self.objects)

    def request(self, labels: Sequence[str], seeds: np.ndarray | None = None) -> LayoutRequest:
        """What to ask the model for: the picture, or one for each row of `seeds`, int64 (N, objects).

        Raises:
            StudioError: the model does not know a label.
        """
        objects = self.placed(labels)
        own = np.array([[one.seed for one in self.objects]], np.int64)
        return LayoutRequest.of(objects, own if seeds is None else seeds)

    def wish(self, model: GanModel) -> LayoutRequest:
        """The request for the picture.

        Raises:
            StudioError: the model draws no layouts, or not these things; or there is nothing to draw.
        """
        if not isinstance(model, LayoutRendering):
            raise StudioError("This model draws no layouts.", "Open it with the run that made it.")
        if not self.objects:
            raise _nothing()
        return self.request(model.object_labels)

    def to_layout(self, resolution: int) -> Layout:
        """As `ganvas sample --layout` reads it: the same picture, but not what is locked.

        Raises:
            StudioError: there is nothing in it.
        """
        if not self.objects:
            raise _nothing()
        objects = tuple(NamedObject(label=one.label, box=one.box, seed=one.seed) for one in self.objects)
        return Layout(size=(resolution, resolution), objects=objects)

    @classmethod
    def of_layout(cls, layout: Layout, seed_of: Callable[[int, int | None], int]) -> Self:
        """A layout from a file; `seed_of` gives the seed of (place, own seed or None)."""
        return cls(
            tuple(
                LayoutObject(one.label, rounded(one.box), seed_of(place, one.seed))
                for place, one in enumerate(layout.objects)
            )
        )

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"objects": [one.to_json() for one in self.objects]}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        objects = checked.sequence(checked.mapping(values, "document").get("objects"), "objects", MOST_OBJECTS)
        return cls(tuple(LayoutObject.from_json(one) for one in objects))

    def _has(self, place: int) -> bool:
        return 0 <= place < len(self.objects)

    def _changed(self, places: Iterable[int], change: Callable[[LayoutObject], LayoutObject]) -> Self:
        objects = list(self.objects)
        for place in self.free(places):
            objects[place] = change(objects[place])
        return replace(self, objects=tuple(objects))


def _nothing() -> StudioError:
    return StudioError("There is nothing in this layout yet.", "Draw a box first.")


def _box(value: object) -> Box:
    numbers = checked.sequence(value, "box", 4)
    if len(numbers) != 4:
        raise checked.unreadable("box")
    x, y, width, height = (checked.number(number, "box", -1, 2) for number in numbers)
    try:
        return rounded(inside((x, y, width, height)))
    except ValueError:
        raise checked.unreadable("box") from None
