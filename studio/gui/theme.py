"""The window's colours, type and measures: two themes, and the one function that puts an application into one.

Nothing here is global: a widget that paints asks `Theme.of(self)`, which reads the palette that it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QStyleFactory, QWidget

from studio.gui.stylesheet import stylesheet
from studio_resources import typefaces

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

FAMILY = "Inter"
TEXT_PX = 13
SMALL_PX = 12
CONTROL_PX = 28
CORNER_PX = 6
PICTURE_CORNER_PX = 3


@dataclass(frozen=True)
class Theme:
    """One set of colours, each as `#rrggbb`.

    Attributes:
        background: behind everything.
        pane: where work happens.
        raised: controls and cards on a pane.
        line: the few lines that separate.
        ink: text.
        dim: text that can wait.
        accent: the one colour that means "this, now".
        warm: a second curve, and warnings.
        good, bad: states, always with words.
        dark: whether ink is lighter than the background.
    """

    background: str
    pane: str
    raised: str
    line: str
    ink: str
    dim: str
    accent: str
    warm: str
    good: str
    bad: str
    dark: bool

    @staticmethod
    def of(source: QWidget | QPalette) -> Theme:
        """The theme that a widget or a palette is in."""
        palette = source.palette() if isinstance(source, QWidget) else source
        # A stylesheet's `background: transparent` turns a widget's Window, Base and Button black, but not this role.
        return DARK if palette.color(QPalette.ColorRole.ToolTipBase).lightness() < 128 else LIGHT

    def level(self, level: str) -> str:
        """The colour of a level: `info`, `good`, `warn` or `bad`."""
        return {"good": self.good, "warn": self.warm, "bad": self.bad}.get(level, self.accent)

    @property
    def on_accent(self) -> str:
        """Text on the accent colour."""
        return self.background if self.dark else "#ffffff"


DARK = Theme(
    background="#15171b",
    pane="#1b1e23",
    raised="#23272e",
    line="#2d323a",
    ink="#e8eaed",
    dim="#9aa3af",
    accent="#7c9cff",
    warm="#f2a65a",
    good="#5fc98f",
    bad="#ef6f6c",
    dark=True,
)

LIGHT = Theme(
    background="#f3f4f6",
    pane="#ffffff",
    raised="#f0f1f4",
    line="#dfe2e7",
    ink="#1b1e23",
    dim="#626b78",
    accent="#3d63dd",
    warm="#b9691a",
    good="#1f8a54",
    bad="#c23a37",
    dark=False,
)


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def base_font(px: int = TEXT_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The window's typeface at a size in pixels, with figures of equal width."""
    font = QFont([FAMILY, "Segoe UI Variable", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"])
    font.setPixelSize(px)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Puts the application into a theme: Fusion, our palette, our type and one stylesheet."""
    _load_typeface()
    if not app.styleSheet():  # once: Qt deletes the style before, and has crashed on widgets that still held it
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    app.setFont(base_font())
    app.setStyleSheet(stylesheet(theme))


def _load_typeface() -> None:
    if FAMILY not in QFontDatabase.families():
        for path in typefaces():
            QFontDatabase.addApplicationFont(str(path))


def palette(theme: Theme) -> QPalette:
    """The palette of a theme."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.pane,
        role.WindowText: theme.ink,
        role.Base: theme.raised,
        role.AlternateBase: theme.pane,
        role.Text: theme.ink,
        role.Button: theme.raised,
        role.ButtonText: theme.ink,
        role.BrightText: theme.bad,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.ink,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.background,
    }
    made = QPalette()
    for name, colour in colours.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.dim))
    return made


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
