"""Scenes of several icons, drawn here: pictures of which every box and label is known."""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import PIL

from studio.api.data import DataKind, PlacedObject
from studio.data.icon_fonts import FILL, MATERIAL, GlyphPen, glyphs_of
from studio.data.layout_files import Box
from studio.data.tints import Colour, ink

COUNT = 4000
NATURAL_SIZE = 256
RENDERING = 2
FEWEST, MOST = 3, 8
SMALLEST, LARGEST = 0.22, 0.5
CROWDED = 1.0
MARGIN = 0.02
OVERLAP = 0.1
ATTEMPTS = 200
KEPT_GLYPHS = 300  # all that scenes of 64 px have: 15 glyphs in 19 sizes
COVERAGE_MAX = 255.0
WHITE = (255.0, 255.0, 255.0)
HUE_SPREAD = 0.07


@dataclass(frozen=True)
class Kind:
    """What icons may show: the glyphs that do, and the middle of their hues, in turns."""

    glyphs: tuple[str, ...]
    hue: float


KINDS: Mapping[str, Kind] = {
    "apple": Kind(("food-apple",), 0.08),
    "bell": Kind(("bell",), 0.23),
    "cat": Kind(("cat",), 0.16),
    "cloud": Kind(("cloud",), 0.68),
    "fish": Kind(("fish",), 0.55),
    "flower": Kind(("flower", "flower-tulip"), 0.96),
    "heart": Kind(("cards-heart",), 0.03),
    "house": Kind(("home", "home-variant"), 0.75),
    "leaf": Kind(("leaf",), 0.36),
    "star": Kind(("star", "star-four-points"), 0.2),
    "tree": Kind(("pine-tree", "tree"), 0.43),
    "umbrella": Kind(("umbrella",), 0.85),
}


@dataclass(frozen=True)
class Icon:
    """One icon of a scene: what it is, in which ink, where."""

    kind: str
    glyph: str
    ink: Colour
    box: Box


class SceneSource:
    """Scenes by number: number i is the same everywhere."""

    def __init__(self, count: int = COUNT) -> None:
        """Finds the font.

        Raises:
            StudioError: it is not installed.
        """
        self._count = count
        self._coverage = functools.lru_cache(KEPT_GLYPHS)(GlyphPen(MATERIAL.file).coverage)
        self._characters = glyphs_of(MATERIAL)

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "Scenes of icons"

    @property
    def kind(self) -> DataKind:
        """Layout."""
        return DataKind.LAYOUT

    @property
    def labels(self) -> tuple[str, ...]:
        """What the icons show."""
        return tuple(KINDS)

    @cached_property
    def fingerprint(self) -> str:
        """Of the font and of how scenes are composed and drawn."""
        composed = (
            RENDERING,
            FEWEST,
            MOST,
            SMALLEST,
            LARGEST,
            CROWDED,
            MARGIN,
            OVERLAP,
            ATTEMPTS,
            tuple(KINDS.items()),
        )
        digest = hashlib.sha256(f"scenes {self._count} {composed} {FILL} {PIL.__version__}".encode())
        digest.update(MATERIAL.file.read_bytes())
        return digest.hexdigest()

    def __len__(self) -> int:
        return self._count

    def key(self, index: int) -> str:
        """The scene's number."""
        return f"scene {index}"

    def label(self, index: int) -> int:  # noqa: ARG002 - objects have labels, scenes have none
        """None."""
        return 0

    def size(self, index: int) -> tuple[int, int]:  # noqa: ARG002 - any other size is as sharp
        """What scenes are made for."""
        return NATURAL_SIZE, NATURAL_SIZE

    def objects(self, index: int) -> tuple[PlacedObject, ...]:
        """What is where in a scene."""
        return tuple(PlacedObject(self.labels.index(icon.kind), icon.box) for icon in compose(index))

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """A scene, drawn."""
        canvas = np.tile(np.array(WHITE), (resolution, resolution, 1))
        for icon in compose(index):
            left, top, side = (round(value * resolution) for value in icon.box[:3])
            side = max(1, min(side, resolution - left, resolution - top))
            covered = self._coverage(self._characters[icon.glyph], side)[:, :, None] / COVERAGE_MAX
            under = canvas[top : top + side, left : left + side]
            under += covered * (np.array(icon.ink) - under)
        drawn: np.ndarray = np.rint(canvas).astype(np.uint8)
        return drawn


def icons_layout() -> SceneSource:
    """Icons of twelve kinds in scenes, each kind in hues of its own."""
    return SceneSource()


@functools.lru_cache(maxsize=2 * COUNT)
def compose(number: int) -> tuple[Icon, ...]:
    """Scene `number`: 3 to 8 icons that hardly overlap, each in an ink near its kind's."""
    chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence([RENDERING, number])))
    wanted = int(chance.integers(FEWEST, MOST + 1))
    boxes: list[Box] = []
    for attempt in itertools.count():
        if len(boxes) == wanted or (attempt >= ATTEMPTS and len(boxes) >= FEWEST):
            break
        # Many icons are small ones: they have to fit.
        size, across, down = chance.random(3).tolist()
        side = SMALLEST + size * (min(LARGEST, CROWDED / math.sqrt(wanted)) - SMALLEST)
        x, y = (MARGIN + place * (1 - 2 * MARGIN - side) for place in (across, down))
        if all(_shared((x, y, side, side), box) <= OVERLAP for box in boxes):
            boxes.append((x, y, side, side))
    return tuple(_icon(box, chance) for box in boxes)


def _icon(box: Box, chance: np.random.Generator) -> Icon:
    name = tuple(KINDS)[chance.integers(len(KINDS))]
    kind = KINDS[name]
    hue = kind.hue + HUE_SPREAD * chance.uniform(-1, 1)
    return Icon(name, kind.glyphs[chance.integers(len(kind.glyphs))], ink(hue, chance.random()), box)


def _shared(one: Box, other: Box) -> float:
    """How much of the smaller box the other covers, 0 to 1."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height) / min(one[2] * one[3], other[2] * other[3])
