"""Icon glyphs as pictures, in colour: data that needs no download."""

from __future__ import annotations

import colorsys
import hashlib
import importlib.util
import json
import threading
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.api.data import DataKind
from studio.api.errors import StudioError

SUPERSAMPLING = 4
FILL = 0.86
RENDERING = 1


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
    """The glyphs of one icon font, each in an ink and on a ground of its own."""

    kind = DataKind.UNLABELLED
    labels: tuple[str, ...] = ()

    def __init__(self, name: str, font: str, charmap: str) -> None:
        self.name = name
        self._font_path = fonts_folder() / font
        self._charmap_path = fonts_folder() / charmap
        self._local = threading.local()

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(f"glyphs {RENDERING}".encode())
        digest.update(self._charmap_path.read_bytes())
        digest.update(str(self._font_path.stat().st_size).encode())
        return digest.hexdigest()

    @cached_property
    def _glyphs(self) -> list[tuple[str, str]]:
        charmap: dict[str, str] = json.loads(self._charmap_path.read_text())
        by_code = {int(code, 16): name for name, code in sorted(charmap.items(), reverse=True)}
        return sorted((name, chr(code)) for code, name in by_code.items())

    def __len__(self) -> int:
        return len(self._glyphs)

    def key(self, index: int) -> str:
        return self._glyphs[index][0]

    def label(self, index: int) -> int:
        return 0

    def picture(self, index: int, resolution: int) -> np.ndarray:
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
    """Material Design Icons 6.9.96 (Apache-2.0), about 7,000 glyphs."""
    return GlyphSource(
        "Icons", "materialdesignicons6-webfont-6.9.96.ttf", "materialdesignicons6-webfont-charmap-6.9.96.json"
    )


def _colours(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A saturated ink on a pastel ground, from the glyph's name."""
    digest = hashlib.sha256(name.encode()).digest()
    hue, ground_hue = digest[0] / 256, digest[1] / 256
    ink = colorsys.hls_to_rgb(hue, 0.36 + 0.14 * digest[2] / 256, 0.55)
    ground = colorsys.hls_to_rgb(ground_hue, 0.88, 0.72)
    return np.array(ink, np.float32) * 255, np.array(ground, np.float32) * 255
