"""Dashed lines across a plot where something was changed, with a few words each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt

from studio.gui.theme import Theme, base_font
from studio.gui.training.curves import Axis, Curves

pg: Any = pyqtgraph  # it has no annotations

LABEL_PX = 11
TOP = 0.96
BEHIND_WORDS = "c8"
ROW = 0.09
ROWS = 3
NEAR_THE_END = 0.75


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step, in words."""

    step: int
    words: str


class Marks:
    """The marks of one plot."""

    def __init__(self, plot: Any, theme: Theme) -> None:
        self._plot = plot
        self._theme = theme
        self._marks: tuple[Mark, ...] = ()
        self._lines: list[Any] = []

    def show(self, marks: Sequence[Mark]) -> None:
        """Shows these marks in place of the others. Those of one step share a line."""
        by_step: dict[int, list[str]] = {}
        for mark in marks:
            by_step.setdefault(mark.step, []).append(mark.words)
        self._marks = tuple(Mark(step, "\n".join(words)) for step, words in sorted(by_step.items()))
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = [self._add(index, mark) for index, mark in enumerate(self._marks)]

    def place(self, axis: Axis, curves: Curves) -> None:
        """Puts the lines where their steps are on this axis."""
        longest = max(curves, key=len, default=None)
        for line, mark in zip(self._lines, self._marks, strict=True):
            if axis is Axis.STEP:
                line.setValue(mark.step)
            elif longest is not None and len(longest):
                line.setValue(float(np.interp(mark.step, longest.x(Axis.STEP), longest.x(axis))))
            self._turn(line)

    def _turn(self, line: Any) -> None:
        """Words stand to the right of their line, near the plot's right edge to its left."""
        left, right = self._plot.getViewBox().viewRange()[0]
        side = 1 if line.value() > left + NEAR_THE_END * (right - left) else 0
        line.label.anchors = [(side, 0), (side, 0)]
        line.label.updatePosition()

    def dress(self, theme: Theme) -> None:
        """Puts the lines into a theme."""
        self._theme = theme
        for line in self._lines:
            self._dress(line)

    def _dress(self, line: Any) -> None:
        line.setPen(pg.mkPen(self._theme.dim, width=1, style=Qt.PenStyle.DashLine))
        line.label.setColor(self._theme.dim)
        line.label.fill = pg.mkBrush(self._theme.pane + BEHIND_WORDS)

    def _add(self, index: int, mark: Mark) -> Any:
        words = mark.words.replace("{", "{{").replace("}", "}}")
        options = {"position": TOP - ROW * (index % ROWS), "anchors": [(0, 0), (0, 0)]}
        line = pg.InfiniteLine(mark.step, angle=90, label=words, labelOpts=options)
        line.label.setFont(base_font(LABEL_PX))
        line.setZValue(-1)
        self._dress(line)
        self._plot.addItem(line, ignoreBounds=True)
        return line
