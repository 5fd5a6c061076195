"""A small canvas on the run in training: to play with it while it learns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.widgets.basics import SectionLabel

if TYPE_CHECKING:
    from studio.engine.events import RunOpened
    from studio.gui.studio import Studio

CLIENT = "train"
SIDE = 256  # a whole multiple of the sizes that networks make


class LivePanel(QWidget):
    """Holds the canvas of one run; hidden while there is none, or where the model has no z.

    Attributes:
        canvas: the canvas; None while there is none.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.canvas: LatentCanvas | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(SectionLabel("Play while it trains"))
        self.hide()

    def show_run(self, opened: RunOpened) -> None:
        """Shows a canvas on this run, or goes on showing it."""
        if self.canvas is not None and Path(self.canvas.host.run) == Path(opened.run):
            return
        self.close_canvas()
        if opened.facts.latent_space is None:
            return
        host = CanvasHost(self._studio, opened.run, opened.facts, CLIENT, parent=self)
        self.canvas = LatentCanvas(host, compact=True)
        self.canvas.hero.setFixedSize(SIDE, SIDE)
        self._column.addWidget(self.canvas, 1)
        self.show()

    def choose_seed(self, seed: int) -> bool:
        """Goes to what a seed draws; False where there is no canvas."""
        if self.canvas is None:
            return False
        self.canvas.panel.point.choose_seed(seed)
        return True

    def close_canvas(self) -> None:
        """Lets go of the run."""
        if self.canvas is None:
            return
        self.hide()
        self.canvas.host.close()
        self._column.removeWidget(self.canvas)
        self.canvas.deleteLater()
        self.canvas.host.deleteLater()
        self.canvas = None
