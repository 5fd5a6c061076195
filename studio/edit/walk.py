"""The walk canvas's document: keyframes, how long and in which manner it goes from each to the next."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit import checked
from studio.edit.interpolation import Interpolation, interpolate
from studio.edit.keyframes import LONGEST, MOST_KEYFRAMES, MOST_VECTORS, SHORTEST, Ease, Keyframe
from studio.edit.requests import space_of
from studio.edit.walk_request import Look, StyleFrames, ZFrames

if TYPE_CHECKING:
    from studio.api.model import GanModel

Through = Literal["z", "w"]

MOST_FPS = 60

_SAME = 1e-6


class Place(NamedTuple):
    """Where a moment is: `t`, eased, of the way from keyframe `first` to keyframe `second`; t is less than 1."""

    first: int
    second: int
    t: float


@dataclass(frozen=True)
class WalkDocument:
    """Everything that decides a walk's pictures, apart from the weights. Methods return changed copies.

    Attributes:
        keyframes: in the order of the walk, at most 100.
        path: the shape of the way between two z.
        through: `z`, or `w` for models that mix styles: there the way is a straight line between two styles.
        loop: whether it goes on from the last keyframe to the first.
        fps: frames a second of the film, 1 to 60.
        time: the playhead, in seconds from the first keyframe.
    """

    keyframes: tuple[Keyframe, ...] = ()
    path: Interpolation = "slerp"
    through: Through = "z"
    loop: bool = True
    fps: int = 25
    time: float = 0.0

    @cached_property
    def starts(self) -> tuple[float, ...]:
        """When the walk is at each keyframe, in seconds."""
        passed = itertools.accumulate((one.seconds for one in self.keyframes[:-1]), initial=0.0)
        return tuple(passed)[: len(self.keyframes)]

    @cached_property
    def duration(self) -> float:
        """Seconds from the first keyframe to the last one, or back to the first."""
        if len(self.keyframes) < 2:
            return 0.0
        return sum(one.seconds for one in (self.keyframes if self.loop else self.keyframes[:-1]))

    @property
    def frame_count(self) -> int:
        """Frames of the film. One that loops ends a frame before it would be back at the first keyframe."""
        if not self.keyframes:
            return 0
        if self.loop:
            return max(1, round(self.duration * self.fps))
        return math.floor(self.duration * self.fps + _SAME) + 1

    @property
    def frame(self) -> int:
        """The film's frame at the playhead."""
        return min(math.floor(self.time * self.fps + _SAME), max(self.frame_count - 1, 0))

    def place_at(self, time: float) -> Place:
        """Where the walk is after `time` seconds; within a millionth of a second of a keyframe it is there exactly.

        Raises:
            StudioError: there are no keyframes.
        """
        if not self.keyframes:
            raise StudioError("This walk has no keyframes.", "Add some on the walk canvas.")
        if self.loop and self.duration:
            time = math.fmod(max(time, 0.0) + _SAME, self.duration) - _SAME
        starts, last = self.starts, len(self.keyframes) - 1
        first = min(max(bisect_right(starts, time + _SAME) - 1, 0), last)
        if not self.duration or (first == last and not self.loop):
            return Place(first, first, 0.0)
        passed = time - starts[first]
        left = self.keyframes[first]
        t = 0.0 if passed <= _SAME else min(passed / left.seconds, 1.0)
        return Place(first, (first + 1) % len(self.keyframes), eased(t, left.ease))

    def z_at(self, time: float, space: LatentSpace) -> np.ndarray:
        """Float32 (dim,) after `time` seconds of a walk through z; at a keyframe that keyframe's z bit for bit.

        Raises:
            StudioError: there are no keyframes, or they were made with another model.
        """
        first, second, t = self.place_at(time)
        a, b = (self.keyframes[index].point.z(space) for index in (first, second))
        return interpolate(self.path)(a, b, t)

    def frames(self, space: LatentSpace, times: Sequence[float]) -> ZFrames | StyleFrames:
        """The request for the pictures after some seconds.

        Raises:
            StudioError: there are no keyframes, or they were made with another model.
        """
        places = [self.place_at(time) for time in times]
        ends = [(place.first, place.second if place.t else place.first) for place in places]
        looks = tuple((self._look(first), self._look(second)) for first, second in ends)
        t = tuple(place.t for place in places)
        if self.through == "z":
            return ZFrames(np.stack([self.z_at(time, space) for time in times]), looks, t)
        z = [np.stack([self.keyframes[index].point.z(space) for index in pair]) for pair in ends]
        return StyleFrames(np.stack(z), looks, t)

    def wish(self, model: GanModel) -> ZFrames | StyleFrames:
        """The request for the picture at the playhead.

        Raises:
            StudioError: there are no keyframes, or they were made with another model.
        """
        return self.frames(space_of(model), [self.time])

    def film(self, model: GanModel, first: int, stop: int) -> ZFrames | StyleFrames:
        """The request for the film's frames `first` to `stop` - 1.

        Raises:
            StudioError: there are no keyframes, or they were made with another model.
        """
        return self.frames(space_of(model), [index / self.fps for index in range(first, stop)])

    def still(self, index: int) -> Self:
        """With the playhead at a frame of the film."""
        return self.at(index / self.fps)

    def at(self, time: float) -> Self:
        """With the playhead elsewhere, held within the walk."""
        return replace(self, time=min(max(time, 0.0), self.duration))

    def with_keyframe(self, index: int, keyframe: Keyframe) -> Self:
        """With one keyframe changed; its seconds are held within bounds."""
        held = replace(keyframe, seconds=min(max(keyframe.seconds, SHORTEST), LONGEST))
        return self._of((*self.keyframes[:index], held, *self.keyframes[index + 1 :]))

    def with_more(self, keyframes: Iterable[Keyframe], at: int | None = None) -> Self:
        """With keyframes put in before `at`, at the end where None; as many as there is room for."""
        place = len(self.keyframes) if at is None else min(max(at, 0), len(self.keyframes))
        more = tuple(keyframes)[: MOST_KEYFRAMES - len(self.keyframes)]
        return self._of((*self.keyframes[:place], *more, *self.keyframes[place:]))

    def without(self, index: int) -> Self:
        """Without a keyframe."""
        return self._of((*self.keyframes[:index], *self.keyframes[index + 1 :]))

    def moved(self, index: int, to: int) -> Self:
        """With a keyframe at place `to` among the others; its seconds and its easing go with it."""
        rest = [*self.keyframes[:index], *self.keyframes[index + 1 :]]
        rest.insert(min(max(to, 0), len(rest)), self.keyframes[index])
        return self._of(tuple(rest))

    def with_seconds(self, index: int, seconds: float) -> Self:
        """With another time from a keyframe to the next: a whole number of frames, and at least one."""
        frames = max(1, round(min(seconds, LONGEST) * self.fps))
        return self.with_keyframe(index, replace(self.keyframes[index], seconds=frames / self.fps))

    def with_path(self, path: Interpolation) -> Self:
        """With another shape of the way through z."""
        return replace(self, path=path)

    def with_through(self, through: Through) -> Self:
        """Through z, or through w."""
        return replace(self, through=through)

    def with_loop(self, loop: bool) -> Self:
        """Going round, or ending at the last keyframe."""
        return replace(self, loop=loop).at(self.time)

    def with_fps(self, fps: int) -> Self:
        """With more or fewer frames a second; it takes as long as before."""
        return replace(self, fps=min(max(fps, 1), MOST_FPS))

    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal: equal for equal documents, in every version and on every machine."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        vectors: dict[str, int] = {}
        values = {
            "keyframes": [one.to_json(vectors) for one in self.keyframes],
            "path": self.path,
            "through": self.through,
            "loop": self.loop,
            "fps": self.fps,
            "time": self.time,
        }
        return {**values, "vectors": list(vectors)} if vectors else values

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The document that `to_json` wrote.

        Raises:
            StudioError: anything that it cannot have written.
        """
        read = checked.mapping(values, "document")
        found = checked.sequence(read.get("keyframes"), "keyframes", MOST_KEYFRAMES)
        vectors = checked.sequence(read.get("vectors", []), "vectors", MOST_VECTORS)
        walk = cls(
            keyframes=tuple(Keyframe.from_json(one, vectors) for one in found),
            path=checked.choice(read.get("path", "slerp"), "path", ("slerp", "lerp")),
            through=checked.choice(read.get("through", "z"), "through", ("z", "w")),
            loop=checked.truth(read.get("loop", True), "loop"),
            fps=checked.whole(read.get("fps", 25), "fps", 1, MOST_FPS),
            time=checked.number(read.get("time", 0.0), "time", 0),
        )
        return walk.at(walk.time)

    def _of(self, keyframes: tuple[Keyframe, ...]) -> Self:
        return replace(self, keyframes=keyframes).at(self.time)

    def _look(self, index: int) -> Look:
        """A keyframe's look, with a class where any keyframe has one."""
        look = self.keyframes[index].look
        return replace(look, label=look.label or 0) if self._labelled else look

    @cached_property
    def _labelled(self) -> bool:
        return any(one.label is not None for one in self.keyframes)


def stills(keyframes: Sequence[Keyframe], space: LatentSpace) -> ZFrames:
    """The request for the pictures of keyframes, whatever walk they are of.

    Raises:
        StudioError: one was made with another model.
    """
    return ZFrames(
        np.stack([one.point.z(space) for one in keyframes]),
        tuple((one.look, one.look) for one in keyframes),
        (0.0,) * len(keyframes),
    )


def eased(t: float, ease: Ease) -> float:
    """How far along the way a walk is when `t` in [0, 1] of its time has passed; `smooth` is 3 t^2 - 2 t^3."""
    if ease == "hold":
        return 0.0
    return t if ease == "linear" else t * t * (3 - 2 * t)
