"""Several pictures of one layout, to choose the looks from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.edit.layout_presets import variant_seeds
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.layout_editor import LayoutEditor
from studio.gui.canvases.rows import column, row
from studio.gui.widgets.basics import Button, SectionLabel
from studio.gui.widgets.picture_grid import PictureGrid

COUNT = 6
CELL = 56
REST_MS = 250
REFRESH_MS = 2000


class VariantStrip(QWidget):
    """The layout with other looks: of what is selected, or of everything. A click takes the looks of one.

    Asked for when the layout has rested for a moment, and every two seconds while the run trains.

    Attributes:
        grid: the pictures.
        more: shows others.
    """

    def __init__(self, editor: LayoutEditor, host: CanvasHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._first = 1
        self._seeds = np.zeros((0, 0), np.int64)
        self._asked = self._seeds
        self._owed = False
        self._channel = host.channel("variants")
        self._channel.rendered.connect(self._take)
        self.grid = PictureGrid(columns=COUNT, cell=CELL, reserve=COUNT)
        self.grid.setAccessibleName("Other looks of this layout")
        self.grid.clicked.connect(self._choose)
        self.more = Button("More", self.show_more, look="small")
        self.more.setToolTip("Other looks again (M)")
        self._title = SectionLabel("Other looks")
        layout = column(spacing=4)
        layout.addLayout(row(self._title, 1, self.more))
        layout.addWidget(self.grid)
        self.setLayout(layout)
        self._rest = _single_shot(self, REST_MS)
        self._rest.timeout.connect(self._ask)
        self._stale = _single_shot(self, REFRESH_MS)
        editor.changed.connect(self._wait)
        editor.selection_changed.connect(self._wait)
        host.moved.connect(self._follow_weights)
        host.opened_anew.connect(self._wait)
        host.live_changed.connect(lambda _live: self._wait())
        self._wait()

    def show_more(self) -> None:
        """Other looks than these."""
        self._first += COUNT
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wait()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self._stale.stop()

    def _wait(self) -> None:
        objects, chosen = self._editor.document.objects, self._editor.selection
        named = objects[chosen[0]].label if len(chosen) == 1 else f"{len(chosen)} objects" if chosen else ""
        self._title.setText(f"Other looks of {named}" if named else "Other looks")
        self.more.setEnabled(bool(objects))
        if self.isVisible():
            self._rest.start()

    def _ask(self) -> None:
        """At most one request is on its way, so that an answer is known to belong to the seeds asked for."""
        document = self._editor.document
        if not document.objects:
            self._show(np.zeros((0, 0), np.int64), np.zeros((0, 1, 1, 3), np.uint8))
        elif self._channel.busy:
            self._owed = True
        else:
            self._owed = False
            places = self._editor.selection or range(len(document.objects))
            self._asked = variant_seeds(document, places, self._first, COUNT)
            self._stale.start()
            self._channel.request(document.request(self._editor.labels, self._asked))

    def _take(self, pictures: np.ndarray, _milliseconds: float, _step: int) -> None:
        if self._asked.shape == (len(pictures), len(self._editor.document.objects)):
            self._show(self._asked, pictures)
        if self._owed:
            self._rest.start()

    def _show(self, seeds: np.ndarray, pictures: np.ndarray) -> None:
        self._seeds = seeds
        self.grid.set_pictures(pictures, [f"Looks {self._first + index}" for index in range(len(pictures))])

    def _follow_weights(self, _step: int) -> None:
        if self.isVisible() and not self._stale.isActive() and not self._rest.isActive():
            self._ask()

    def _choose(self, index: int) -> None:
        document = self._editor.document
        if index < len(self._seeds) and self._seeds.shape[1] == len(document.objects):
            self._editor.edit(document.with_seeds([int(seed) for seed in self._seeds[index]]), "Take other looks")


def _single_shot(parent: QWidget, milliseconds: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
