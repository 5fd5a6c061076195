"""The middle of the Train page: plots, how the run ended, and a small live canvas; or what will be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.gui.training.live_panel import LivePanel
from studio.gui.training.plots import PlotPanel
from studio.gui.widgets.empty import EmptyState

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from studio.gui.studio import Studio
    from studio.gui.widgets.notice import Notice

MARGIN = 16
HALVES = "train/halves"
HEIGHTS = (420, 320)
HANDLE = 12
NOTHING = ("Nothing has been trained yet", "Choose a model and pictures on the left, then start.")
PREPARING = ("Preparing", "Curves appear here with the first points.")


class RunPane(QStackedWidget):
    """Everything about one run but its samples.

    Attributes:
        plots: the curves.
        live: the small canvas.
        notice: how the run ended; None while there is nothing to say.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = PlotPanel(studio.settings)
        self.live = LivePanel(studio)
        self.notice: Notice | None = None
        self._empty = EmptyState(*NOTHING)
        self._preparing = EmptyState(*PREPARING)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._upper = QVBoxLayout()
        self._content = self._make_content(studio.settings)
        self.addWidget(self._empty)
        self.addWidget(self._preparing)
        self.addWidget(self._content)

    def show_run(self) -> None:
        """Shows the plots in place of the empty page."""
        self.setCurrentWidget(self._content)

    def set_preparing(self, preparing: bool) -> None:
        """Says that a run is on its way, where there is none to show yet."""
        if self.currentWidget() is not self._content:
            self.setCurrentWidget(self._preparing if preparing else self._empty)

    @property
    def is_empty(self) -> bool:
        """Whether there is no run to show yet."""
        return self.currentWidget() is not self._content

    def set_notice(self, notice: Notice | None) -> None:
        """Says something below the plots, in place of what was said before."""
        if self.notice is not None:
            self._upper.removeWidget(self.notice)
            self.notice.hide()
            self.notice.deleteLater()
        self.notice = notice
        if notice is not None:
            notice.closed.connect(lambda: self.set_notice(None))
            self._upper.addWidget(notice)

    def _make_content(self, settings: QSettings) -> QWidget:
        upper = QWidget()
        self._upper = QVBoxLayout(upper)
        self._upper.setContentsMargins(0, 0, 0, 0)
        self._upper.setSpacing(12)
        self._upper.addWidget(self.plots, 1)
        self._halves.addWidget(upper)
        self._halves.addWidget(self.live)
        self._halves.setChildrenCollapsible(False)
        self._halves.setStretchFactor(0, 1)
        self._halves.setStretchFactor(1, 0)
        self._halves.setSizes(HEIGHTS)
        self._halves.setStyleSheet(f"QSplitter::handle:vertical {{ background: transparent; height: {HANDLE}px; }}")
        stored = settings.value(HALVES)
        if isinstance(stored, QByteArray):
            self._halves.restoreState(stored)
        self._halves.splitterMoved.connect(lambda *_: settings.setValue(HALVES, self._halves.saveState()))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self._halves)
        return content
