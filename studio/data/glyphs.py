"""Icon glyphs as pictures, in colour: data that needs no download, at any resolution."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import PIL

from studio.api.data import DataKind
from studio.data.icon_fonts import FILL, MATERIAL, GlyphPen, IconFont, glyphs_of
from studio.data.tints import Colour, tint

NATURAL_SIZE = 64
OUTLINE = "-outline"
RENDERING = 2
COVERAGE = np.linspace(0, 1, 256)[:, None]


@dataclass(frozen=True)
class Glyph:
    """One picture.

    Attributes:
        name: the glyph's name.
        ink, ground: its colours.
        label: its class.
    """

    name: str
    ink: Colour
    ground: Colour
    label: int = 0


class GlyphSource:
    """Glyphs of one icon font, each in an ink and on a ground of its own."""

    def __init__(self, name: str, font: IconFont, glyphs: Sequence[Glyph], labels: Sequence[str] = ()) -> None:
        """Takes the glyphs without drawing one.

        Args:
            name: what a person calls the data.
            font: where the glyphs come from.
            glyphs: which, and how they look.
            labels: the names of the classes.

        Raises:
            StudioError: the font is not installed.
        """
        self._name = name
        self._font = font
        self._pen = GlyphPen(font.file)
        self._characters = glyphs_of(font)
        self._glyphs = tuple(glyphs)
        self._labels = tuple(labels)

    @property
    def name(self) -> str:
        """What a person calls the data."""
        return self._name

    @property
    def kind(self) -> DataKind:
        """Labelled where there are classes."""
        return DataKind.LABELLED if self._labels else DataKind.UNLABELLED

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
        digest.update(repr(self._glyphs).encode())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._glyphs)

    def key(self, index: int) -> str:
        """The glyph's name."""
        return self._glyphs[index].name

    def label(self, index: int) -> int:
        """The glyph's class."""
        return self._glyphs[index].label

    def size(self, index: int) -> tuple[int, int]:  # noqa: ARG002 - glyphs have no size of their own
        """What glyphs are usually drawn at; any other size is as sharp."""
        return NATURAL_SIZE, NATURAL_SIZE

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """The glyph in its colours."""
        glyph = self._glyphs[index]
        ink, ground = np.array(glyph.ink), np.array(glyph.ground)
        shades = np.rint(ground + COVERAGE * (ink - ground)).astype(np.uint8)
        return np.take(shades, self._pen.coverage(self._characters[glyph.name], resolution), axis=0)


def icons() -> GlyphSource:
    """Every glyph of Material Design Icons, in the colours that its name decides."""
    return GlyphSource("Icons", MATERIAL, [Glyph(name, *tint(name)) for name in glyphs_of(MATERIAL)])


def icons_labelled() -> GlyphSource:
    """Those glyphs of Material Design Icons that come both filled and as an outline, labelled as one or the other."""
    labels = ("filled", "outline")
    styles: Mapping[str, int] = {name + ending: label for name in twins() for label, ending in enumerate(("", OUTLINE))}
    glyphs = [Glyph(name, *tint(name), label=styles[name]) for name in glyphs_of(MATERIAL) if name in styles]
    return GlyphSource("Icons, filled and outline", MATERIAL, glyphs, labels)


def twins() -> list[str]:
    """Names of glyphs that come both filled and, under the name with `-outline` behind it, as an outline."""
    names = glyphs_of(MATERIAL)
    return [name for name in names if f"{name}{OUTLINE}" in names]
