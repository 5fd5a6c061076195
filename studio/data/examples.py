"""Data as people look at it: pairs side by side, layouts with their boxes drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from studio.api.data import DataKind, LayoutSource, PictureSource, PlacedObject, SidedSource, Source
from studio.api.errors import StudioError


@dataclass(frozen=True)
class Example:
    """One picture to look at.

    Attributes:
        picture: uint8 (H, W, 3), or (H, 2 W, 3) where two belong side by side.
        key: what it is called.
    """

    picture: np.ndarray
    key: str


def count_of(source: Source) -> int:
    """How many pictures, pairs, or pictures of domain A a source offers."""
    return len(source.sides[0]) if isinstance(source, SidedSource) else len(source)


def examples(
    source: Source, most: int, side: int, before_each: Callable[[int, int], None] = lambda _done, _total: None
) -> Iterator[Example | StudioError]:
    """Up to `most` pictures of a source, from its beginning to its end, `side` pixels tall; or why one cannot be read.

    Args:
        source: of any kind.
        most: how many.
        side: height and width of a picture, in pixels.
        before_each: told (done, total) before each is decoded; may raise to stop.
    """
    count = count_of(source)
    chosen = sorted({round(place) for place in np.linspace(0, count - 1, min(most, count))})
    for done, index in enumerate(chosen):
        before_each(done, len(chosen))
        try:
            yield _example(source, index, side)
        except StudioError as error:
            yield error


def with_boxes(picture: np.ndarray, objects: Sequence[PlacedObject], labels: Sequence[str]) -> np.ndarray:
    """A picture uint8 (H, W, 3) with thin boxes on it, a colour for each label."""
    height, width = picture.shape[:2]
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for one in objects:
        x, y, w, h = one.box
        colour = f"hsl({360 * one.label // max(1, len(labels))}, 85%, 45%)"
        corners = (round(x * width), round(y * height), round((x + w) * width) - 1, round((y + h) * height) - 1)
        draw.rectangle((corners[0], corners[1], max(corners[0], corners[2]), max(corners[1], corners[3])), None, colour)
    return np.asarray(image)


def _example(source: Source, index: int, side: int) -> Example:
    if isinstance(source, SidedSource):
        return _both(source, index, side)
    picture = source.picture(index, side)
    if isinstance(source, LayoutSource):
        picture = with_boxes(picture, source.objects(index), source.labels)
    return Example(picture, source.key(index))


def _both(source: SidedSource, index: int, side: int) -> Example:
    """A pair; or, where there are none, a picture of each domain from the same place in its order."""
    a, b = source.sides
    other = index if source.kind is DataKind.PAIRED else round(index * (len(b) - 1) / max(1, len(a) - 1))
    return Example(np.concatenate([a.picture(index, side), b.picture(other, side)], axis=1), _keys(a, index, b, other))


def _keys(a: PictureSource, index: int, b: PictureSource, other: int) -> str:
    left, right = a.key(index), b.key(other)
    return left if left == right else f"{left} | {right}"
