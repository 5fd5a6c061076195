"""What curves are drawn in, and how they stay apart where there are many."""

from __future__ import annotations

from PySide6.QtGui import QColor

from studio.gui.theme import Theme

COLOURS = 5


def curve_colour(theme: Theme, index: int) -> QColor:
    """The colour of a plot's curve `index`: the accent, the warm colour, then quieter ones, and again."""
    colours = (theme.accent, theme.warm, theme.good, theme.ink, theme.dim)
    return QColor(colours[index % COLOURS])


def curve_is_dashed(index: int) -> bool:
    """Whether curve `index` is told from another of its colour by dashes."""
    return index // COLOURS % 2 == 1
