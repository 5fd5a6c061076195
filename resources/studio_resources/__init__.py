"""Typefaces and icons shipped with the studio."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def typefaces() -> list[Path]:
    """The font files. Inter 4.1 (OFL-1.1, see Inter-LICENSE.txt), cut to Latin, Greek, Cyrillic and signs."""
    return sorted((FOLDER / "fonts").glob("*.ttf"))


def icon(name: str) -> Path:
    """The file of an icon that the stylesheet needs."""
    return FOLDER / "icons" / f"{name}.svg"
