"""Icon glyphs as outlines and filled, as pairs or as two domains: every glyph in an ink of its own, on white."""

from __future__ import annotations

from collections.abc import Iterable

from studio.api.data import DataKind
from studio.data.glyphs import OUTLINE, Glyph, GlyphSource, twins
from studio.data.icon_fonts import MATERIAL
from studio.data.tints import tint
from studio.data.two_sides import TwoSides

WHITE = (255.0, 255.0, 255.0)
DOMAINS = ("outline", "filled")


def icons_paired() -> TwoSides:
    """Outlines, and the same glyphs filled in the same ink."""
    names = twins()
    return TwoSides("Icons, outline and filled, in pairs", DataKind.PAIRED, DOMAINS, (_outlines(names), _fills(names)))


def icons_unpaired() -> TwoSides:
    """Outlines of every other glyph, and the others filled: no glyph is in both."""
    names = twins()
    sides = (_outlines(names[::2]), _fills(names[1::2]))
    return TwoSides("Icons, outlines and others filled", DataKind.UNPAIRED, DOMAINS, sides)


def _outlines(names: Iterable[str]) -> GlyphSource:
    return GlyphSource("Outlines", MATERIAL, [Glyph(f"{name}{OUTLINE}", tint(name)[0], WHITE) for name in names])


def _fills(names: Iterable[str]) -> GlyphSource:
    return GlyphSource("Filled", MATERIAL, [Glyph(name, tint(name)[0], WHITE) for name in names])
