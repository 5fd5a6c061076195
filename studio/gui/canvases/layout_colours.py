"""A colour for each label, the same on boxes and in lists; the label always stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor

from studio.gui.theme import Theme

SATURATION = 0.7


def label_colour(label: str, labels: Sequence[str], theme: Theme) -> QColor:
    """Hues around the circle, in the order of the labels; grey for a label that is not among them."""
    if label not in labels:
        return QColor(theme.dim)
    return QColor.fromHslF(labels.index(label) / len(labels), SATURATION, 0.66 if theme.dark else 0.42)
