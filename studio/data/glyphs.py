"""Icon glyphs as pictures, in colour: data that needs no download, at any resolution."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import PIL

from studio.api.data import DataKind
from studio.data.icon_fonts import FILL, MATERIAL, GlyphPen, IconFont, glyphs_of
from studio.data.tints import tint

NATURAL_SIZE = 64
OUTLINE = "-outline"
RENDERING = 2
COVERAGE = np.linspace(0, 1, 256)[:, None]


class GlyphSource:
    """Glyphs of one icon font, each in an ink and on a ground of its own, which its name decides."""

    def __init__(self, name: str, font: IconFont, classes: Mapping[str, str] | None = None) -> None:
        """Finds the font.

        Args:
            name: what a person calls the data.
            font: where the glyphs come from.
            classes: the class of each glyph by its name; glyphs that are not in it are left out. All where None.

        Raises:
            StudioError: the font is not installed.
        """
        self._name = name
        self._font = font
        self._pen = GlyphPen(font.file)
        self._classes = classes
        self._labels = tuple(sorted(set(classes.values()))) if classes else ()

    @property
    def name(self) -> str:
        """What a person calls the data."""
        return self._name

    @property
    def kind(self) -> DataKind:
        """Labelled where there are classes."""
        return DataKind.LABELLED if self._classes else DataKind.UNLABELLED

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes."""
        return self._labels

    @cached_property
    def fingerprint(self) -> str:
        """Of the font and of how it is drawn: by this code, by this version of Pillow."""
        digest = hashlib.sha256(f"glyphs {RENDERING} {FILL} {PIL.__version__} {self._labels}".encode())
        digest.update(self._font.charmap.read_bytes())
        digest.update(self._font.file.read_bytes())
        return digest.hexdigest()

    @cached_property
    def _glyphs(self) -> list[tuple[str, str]]:
        glyphs = glyphs_of(self._font).items()
        return [(name, character) for name, character in glyphs if self._classes is None or name in self._classes]

    def __len__(self) -> int:
        return len(self._glyphs)

    def key(self, index: int) -> str:
        """The glyph's name."""
        return self._glyphs[index][0]

    def label(self, index: int) -> int:
        """The glyph's class."""
        return self._labels.index(self._classes[self.key(index)]) if self._classes else 0

    def size(self, index: int) -> tuple[int, int]:  # noqa: ARG002 - glyphs have no size of their own
        """What glyphs are usually drawn at; any other size is as sharp."""
        return NATURAL_SIZE, NATURAL_SIZE

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """The glyph in its colours."""
        name, character = self._glyphs[index]
        ink, ground = (np.array(colour) for colour in tint(name))
        shades = np.rint(ground + COVERAGE * (ink - ground)).astype(np.uint8)
        return np.take(shades, self._pen.coverage(character, resolution), axis=0)


def icons() -> GlyphSource:
    """Every glyph of Material Design Icons."""
    return GlyphSource("Icons", MATERIAL)


def icons_labelled() -> GlyphSource:
    """Those glyphs of Material Design Icons that come both filled and as an outline, labelled as one or the other."""
    names = glyphs_of(MATERIAL)
    pairs = [name for name in names if f"{name}{OUTLINE}" in names]
    classes = dict.fromkeys(pairs, "filled") | {f"{name}{OUTLINE}": "outline" for name in pairs}
    return GlyphSource("Icons, filled and outline", MATERIAL, classes)
