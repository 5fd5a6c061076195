"""Layouts to start from: a few compositions of the model's own labels, and layouts of the data it learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from studio.api.data import LayoutSource
from studio.api.requests import LayoutRequest
from studio.data.layout_files import MOST_OBJECTS, Box
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.edit.layout_arranging import rounded

COMPOSITIONS: Mapping[str, tuple[Box, ...]] = {
    "Three in a row": ((0.04, 0.34, 0.28, 0.32), (0.36, 0.34, 0.28, 0.32), (0.68, 0.34, 0.28, 0.32)),
    "Four corners": (
        (0.08, 0.08, 0.36, 0.36),
        (0.56, 0.08, 0.36, 0.36),
        (0.08, 0.56, 0.36, 0.36),
        (0.56, 0.56, 0.36, 0.36),
    ),
    "A large one and three small": (
        (0.06, 0.3, 0.5, 0.5),
        (0.66, 0.06, 0.26, 0.26),
        (0.66, 0.37, 0.26, 0.26),
        (0.66, 0.68, 0.26, 0.26),
    ),
    "Falling": ((0.06, 0.06, 0.26, 0.26), (0.26, 0.27, 0.26, 0.26), (0.47, 0.47, 0.26, 0.26), (0.68, 0.68, 0.26, 0.26)),
    "Around the middle": (
        (0.35, 0.35, 0.3, 0.3),
        (0.37, 0.03, 0.26, 0.26),
        (0.71, 0.37, 0.26, 0.26),
        (0.37, 0.71, 0.26, 0.26),
        (0.03, 0.37, 0.26, 0.26),
    ),
    "Near and far": (
        (0.1, 0.12, 0.22, 0.22),
        (0.62, 0.16, 0.22, 0.22),
        (0.36, 0.24, 0.24, 0.24),
        (0.24, 0.52, 0.44, 0.44),
    ),
}
"""Boxes by what they look like together."""

_EACH = 16
_SEEDS = 1_000_000


@dataclass(frozen=True)
class Preset:
    """A layout to start from.

    Attributes:
        name: what to call it.
        document: the layout.
    """

    name: str
    document: LayoutDocument


def compositions(labels: Sequence[str]) -> tuple[Preset, ...]:
    """Each of `COMPOSITIONS` with things that a model of these labels draws, no two alike where it knows enough."""
    if not labels:
        return ()
    found = []
    for number, (name, boxes) in enumerate(COMPOSITIONS.items()):
        order = np.random.RandomState(number).permutation(len(labels))
        chosen = [labels[order[place % len(labels)]] for place in range(len(boxes))]
        found.append(Preset(name, _document(chosen, boxes, number)))
    return tuple(found)


def from_data(source: LayoutSource, labels: Collection[str], most: int) -> tuple[Preset, ...]:
    """Up to `most` layouts of a data set, from its beginning to its end; those with other labels are left out."""
    found = []
    for index in sorted({round(place) for place in np.linspace(0, len(source) - 1, min(most, len(source)))}):
        objects = source.objects(index)[:MOST_OBJECTS]
        names = [source.labels[one.label] for one in objects]
        if all(name in labels for name in names):
            document = _document(names, [one.box for one in objects], index)
            found.append(Preset(f"From the data: {source.key(index)}", document))
    return tuple(found)


def request_of(documents: Sequence[LayoutDocument], labels: Sequence[str]) -> LayoutRequest:
    """What to ask the model for, to see all of some layouts, each of one object at least.

    Raises:
        StudioError: the model does not know a label.
    """
    most = max(len(document.objects) for document in documents)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (len(documents), most, 1))
    wanted, seeds = np.zeros((2, len(documents), most), np.int64)
    present = np.zeros((len(documents), most), np.bool_)
    for row, document in enumerate(documents):
        one = document.request(labels)
        count = len(document.objects)
        boxes[row, :count], wanted[row, :count], seeds[row, :count] = one.boxes[0], one.labels[0], one.seeds[0]
        present[row, :count] = True
    return LayoutRequest(boxes, wanted, present, seeds)


def variant_seeds(document: LayoutDocument, places: Collection[int], first: int, count: int) -> np.ndarray:
    """Seeds for `count` pictures of one layout, int64 (count, objects): those at `places` are drawn, others stay.

    Row i is that of variant `first` + i: the same whatever the objects' own seeds are now. What is locked stays too.
    """
    rows = np.tile(np.array([one.seed for one in document.objects], np.int64), (count, 1))
    free = list(document.free(places))
    for row, number in zip(rows, range(first, first + count), strict=True):
        row[free] = np.random.RandomState(number).randint(_SEEDS, size=len(document.objects))[free]
    return rows


def _document(labels: Sequence[str], boxes: Sequence[Box], number: int) -> LayoutDocument:
    placed = zip(labels, boxes, strict=True)
    return LayoutDocument(
        tuple(LayoutObject(label, rounded(box), number * _EACH + place) for place, (label, box) in enumerate(placed))
    )
