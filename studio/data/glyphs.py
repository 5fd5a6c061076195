"""Icon glyphs as pictures, in colour: data that needs no download."""

from __future__ import annotations

import colorsys
import hashlib
import importlib.util
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.api.data import DataKind
from studio.api.errors import StudioError

NATURAL_SIZE = 64
OUTLINE = "-outline"
SUPERSAMPLING = 4
FILL = 0.86
RENDERING = 1


@dataclass(frozen=True)
class Font:
    """A font in the `qtawesome` wheel, and the file that names its glyphs."""

    file: str
    charmap: str


MATERIAL = Font("materialdesignicons6-webfont-6.9.96.ttf", "materialdesignicons6-webfont-charmap-6.9.96.json")


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


class GlyphSource:
    """Glyphs of one icon font, each in an ink and on a ground of its own, which its name decides."""

    def __init__(self, name: str, font: Font, classes: Mapping[str, str] | None = None) -> None:
        """Reads which glyphs there are.

        Args:
            name: what a person calls the data.
            font: where the glyphs come from.
            classes: the class of each glyph by its name; glyphs that are not in it are left out. All where None.
        """
        self._name = name
        self._font_path = fonts_folder() / font.file
        self._charmap_path = fonts_folder() / font.charmap
        self._classes = classes
        self._labels = tuple(sorted(set(classes.values()))) if classes else ()
        self._local = threading.local()

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
        """Of the font and of how it is drawn here."""
        digest = hashlib.sha256(f"glyphs {RENDERING} {self._labels}".encode())
        digest.update(self._charmap_path.read_bytes())
        digest.update(str(self._font_path.stat().st_size).encode())
        return digest.hexdigest()

    @cached_property
    def _glyphs(self) -> list[tuple[str, str]]:
        by_code = {code: name for name, code in sorted(read_charmap(self._charmap_path).items(), reverse=True)}
        named = sorted((name, code) for code, name in by_code.items())
        return [glyph for glyph in named if self._classes is None or glyph[0] in self._classes]

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
        """The glyph, drawn four times as large and averaged down."""
        name, character = self._glyphs[index]
        mask = self._mask(character, resolution)
        ink, ground = _colours(name)
        coverage = mask[..., None].astype(np.float32) / 255
        return np.rint(ground * (1 - coverage) + ink * coverage).astype(np.uint8)

    def _mask(self, character: str, resolution: int) -> np.ndarray:
        size = resolution * SUPERSAMPLING
        font = self._font(round(size * FILL))
        left, top, right, bottom = font.getbbox(character)
        if right <= left or bottom <= top:
            raise StudioError("The glyph is empty.")
        canvas = Image.new("L", (size, size))
        at = ((size - right - left) / 2, (size - bottom - top) / 2)
        ImageDraw.Draw(canvas).text(at, character, fill=255, font=font)
        return np.asarray(canvas.reduce(SUPERSAMPLING))

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        # A FreeType face is not for two threads at once.
        fonts: dict[int, ImageFont.FreeTypeFont] = self._local.__dict__.setdefault("fonts", {})
        if size not in fonts:
            fonts[size] = ImageFont.truetype(str(self._font_path), size, layout_engine=ImageFont.Layout.BASIC)
        return fonts[size]


def icons() -> GlyphSource:
    """Every glyph of Material Design Icons."""
    return GlyphSource("Icons", MATERIAL)


def icons_labelled() -> GlyphSource:
    """Those glyphs of Material Design Icons that come both filled and as an outline, labelled as one or the other."""
    names = read_charmap(fonts_folder() / MATERIAL.charmap)
    pairs = [name for name in names if f"{name}{OUTLINE}" in names]
    classes = dict.fromkeys(pairs, "filled") | {f"{name}{OUTLINE}": "outline" for name in pairs}
    return GlyphSource("Icons, filled and outline", MATERIAL, classes)


def read_charmap(path: Path) -> dict[str, str]:
    """Character by glyph name."""
    codes: dict[str, str] = json.loads(path.read_text())
    return {name: chr(int(code, 16)) for name, code in codes.items()}


def _colours(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A saturated ink on a pastel ground, from the glyph's name."""
    digest = hashlib.sha256(name.encode()).digest()
    hue, ground_hue = digest[0] / 256, digest[1] / 256
    ink = colorsys.hls_to_rgb(hue, 0.36 + 0.14 * digest[2] / 256, 0.55)
    ground = colorsys.hls_to_rgb(ground_hue, 0.88, 0.72)
    return np.array(ink, np.float32) * 255, np.array(ground, np.float32) * 255
