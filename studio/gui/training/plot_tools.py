"""How to look at the plots: smoothing, logarithm, what runs along the bottom, outliers; remembered between sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio.gui.training.curves import Axis
from studio.gui.widgets.basics import Button, DimLabel, IconButton
from studio.gui.widgets.slider import ValueSlider

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

WEIGHT = 0.9
MOST_WEIGHT = 0.999
SLIDER_WIDTHS = (110, 150)
AXES = {
    Axis.STEP: "Plot against steps",
    Axis.RELATIVE: "Plot against training time",
    Axis.WALL: "Plot against time of day",
}


class PlotTools(QWidget):
    """The row of tools above a plot.

    Attributes:
        slider: the smoothing.
        log_button: the logarithm.
        view_menu, export_menu: the rest.

    Signals:
        smoothed(weight): how strongly to smooth, 0 to just under 1.
        log_changed(on), axis_changed(axis), outliers_changed(ignore): what their names say.
        whole_wanted(): show the whole run again.
        csv_wanted(), png_wanted(): write a file.
    """

    smoothed = Signal(float)
    log_changed = Signal(bool)
    axis_changed = Signal(object)
    outliers_changed = Signal(bool)
    whole_wanted = Signal()
    csv_wanted = Signal()
    png_wanted = Signal()

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.slider = ValueSlider(0.0, MOST_WEIGHT, self._stored_weight(), default=WEIGHT, decimals=3)
        self.slider.setAccessibleName("Smoothing")
        self.slider.setToolTip("Exponential moving average, without the bias of its start")
        self.log_button = Button("log")
        self.log_button.setCheckable(True)
        self.log_button.setToolTip("Logarithmic values")
        self.log_button.setAccessibleName("Logarithmic values")
        self.view_menu = QMenu(self)
        self.export_menu = QMenu(self)
        self._axes: dict[Axis, QAction] = {}
        self._fill_menus()
        self._lay_out()
        self._restore()
        self._connect()

    @property
    def weight(self) -> float:
        """How strongly to smooth."""
        return self.slider.value()

    def announce(self) -> None:
        """Says by signals how things were left the last time."""
        self.log_changed.emit(self.log_button.isChecked())
        self.outliers_changed.emit(self._outliers.isChecked())
        self.axis_changed.emit(self._axis())

    def fit_into(self, width: int) -> None:
        """Says less where there is little room: the slider's name, and some of its way."""
        for narrow in (False, True):
            self._label.setVisible(not narrow)
            self.slider.setFixedWidth(SLIDER_WIDTHS[0 if narrow else 1])
            if self._row.totalSizeHint().width() <= width:
                return

    def set_following(self, following: bool) -> None:
        """Offers the way back to the whole run where a person has zoomed in."""
        self._whole.setEnabled(not following)

    def _axis(self) -> Axis:
        return next(axis for axis, action in self._axes.items() if action.isChecked())

    def _fill_menus(self) -> None:
        group = QActionGroup(self)
        for axis, words in AXES.items():
            action = self.view_menu.addAction(words)
            action.setCheckable(True)
            group.addAction(action)
            self._axes[axis] = action
        self.view_menu.addSeparator()
        self._outliers = self.view_menu.addAction("Ignore outliers")
        self._outliers.setCheckable(True)
        self._whole = self.view_menu.addAction("Show the whole run")
        self._whole.setEnabled(False)
        self._csv = self.export_menu.addAction("Metrics as CSV…")
        self._png = self.export_menu.addAction("Plot as PNG…")

    def _lay_out(self) -> None:
        view = IconButton("ri.equalizer-line", "Axis and range")
        export = IconButton("ri.download-2-line", "Export")
        for button, menu in ((view, self.view_menu), (export, self.export_menu)):
            button.setMenu(menu)
            button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self._label = DimLabel("Smoothing")
        self._label.setWordWrap(False)
        self._label.setBuddy(self.slider)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for widget in (self._label, self.slider, self.log_button, view, export):
            self._row.addWidget(widget)

    def _connect(self) -> None:
        self.slider.changed.connect(self.smoothed)
        self.slider.committed.connect(lambda weight: self._settings.setValue("plots/smoothing", weight))
        self.log_button.toggled.connect(self.log_changed)
        self._outliers.toggled.connect(self.outliers_changed)
        for axis, action in self._axes.items():
            action.triggered.connect(lambda _on, axis=axis: self.axis_changed.emit(axis))
            action.toggled.connect(lambda _on: self._store())
        for toggle in (self.log_button, self._outliers):
            toggle.toggled.connect(lambda _on: self._store())
        self._whole.triggered.connect(lambda _on: self.whole_wanted.emit())
        self._csv.triggered.connect(lambda _on: self.csv_wanted.emit())
        self._png.triggered.connect(lambda _on: self.png_wanted.emit())

    def _store(self) -> None:
        self._settings.setValue("plots/log", self.log_button.isChecked())
        self._settings.setValue("plots/outliers", self._outliers.isChecked())
        self._settings.setValue("plots/axis", self._axis().value)

    def _restore(self) -> None:
        stored = str(self._settings.value("plots/axis", Axis.STEP.value))
        self._axes[Axis(stored) if stored in list(Axis) else Axis.STEP].setChecked(True)
        self.log_button.setChecked(bool(self._settings.value("plots/log", False, bool)))
        self._outliers.setChecked(bool(self._settings.value("plots/outliers", True, bool)))

    def _stored_weight(self) -> float:
        try:
            weight = float(str(self._settings.value("plots/smoothing", WEIGHT)))
        except ValueError:
            return WEIGHT
        return weight if 0 <= weight <= MOST_WEIGHT else WEIGHT
