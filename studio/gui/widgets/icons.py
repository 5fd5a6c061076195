"""Icons as glyphs of the Remix Icon font (Apache-2.0) that the qtawesome wheel carries.

The font is read from the wheel without importing qtawesome, which would take as long as all the rest of the window.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap, QPixmapCache

FAMILY = "remixicon"
# What the window shows, at scales 1 and 2. Not a QIconEngine: one written in Python does not survive its clone.
SIDES = (16, 18, 28, 32, 36, 56)


def icon(name: str, colour: str) -> QIcon:
    """An icon by Remix Icon's name, such as `ri.play-line`, in a colour.

    Raises:
        KeyError: there is no icon of that name.
    """
    if FAMILY not in QFontDatabase.families():
        QFontDatabase.addApplicationFont(str(_newest("remixicon-*.ttf")))
    made = QIcon()
    for side in SIDES:
        made.addPixmap(_glyph(_charmap()[name.removeprefix("ri.")], colour, side))
    return made


def _glyph(character: str, colour: str, side: int) -> QPixmap:
    """Painted once: a window has hundreds of buttons, and a change of theme paints them all anew."""
    key = f"ganvas {ord(character):x} {colour} {side}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = _painted(character, colour, side)
        QPixmapCache.insert(key, pixmap)
    return pixmap


def _painted(character: str, colour: str, side: int) -> QPixmap:
    font = QFont(FAMILY)
    font.setPixelSize(side)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(0, 0, side, side), int(_CENTRE), character)
    painter.end()
    return pixmap


@functools.cache
def _charmap() -> dict[str, str]:
    codes = json.loads(_newest("remixicon-charmap-*.json").read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in codes.items()}


def _newest(pattern: str) -> Path:
    spec = importlib.util.find_spec("qtawesome")
    assert spec is not None
    assert spec.origin is not None
    return max((Path(spec.origin).parent / "fonts").glob(pattern))


_CENTRE = Qt.AlignmentFlag.AlignCenter
