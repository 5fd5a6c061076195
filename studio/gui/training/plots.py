"""The plots of a run: a tab for each group of metrics, one plot, its legend, and how to look at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.api.errors import StudioError
from studio.gui.theme import Theme
from studio.gui.training.curves import Curves
from studio.gui.training.export import export_csv, export_png
from studio.gui.training.legend import Legend
from studio.gui.training.marks import Mark
from studio.gui.training.plot_tools import PlotTools
from studio.gui.training.plot_view import PlotView
from studio.gui.training.readout import Readout
from studio.gui.widgets.basics import DimLabel, Tabs

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from studio.engine.events import StepLogged

SPACING = 12
WAITING = "Curves appear here with the first points."


class PlotPanel(QWidget):
    """Everything that a run has logged, as plots.

    Attributes:
        view: the plot.
        legend: its legend.
        tools: how to look at it: smoothing, logarithm, axis, outliers, export.

    Signals:
        failed(error): a `StudioError` for people: a file could not be written.
        saved(path): a file was written.
    """

    failed = Signal(object)
    saved = Signal(str)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools = PlotTools(settings)
        self.view = PlotView()
        self.legend = Legend()
        self._tabs = Tabs()
        self._readout = Readout(self.view)
        self._curves = Curves(self.tools.weight)
        self._marks: list[Mark] = []
        self._hidden: set[str] = set()
        self._waiting = DimLabel(WAITING)
        self._lay_out()
        self._connect()

    @property
    def curves(self) -> Curves:
        """What is plotted."""
        return self._curves

    def groups(self) -> list[str]:
        """The titles of the tabs."""
        return [self._tabs.tabText(index) for index in range(self._tabs.count())]

    def show_group(self, title: str) -> None:
        """Goes to a tab."""
        self._tabs.setCurrentIndex(self.groups().index(title))

    def set_run(self, curves: Curves, marks: Sequence[Mark] = ()) -> None:
        """Shows another run, with what it has logged so far."""
        if curves.weight != self.tools.weight:
            curves.smooth(self.tools.weight)
        self._curves = curves
        self._marks = list(marks)
        self._hidden.clear()
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        self._tabs.blockSignals(False)
        self._sync_tabs()
        self._show_current()

    def append(self, events: Sequence[StepLogged]) -> None:
        """Adds points, drawn soon."""
        now = time.time()
        known = len(self._curves)
        for event in events:
            self._curves.append(event.step, event.elapsed, now, event.metrics)
        if len(self._curves) != known:
            self._sync_tabs()
            self._show_current()
        self.view.touch()

    def mark(self, mark: Mark) -> None:
        """Adds a mark at a step, once."""
        if mark not in self._marks:
            self._marks.append(mark)
            self.view.set_marks(self._marks)

    def save_csv(self, path: Path) -> None:
        """Writes every metric of the run."""
        export_csv(self._curves, path)

    def save_png(self, path: Path) -> None:
        """Writes the plot with its legend, as it stands."""
        export_png(self._picture, path, Theme.of(self).pane)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self._tabs, 1)
        top.addWidget(self.tools)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture = QWidget()
        below = QVBoxLayout(self._picture)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.view, 1)
        below.addWidget(self.legend)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self._picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(self._stack, 1)

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(lambda _index: self._show_current())
        self.legend.hidden_changed.connect(self._hide)
        self.legend.pointed.connect(self.view.emphasise)
        self.view.drawn.connect(self._show_values)
        self.view.followed.connect(self.tools.set_following)
        self.tools.smoothed.connect(self._smooth)
        self.tools.log_changed.connect(self.view.set_log)
        self.tools.axis_changed.connect(self.view.set_axis)
        self.tools.outliers_changed.connect(self.view.set_ignore_outliers)
        self.tools.whole_wanted.connect(self.view.follow)
        self.tools.csv_wanted.connect(self.ask_and_save_csv)
        self.tools.png_wanted.connect(self.ask_and_save_png)
        self.tools.announce()

    def ask_and_save_csv(self) -> None:
        """Asks where, and writes the metrics."""
        path, _ = QFileDialog.getSaveFileName(self, "Export metrics", "metrics.csv", "CSV (*.csv)")
        if path:
            self._save(Path(path).with_suffix(".csv"), self.save_csv)

    def ask_and_save_png(self) -> None:
        """Asks where, and writes the plot."""
        name = f"{self._tabs.tabText(self._tabs.currentIndex()).lower() or 'plot'}.png"
        path, _ = QFileDialog.getSaveFileName(self, "Export plot", name, "PNG (*.png)")
        if path:
            self._save(Path(path).with_suffix(".png"), self.save_png)

    def _save(self, path: Path, write: Callable[[Path], None]) -> None:
        try:
            write(path)
        except StudioError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(str(path))

    def _sync_tabs(self) -> None:
        """Adds tabs for groups that are new, and leaves the person where they are."""
        known = self.groups()
        for title in self._curves.groups():
            if title not in known:
                self._tabs.add(title)
        self._make_room()
        self._stack.setCurrentWidget(self._picture if len(self._curves) else self._waiting)

    def _show_current(self) -> None:
        title = self._tabs.tabText(self._tabs.currentIndex())
        names = self._curves.groups().get(title, [])
        self.legend.show_curves(names, self._hidden)
        self.view.show_curves(self._curves, names, self._hidden)
        self.view.set_marks(self._marks)

    def _hide(self, hidden: frozenset[str]) -> None:
        self._hidden = (self._hidden - set(self.legend.names())) | hidden
        self.view.set_hidden(self._hidden)

    def _smooth(self, weight: float) -> None:
        self._curves.smooth(weight)
        self.view.redraw(now=True)

    def _show_values(self) -> None:
        """The newest value of each curve, smoothed as the curve is."""
        for name in self.legend.names():
            curve = self._curves[name]
            self.legend.item(name).set_value(float(curve.smoothed[-1]) if len(curve) else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Tabs come first; the tools take what is left."""
        self.tools.fit_into(self.width() - self._tabs.sizeHint().width() - SPACING)
