"""The plots as widgets: tabs, legend, tools, marks, readout, files, and what painting costs."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.api import StudioError
from studio.engine.events import StepLogged
from studio.gui.theme import DARK, LIGHT, Theme, apply_theme
from studio.gui.training.curves import Axis, Curves
from studio.gui.training.marks import Mark
from studio.gui.training.plots import PlotPanel


def logged(step: int, **metrics: float) -> StepLogged:
    names = {name.replace("_", "/", 1): value for name, value in metrics.items()}
    return StepLogged("run", step, step * 64, step / 10, names, 30.0, None)


def filled(steps: int = 200) -> Curves:
    curves = Curves(0.9)
    x = np.arange(steps, dtype=np.float64) * 10
    for name, level in (("loss/D", 0.6), ("loss/G", 1.5), ("D/real", 0.8)):
        curves.extend(name, x, x / 10, x + 1.7e9, level + 0.1 * np.sin(x / 50))
    return curves


@pytest.fixture
def panel(qtbot: QtBot, settings: QSettings) -> Iterator[PlotPanel]:
    panel = PlotPanel(settings)
    qtbot.addWidget(panel)
    panel.resize(700, 360)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.hide()


def drawn(panel: PlotPanel, name: str) -> tuple[np.ndarray, np.ndarray]:
    """What is on screen of a metric's smoothed curve."""
    x, y = panel.view._shown[name][1].getOriginalDataset()
    return x, y


