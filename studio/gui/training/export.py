"""Curves as files: a table that any spreadsheet reads, and a picture of the plot as it stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage

from studio.api.errors import StudioError
from studio.engine.atomic import write_atomically
from studio.gui.training.curves import Axis, Curves

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PICTURE_SCALE = 2


def curves_to_csv(curves: Curves) -> str:
    """Every metric, unsmoothed, a row a step: `step`, `seconds` of training, `time` since the epoch, then the metrics.

    A cell is empty where a metric was not logged at that step.
    """
    steps = np.unique(np.concatenate([curve.x(Axis.STEP) for curve in curves])) if len(curves) else np.empty(0)
    table = np.full((len(steps), 2 + len(curves)), np.nan)
    present = np.zeros(table.shape, dtype=bool)
    for column, curve in enumerate(curves, start=2):
        rows = np.searchsorted(steps, curve.x(Axis.STEP))
        table[rows, 0], table[rows, 1] = curve.x(Axis.RELATIVE), curve.x(Axis.WALL)
        table[rows, column] = curve.raw
        present[rows, column] = present[rows, 0] = present[rows, 1] = True
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", "seconds", "time", *(curve.name for curve in curves)])
    for step, row, there in zip(steps, table.tolist(), present.tolist(), strict=True):
        writer.writerow([int(step), *(repr(cell) if known else "" for cell, known in zip(row, there, strict=True))])
    return text.getvalue()


def export_csv(curves: Curves, path: Path) -> None:
    """Writes every metric of a run as CSV.

    Raises:
        StudioError: it cannot be written there.
    """
    if not path.parent.is_dir():
        raise StudioError(f"{path.name} could not be written.", f"There is no folder {path.parent}.")
    write_atomically(path, [curves_to_csv(curves).encode()])


def export_png(plot: QWidget, path: Path, background: str) -> None:
    """Writes a plot with its legend as a PNG, twice as fine as on screen.

    Raises:
        StudioError: it cannot be written there.
    """
    image = QImage(plot.size() * PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_SCALE)
    image.fill(QColor(background))
    plot.render(image)
    if not image.save(str(path)):
        raise StudioError(f"{path.name} could not be written.", f"Check that {path.parent} is there and has room.")
