"""The icon fonts in the `qtawesome` wheel: which glyphs they have, and their shapes."""

from __future__ import annotations

import functools
import importlib.util
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.api.errors import StudioError

FILL = 0.94
SUPERSAMPLING = 4
LARGEST_DRAWING = 128
PROOF_SIZE = 24


@dataclass(frozen=True)
class IconFont:
    """One of the fonts.

    Attributes:
        stem: how the names of its files begin; a version follows.
        title: what it is called.
        licence: its licence, as an SPDX identifier.
    """

    stem: str
    title: str
    licence: str

    @property
    def file(self) -> Path:
        """The font itself."""
        return self._only(f"{self.stem}-[0-9]*.ttf")

    @property
    def charmap(self) -> Path:
        """A JSON object: code point by glyph name."""
        return self._only(f"{self.stem}-charmap-[0-9]*.json")

    def _only(self, pattern: str) -> Path:
        found = sorted(fonts_folder().glob(pattern))
        if not found:
            raise StudioError(
                f"This version of qtawesome comes without {self.title}.", "Install the one that Ganvas asks for."
            )
        return found[-1]


MATERIAL = IconFont("materialdesignicons6-webfont", "Material Design Icons", "Apache-2.0")


def fonts_folder() -> Path:
    """Where the `qtawesome` wheel keeps its fonts. The wheel is not imported: that would load Qt.

    Raises:
        StudioError: it is not installed.
    """
    found = importlib.util.find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise StudioError(
            "The demo icons are not here: they come with qtawesome.", "Install it: pip install qtawesome."
        )
    return Path(found.submodule_search_locations[0]) / "fonts"


def glyphs_of(font: IconFont) -> Mapping[str, str]:
    """The font's distinct glyphs: character by name, in the order of the names.

    Names that look the same as an earlier one ("roman-numeral-1" as "alpha-i") and empty glyphs are left out.
    """
    return _distinct(font.file, font.charmap)


@functools.lru_cache(maxsize=8)
def _distinct(file: Path, charmap: Path) -> Mapping[str, str]:
    codes: dict[str, str] = json.loads(charmap.read_text())
    pen = GlyphPen(file)
    found: dict[bytes, tuple[str, str]] = {}
    for name, code in sorted(codes.items()):
        character = chr(int(code, 16))
        proof = pen.draw(character, PROOF_SIZE)
        if proof.getextrema() != (0, 0):
            found.setdefault(proof.tobytes(), (name, character))
    return dict(found.values())


class GlyphPen:
    """Draws the glyphs of one font file. Any number of threads may draw with one pen."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._local = threading.local()

    def coverage(self, character: str, resolution: int) -> np.ndarray:
        """How much of each pixel the glyph covers: uint8 (resolution, resolution), centred.

        Small ones are drawn larger and averaged, which hides that FreeType moves stems to whole pixels.
        """
        factor = max(1, min(SUPERSAMPLING, LARGEST_DRAWING // resolution))
        return np.asarray(self.draw(character, factor * resolution).reduce(factor))

    def draw(self, character: str, size: int) -> Image.Image:
        """The glyph in white on black, centred in a square of `size` pixels."""
        font = self._font(max(1, round(size * FILL)))
        left, top, right, bottom = font.getbbox(character)
        canvas = Image.new("L", (size, size))
        ImageDraw.Draw(canvas).text(((size - right - left) / 2, (size - bottom - top) / 2), character, 255, font)
        return canvas

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        # A FreeType face is not for two threads at once.
        fonts: dict[int, ImageFont.FreeTypeFont] = self._local.__dict__.setdefault("fonts", {})
        if size not in fonts:
            fonts[size] = ImageFont.truetype(str(self._file), size, layout_engine=ImageFont.Layout.BASIC)
        return fonts[size]