def pixels(image: QImage) -> set[str]:
    """Every colour in it."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    values = np.unique(np.frombuffer(rgb.constBits(), np.uint32) & 0xFFFFFF)
    return {f"#{value:06x}" for value in values.tolist()}


def colours_of(widget: QWidget) -> set[str]:
    return pixels(widget.grab().toImage())


def test_there_are_no_blank_axes_before_the_first_point(panel: PlotPanel, qtbot: QtBot) -> None:
    assert not panel.view.isVisible()
    panel.append([logged(1, loss_D=1.0)])
    assert panel.view.isVisible()
    qtbot.waitUntil(lambda: not panel.view._redraw.isActive())


def test_the_command_palette_finds_our_actions_alone(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.append([logged(1, loss_D=1.0)])
    qtbot.waitUntil(lambda: not [one for one in panel.findChildren(QAction) if one.text() == "Export..."])


def test_a_tab_for_each_group_and_new_groups_leave_a_person_where_they_are(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.append([logged(1, loss_D=1.0, loss_G=2.0)])
    assert panel.groups() == ["Losses"]
    panel.append([logged(2, loss_D=1.0, D_real=0.5)])
    assert panel.groups() == ["Losses", "D scores"]
    assert panel.legend.names() == ["loss/D", "loss/G"]
    panel.show_group("D scores")
    assert panel.legend.names() == ["D/real"]
    panel.append([logged(3, penalty_r1=0.5)])
    assert panel.legend.names() == ["D/real"]
    qtbot.waitUntil(lambda: not panel.view._redraw.isActive())


def test_a_new_run_takes_the_place_of_the_old_one(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled(), [Mark(500, "lr 1 → 2")])
    panel.legend.item("loss/D").setChecked(False)
    panel.set_run(Curves(0.9))
    assert panel.groups() == []
    assert panel.legend.names() == []
    assert panel.view.marks._lines == []
    assert not panel.view.isVisible()
    panel.append([logged(1, loss_D=1.0)])
    assert [curve.name for curve in panel.view.visible_curves()] == ["loss/D"]
    qtbot.waitUntil(lambda: not panel.view._redraw.isActive())


def test_many_events_in_a_tick_are_one_redraw(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled())
    redraws: list[bool] = []
    panel.view.drawn.connect(lambda: redraws.append(True))
    for first in range(2000, 2100, 10):
        panel.append([logged(first + step, loss_D=0.5) for step in range(10)])
    qtbot.waitUntil(lambda: bool(redraws))
    assert len(redraws) == 1
    assert drawn(panel, "loss/D")[0][-1] == 2099


def test_nothing_is_drawn_while_nobody_looks(panel: PlotPanel) -> None:
    panel.set_run(filled())
    panel.hide()
    panel.append([logged(5000, loss_D=0.5)])
    assert not panel.view._redraw.isActive()
    panel.show()
    assert drawn(panel, "loss/D")[0][-1] == 5000


def test_smoothing_changes_the_strong_line_and_leaves_the_raw_one(panel: PlotPanel) -> None:
    panel.set_run(filled())
    panel.tools.slider._move(0.5)
    np.testing.assert_allclose(drawn(panel, "loss/D")[1], panel.curves["loss/D"].smoothed)
    raw, _ = panel.view._shown["loss/D"]
    np.testing.assert_allclose(raw.getOriginalDataset()[1], panel.curves["loss/D"].raw)
    panel.tools.slider._move(0.0)
    assert not raw.isVisible()


def test_the_legend_shows_newest_values_and_hides_by_click_and_by_key(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled())
    item = panel.legend.item("loss/D")
    assert item.accessibleName().startswith("D 0.")
    assert item.accessibleName().endswith("shown")
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert [curve.name for curve in panel.view.visible_curves()] == ["loss/G"]
    assert item.accessibleName().endswith("hidden")
    item.setFocus()
    qtbot.keyClick(item, Qt.Key.Key_Space)
    assert len(panel.view.visible_curves()) == 2


def test_alt_click_shows_a_curve_alone_and_then_all(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled())
    item = panel.legend.item("loss/G")
    for expected in (["loss/G"], ["loss/D", "loss/G"]):
        qtbot.mouseClick(item, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier)
        assert [curve.name for curve in panel.view.visible_curves()] == expected


def test_a_hidden_curve_stays_hidden_when_its_tab_comes_back(panel: PlotPanel) -> None:
    panel.set_run(filled())
    panel.legend.item("loss/D").setChecked(False)
    panel.show_group("D scores")
    panel.show_group("Losses")
    assert not panel.legend.item("loss/D").isChecked()
    assert [curve.name for curve in panel.view.visible_curves()] == ["loss/G"]


def test_a_logarithmic_axis_leaves_out_what_has_no_logarithm(panel: PlotPanel) -> None:
    curves = Curves(0.0)
    x = np.arange(4.0)
    curves.extend("loss/G", x, x, x, np.array([10.0, 0.0, -5.0, 1000.0]))
    panel.set_run(curves)
    panel.tools.log_button.setChecked(True)
    low, high = panel.view._view.viewRange()[1]
    assert 0 < low < 1.01
    assert 2.99 < high < 4


@pytest.mark.parametrize(("axis", "last"), [(Axis.STEP, 1990), (Axis.RELATIVE, 199), (Axis.WALL, 1990 + 1.7e9)])
def test_the_bottom_axis_can_be_steps_training_time_or_time_of_day(panel: PlotPanel, axis: Axis, last: float) -> None:
    panel.set_run(filled(), [Mark(1000, "lr 2e-4 → 1e-4")])
    panel.tools._axes[axis].trigger()
    assert panel.view.axis is axis
    assert drawn(panel, "loss/D")[0][-1] == last
    assert panel.view._view.viewRange()[0][1] == pytest.approx(last)
    line = panel.view.marks._lines[0]
    assert line.value() == pytest.approx(panel.curves["loss/D"].x(axis)[100])


def test_marks_of_one_step_share_a_line_and_are_not_doubled(panel: PlotPanel) -> None:
    panel.set_run(filled())
    for words in ("lr 2e-4 → 1e-4", "r1 10 → 5", "lr 2e-4 → 1e-4"):
        panel.mark(Mark(500, words))
    panel.mark(Mark(900, "{odd} 1 → 2"))
    lines = panel.view.marks._lines
    assert [line.value() for line in lines] == [500, 900]
    assert lines[0].label.toPlainText() == "lr 2e-4 → 1e-4\nr1 10 → 5"
    assert lines[1].label.toPlainText() == "{odd} 1 → 2"


def test_the_readout_names_the_nearest_step_and_every_shown_curve(panel: PlotPanel) -> None:
    panel.set_run(filled())
    panel.view.pointed.emit(996.0)
    text = panel._readout.text()
    assert "step 1,000" in text
    assert ">D<" in text
    assert ">G<" in text
    panel.legend.item("loss/G").setChecked(False)
    assert ">G<" not in panel._readout.text()
    panel.view.pointed.emit(math.nan)
    assert panel._readout.text() == ""


def test_the_pointer_is_translated_to_a_place_on_the_axis(panel: PlotPanel) -> None:
    panel.set_run(filled())
    middle = QPoint(panel.view.x_of(1000.0), panel.view.height() // 2)
    assert panel.view.place_at(middle) == pytest.approx(1000, abs=5)
    assert math.isnan(panel.view.place_at(QPoint(2, 2)))


def test_keys_point_zoom_and_show_all(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled())
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert "step 1,01" in panel._readout.text()
    qtbot.keyClick(panel.view, Qt.Key.Key_Escape)
    assert panel._readout.text() == ""
    qtbot.keyClick(panel.view, Qt.Key.Key_Plus)
    low, high = panel.view._view.viewRange()[0]
    assert high - low == pytest.approx(0.8 * 1990)
    assert not panel.view.following
    qtbot.keyClick(panel.view, Qt.Key.Key_Home)
    assert panel.view.following
    qtbot.waitUntil(lambda: not panel.view._redraw.isActive())


def test_zooming_stops_following_and_the_way_back_is_offered(panel: PlotPanel, qtbot: QtBot) -> None:
    panel.set_run(filled())
    panel.view._view.scaleBy(x=0.2)
    panel.view._view.sigRangeChangedManually.emit([True, False])
    assert not panel.view.following
    assert panel.tools._whole.isEnabled()
    before = panel.view._view.viewRange()[0]
    panel.append([logged(9000, loss_D=1.0)])
    panel.view.redraw(now=True)
    assert panel.view._view.viewRange()[0] == before
    qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert panel.view.following
    assert panel.view._view.viewRange()[0][1] == 9000


def test_how_one_looked_at_the_plots_is_remembered(panel: PlotPanel, settings: QSettings, qtbot: QtBot) -> None:
    panel.tools.log_button.setChecked(True)
    panel.tools._outliers.setChecked(False)
    panel.tools._axes[Axis.RELATIVE].trigger()
    panel.tools.slider._move(0.6)
    panel.tools.slider._commit()
    again = PlotPanel(settings)
    qtbot.addWidget(again)
    assert again.tools.log_button.isChecked()
    assert not again.tools._outliers.isChecked()
    assert again.view.axis is Axis.RELATIVE
    assert again.tools.weight == again.curves.weight == 0.6


@pytest.mark.parametrize("stored", ["much", "7", "nan"])
def test_a_damaged_setting_falls_back(settings: QSettings, qtbot: QtBot, stored: str) -> None:
    settings.setValue("plots/smoothing", stored)
    settings.setValue("plots/axis", "sideways")
    panel = PlotPanel(settings)
    qtbot.addWidget(panel)
    assert panel.tools.weight == 0.9
    assert panel.view.axis is Axis.STEP


def test_files_are_written(panel: PlotPanel, tmp_path: Path) -> None:
    panel.set_run(filled())
    panel.save_csv(tmp_path / "metrics.csv")
    with (tmp_path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 200
    assert float(rows[100]["loss/D"]) == panel.curves["loss/D"].raw[100]
    panel.save_png(tmp_path / "plot.png")
    image = QImage(str(tmp_path / "plot.png"))
    assert image.width() == 2 * panel._picture.width()
    assert {DARK.pane, DARK.dim} < pixels(image)


def test_a_file_that_cannot_be_written_is_said(panel: PlotPanel, tmp_path: Path) -> None:
    panel.set_run(filled())
    with pytest.raises(StudioError):
        panel.save_csv(tmp_path / "nowhere" / "metrics.csv")
    with pytest.raises(StudioError, match=r"plot\.png could not be written"):
        panel.save_png(tmp_path / "nowhere" / "plot.png")


def test_colours_follow_the_theme(panel: PlotPanel, qapp: QApplication) -> None:
    panel.set_run(filled())
    panel.mark(Mark(500, "lr 1 → 2"))
    assert panel.view.colour("loss/D").name() == DARK.accent
    apply_theme(qapp, LIGHT)
    try:
        assert Theme.of(panel) is LIGHT
        assert panel.view.colour("loss/G").name() == LIGHT.warm
        _, smoothed = panel.view._shown["loss/G"]
        assert smoothed.opts["pen"].color().name() == LIGHT.warm
        assert panel.view.marks._lines[0].pen.color().name() == LIGHT.dim
        assert LIGHT.warm in colours_of(panel.legend.item("loss/G"))
        assert DARK.warm not in colours_of(panel.legend.item("loss/G"))
    finally:
        apply_theme(qapp, DARK)


def test_numbers_that_are_none_do_not_stop_the_plot(panel: PlotPanel) -> None:
    curves = Curves(0.9)
    x = np.arange(5.0)
    curves.extend("loss/G", x, x, x, np.array([1.0, math.nan, 2.0, math.inf, 1.0]))
    panel.set_run(curves)
    panel.view.viewport().repaint()
    low, high = panel.view._view.viewRange()[1]
    assert math.isfinite(low)
    assert math.isfinite(high)


def test_a_million_points_are_a_few_thousand_on_screen(panel: PlotPanel) -> None:
    curves = Curves(0.9)
    x = np.arange(1_000_000, dtype=np.float64)
    y = np.sin(x / 1e5)
    y[123_456] = 9.0
    curves.extend("loss/G", x, x, x, y)
    panel.tools._outliers.setChecked(False)
    panel.set_run(curves)
    raw, _ = panel.view._shown["loss/G"]
    _, shown = raw.getData()
    assert len(shown) <= 4 * panel.view.width()
    assert shown.max() == 9.0


def test_repainting_does_not_use_up_none(panel: PlotPanel) -> None:
    """PySide6 6.12 on Python 3.11 lost a reference to None with every void call, and died of it within seconds."""
    panel.set_run(filled())
    _repaint(panel, 20)
    before = sys.getrefcount(None)
    _repaint(panel, 300)
    assert abs(sys.getrefcount(None) - before) < 100


def test_growing_curves_do_not_use_up_none(panel: PlotPanel) -> None:
    """New ticks add some: every `QPainter(QPicture)` of PySide6 6.11 takes six, and costs no memory."""
    panel.set_run(filled())
    before = sys.getrefcount(None)
    for number in range(100):
        panel.append([logged(10_000 + number, loss_D=0.5)])
        _repaint(panel, 1)
    assert sys.getrefcount(None) - before > -100


def _repaint(panel: PlotPanel, times: int) -> None:
    for _ in range(times):
        panel.view.redraw(now=True)
        panel.view.viewport().repaint()
