"""What curves are drawn in."""

from __future__ import annotations

from PySide6.QtGui import QColor

from studio.gui.theme import Theme


def curve_colour(theme: Theme, index: int) -> QColor:
    """The colour of a plot's curve `index`: the accent, the warm colour, then quieter ones, and again."""
    colours = (theme.accent, theme.warm, theme.good, theme.ink, theme.dim)
    return QColor(colours[index % len(colours)])
