"""Layouts to start from: compositions of the model's labels, and layouts of the data that the run learned from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.api.data import DataKind, LayoutSource
from studio.data.examples import with_boxes
from studio.edit.layout_presets import Preset, compositions, from_data, request_of
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.rows import column
from studio.gui.widgets.basics import SectionLabel
from studio.gui.widgets.picture_grid import PictureGrid

if TYPE_CHECKING:
    from studio.api.data import DatasetSpec

COLUMNS = 6
CELL = 56
HEAD_PX = 22  # as high as a small button
FROM_DATA = 6
SHOWN_PX = 128
REFRESH_MS = 10_000


class LayoutStarts(QWidget):
    """Pictures of layouts, drawn by the model itself; a click begins with one, as one undo step.

    They are drawn when they are first seen, and every ten seconds while the run trains.

    Attributes:
        presets: what can be chosen, in the order of the grid.
        grid: the pictures.
    """

    def __init__(self, editor: LayoutEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._host = host
        self._looked = False
        self.presets: tuple[Preset, ...] = compositions(editor.labels)
        self._channel = host.channel("starts")
        self._channel.rendered.connect(self._take)
        self.grid = PictureGrid(columns=COLUMNS, cell=CELL, reserve=COLUMNS + FROM_DATA)
        self.grid.setAccessibleName("Layouts to start from")
        self.grid.clicked.connect(self._choose)
        title = SectionLabel("Start from")
        title.setFixedHeight(HEAD_PX)
        layout = column(spacing=4)
        layout.addWidget(title)
        layout.addWidget(self.grid)
        self.setLayout(layout)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(REFRESH_MS)
        host.live_changed.connect(lambda _live: self._ask())
        host.moved.connect(self._follow_weights)
        host.opened_anew.connect(self._ask)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
        if not self._looked and self.presets:
            self._looked = True
            run, labels, offered = self._host.run, self._editor.labels, tuple(self._host.studio.host.datasets())
            self._host.studio.jobs.run(
                self, lambda: _from_run(Path(run), labels, offered), self._add, lambda _error: self._add(())
            )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stale.stop()

    def _add(self, found: tuple[Preset, ...]) -> None:
        self.grid.keep_room(len(self.presets) + len(found))
        if found:
            self.presets = (*self.presets, *found)
            self._ask()

    def _ask(self) -> None:
        if self.presets and self.isVisible():
            self._stale.start()
            self._channel.request(request_of([preset.document for preset in self.presets], self._editor.labels))

    def _follow_weights(self, _step: int) -> None:
        if not self._stale.isActive():
            self._ask()

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if len(pictures) <= len(self.presets):
            shown = self.presets[: len(pictures)]
            drawn = [self._outlined(one, picture) for one, picture in zip(shown, pictures, strict=True)]
            self.grid.set_pictures(np.stack(drawn), [preset.name for preset in shown])

    def _outlined(self, preset: Preset, picture: np.ndarray) -> np.ndarray:
        """The picture with its boxes, so that a layout is seen before the model has learned to draw it."""
        larger = -(-SHOWN_PX // len(picture))
        labels = self._editor.labels
        return with_boxes(picture.repeat(larger, 0).repeat(larger, 1), preset.document.placed(labels), labels)

    def _choose(self, index: int) -> None:
        preset = self.presets[index]
        self._editor.edit(preset.document, f"Start from {preset.name}")
        self._editor.select(())


def _from_run(run: Path, labels: Sequence[str], offered: Sequence[DatasetSpec]) -> tuple[Preset, ...]:
    """Layouts of the data that a run learned from. Runs off the GUI thread.

    Raises:
        StudioError: the run or its data is not there any more.
    """
    from studio.data.sources import BUILT_IN, open_source
    from studio.engine.runs import Run

    source = open_source(Run.load(run).record.data, (*BUILT_IN, *offered), wanted=DataKind.LAYOUT)
    return from_data(source, labels, FROM_DATA) if isinstance(source, LayoutSource) else ()
