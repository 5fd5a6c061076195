"""A slider by hand, wheel, keys and typing: `changed` while it moves, `committed` once a gesture."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.widgets.slider import ValueSlider
from studio.gui.widgets.track import Track


class Heard:
    """What a slider said."""

    def __init__(self, slider: ValueSlider) -> None:
        self.changed: list[float] = []
        self.committed: list[float] = []
        self.rejected: list[str] = []
        slider.changed.connect(self.changed.append)
        slider.committed.connect(self.committed.append)
        slider.rejected.connect(self.rejected.append)


@pytest.fixture
def slider(qtbot: QtBot) -> ValueSlider:
    made = ValueSlider(0, 1, 0.5, default=0.25)
    made.resize(300, 28)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def heard(slider: ValueSlider) -> Heard:
    return Heard(slider)


def wheel(track: Track, notches: int, *, shift: bool = False) -> QWheelEvent:
    """Turns the wheel over a track."""
    event = QWheelEvent(
        QPointF(20, 10),
        track.mapToGlobal(QPointF(20, 10)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(track, event)
    return event


def test_a_drag_changes_often_and_commits_once(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    track = slider.track
    start = QPoint(track.width() // 2, track.height() // 2)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=start)
    for x in range(0, 50, 10):
        QTest.mouseMove(track, start + QPoint(x, 0))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert len(heard.changed) >= 3
    assert heard.changed == sorted(heard.changed)
    assert heard.committed == [slider.value()]
    assert slider.value() > 0.6


def test_escape_takes_a_drag_back(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    track = slider.track
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    QTest.mouseMove(track, QPoint(60, 10))
    assert slider.value() < 0.5
    qtbot.keyClick(track, Qt.Key.Key_Escape)
    QTest.mouseMove(track, QPoint(90, 10))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(90, 10))
    assert slider.value() == 0.5
    assert heard.changed[-1] == 0.5
    assert heard.committed == []


def test_a_click_goes_there(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    qtbot.mouseClick(slider.track, Qt.MouseButton.LeftButton, pos=QPoint(slider.track.width() - 9, 10))
    assert slider.value() == 1
    assert heard.committed == [1]


def test_a_double_click_goes_back_to_the_default(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    qtbot.mouseDClick(slider.track, Qt.MouseButton.LeftButton, pos=QPoint(slider.track.width() // 2, 10))
    assert slider.value() == 0.25
    assert heard.committed[-1] == 0.25


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Qt.Key.Key_Right, 0.51),
        (Qt.Key.Key_Down, 0.49),
        (Qt.Key.Key_PageUp, 0.6),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 1.0),
    ],
)
def test_keys_move_it_and_each_is_a_gesture(
    qtbot: QtBot, slider: ValueSlider, heard: Heard, key: Qt.Key, value: float
) -> None:
    qtbot.keyClick(slider.track, key)
    assert slider.value() == pytest.approx(value)
    assert heard.committed == [pytest.approx(value)]


def test_shift_makes_steps_fine(qtbot: QtBot) -> None:
    slider = ValueSlider(-4, 4, 0, decimals=2)
    qtbot.addWidget(slider)
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert slider.value() == pytest.approx(0.1)
    qtbot.keyClick(slider.track, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == pytest.approx(0.11)


def test_a_held_key_is_one_gesture(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    for _ in range(5):
        qtbot.keyPress(slider.track, Qt.Key.Key_Right)
    assert heard.committed == []
    qtbot.keyRelease(slider.track, Qt.Key.Key_Right)
    assert heard.committed == [pytest.approx(0.55)]


def test_the_wheel_commits_after_a_pause(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    with qtbot.waitSignal(slider.committed):
        wheel(slider.track, 1)
        wheel(slider.track, 2)
    assert heard.committed == [pytest.approx(0.53)]


def test_a_page_that_scrolls_keeps_its_wheel(qtbot: QtBot) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    body = QWidget()
    body.setMinimumHeight(2000)
    slider = ValueSlider(0, 1, 0.5)
    QVBoxLayout(body).addWidget(slider)
    area.setWidget(body)
    area.resize(300, 200)
    area.show()
    assert not wheel(slider.track, 1).isAccepted()
    assert slider.value() == 0.5


def test_a_typed_value_is_taken(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    slider.edit.setFocus()
    slider.edit.selectAll()
    qtbot.keyClicks(slider.edit, "0.75")
    qtbot.keyClick(slider.edit, Qt.Key.Key_Return)
    assert slider.value() == 0.75
    assert heard.committed == [0.75]


def test_typing_on_the_track_begins_to_type_a_value(qtbot: QtBot, slider: ValueSlider) -> None:
    slider.track.setFocus()
    qtbot.keyClick(slider.track, "0")
    qtbot.keyClicks(slider.edit, ".9")
    qtbot.keyClick(slider.edit, Qt.Key.Key_Return)
    assert slider.value() == 0.9


def test_out_of_bounds_is_explained_and_goes_back_on_leaving(qtbot: QtBot, slider: ValueSlider, heard: Heard) -> None:
    slider.edit.setFocus()
    slider.edit.selectAll()
    qtbot.keyClicks(slider.edit, "7")
    qtbot.keyClick(slider.edit, Qt.Key.Key_Return)
    assert heard.rejected == ["7 is out of bounds. It takes 0 to 1."]
    assert slider.edit.text() == "7"
    assert slider.value() == 0.5
    qtbot.keyClick(slider.edit, Qt.Key.Key_Escape)
    assert slider.edit.text() == "0.50"
    assert heard.rejected[-1] == ""
    assert heard.committed == []


def test_setting_it_says_nothing(slider: ValueSlider, heard: Heard) -> None:
    slider.set_value(0.8)
    slider.set_value(7)
    assert slider.value() == 1
    assert (heard.changed, heard.committed) == ([], [])


def test_a_screen_reader_finds_a_named_slider_and_can_move_it(slider: ValueSlider, heard: Heard) -> None:
    slider.setAccessibleName("Truncation")
    interface = QAccessible.queryAccessibleInterface(slider.track)
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Truncation"
    assert interface.text(QAccessible.Text.Description) == "0.50"
    slider.track.setValue(750)
    assert slider.value() == 0.75
    assert heard.committed == [0.75]
