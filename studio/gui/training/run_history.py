"""What a run on disk has logged, ready to be plotted; read off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.api.model import OWN_COLUMNS
from studio.engine.runs import Run
from studio.gui.training.curves import Axis, Curves
from studio.gui.training.figures import change_words
from studio.gui.training.marks import Mark


@dataclass(frozen=True)
class RunHistory:
    """A run, its curves so far, what was changed on the way, and for how many seconds it has trained."""

    run: Run
    curves: Curves
    marks: tuple[Mark, ...]
    seconds: float


def read_history(folder: Path) -> RunHistory:
    """Reads a run.

    Raises:
        StudioError: there is no run in `folder`, or its record is damaged.
    """
    run = Run.load(folder)
    marks = tuple(Mark(change.step, change_words(change.name, change.old, change.new)) for change in run.record.changes)
    curves = _curves(run)
    seconds = max((float(curve.x(Axis.RELATIVE)[-1]) for curve in curves), default=0.0)
    return RunHistory(run, curves, marks, seconds)


def _curves(run: Run) -> Curves:
    rows = list(run.metrics())
    curves = Curves()
    if not rows:
        return curves
    columns: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for name, value in row.items():
            if name not in OWN_COLUMNS and isinstance(value, int | float):
                columns.setdefault(name, []).append(index)
    step = np.array([row["step"] for row in rows], dtype=np.float64)
    elapsed = np.array([row.get("elapsed", 0.0) for row in rows], dtype=np.float64)
    wall = np.array([row.get("time", 0.0) for row in rows], dtype=np.float64)
    for name, there in columns.items():
        values = np.array([rows[index][name] for index in there], dtype=np.float64)
        curves.extend(name, step[there], elapsed[there], wall[there], values)
    return curves
