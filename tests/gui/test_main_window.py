"""The shell: places, actions, notices, what it remembers, and how it closes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QObject, QPointF, QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDropEvent, QUndoCommand, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.edit.documents import EditEnvelope, save_picture
from studio.engine.commands import Pause, Proceed, ResumeRun, Stop
from studio.engine.events import CheckpointSaved, DeviceReady, Failed, Noticed, Rollback, RunState, StateChanged
from studio.engine.runs import Run
from studio.gui import model_import
from studio.gui.appearance import Appearance
from studio.gui.main_window import MainWindow
from studio.gui.places import PLACES
from studio.gui.studio import Studio
from studio.gui.widgets.notice import Notice

Tell = Callable[..., None]


class FakePage(QWidget):
    """A place with an undo stack, an action and a box to type in."""

    canvas_changed = Signal()

    def __init__(self, _studio: Studio) -> None:
        super().__init__()
        self.undo_stack: QUndoStack | None = QUndoStack(self)
        self.closed = False
        self.loss = ""
        self.did: list[str] = []
        self.box = QLineEdit()
        QVBoxLayout(self).addWidget(self.box)
        action = QAction("Make it bigger", self)
        action.triggered.connect(lambda: self.did.append("bigger"))

    def close_canvases(self) -> None:
        self.closed = True

    def open_run(self, folder: str, canvas: str = "") -> None:
        self.did.append(f"{folder} {canvas}")

    def open_picture(self, path: Path) -> None:
        self.did.append(path.name)


def plain(_studio: Studio) -> QWidget:
    return QLabel("a place")


def broken(_studio: Studio) -> QWidget:
    raise RuntimeError("no such thing")


@pytest.fixture
def builders() -> dict[str, Any]:
    return {place.name: FakePage if place.name == "play" else plain for place in PLACES}


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, settings: QSettings) -> MainWindow:
    settings.setValue("window/appearance", "dark")
    made = MainWindow(Appearance(qapp, settings), settings)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, studio: Studio, builders: dict[str, Any]) -> Iterator[MainWindow]:
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.attach(studio, builders)
    qtbot.waitUntil(lambda: len(window._pages) == len(PLACES))
    yield window
    window._studio = None  # what is still running in a test must not keep the window open
    if window._closing is not None:
        window._closing._given_up = True


def action(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text() == text)


def test_it_is_up_before_there_is_an_engine(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitExposed(window):
        window.show()
    assert window.page() == "start"
    window.show_page("runs")
    assert window.page() == "runs"


def test_without_a_studio_it_says_why(window: MainWindow) -> None:
    window.show()
    window.tell_why_not(Failed("The plugins cannot be found.", "Reinstall Ganvas."))
    notice = window.findChild(Notice)
    assert notice.isVisible()
    assert notice.accessibleName() == "The plugins cannot be found. Reinstall Ganvas."


@pytest.mark.parametrize(("number", "place"), list(enumerate(PLACES, 1)), ids=[place.name for place in PLACES])
def test_alt_and_a_number_go_to_a_place(qtbot: QtBot, opened: MainWindow, number: int, place: Any) -> None:
    qtbot.keyClick(opened, str(number), Qt.KeyboardModifier.AltModifier)
    assert opened.page() == place.name
    assert opened.stack.currentWidget() is opened._pages[place.name]


def test_wishes_that_cross_pages_are_followed(opened: MainWindow, studio: Studio) -> None:
    studio.play_wanted.emit("run")
    assert opened.page() == "play"
    studio.train_wanted.emit("")
    assert opened.page() == "train"
    studio.page_wanted.emit("plugins")
    assert opened.page() == "plugins"


def test_a_place_that_cannot_be_built_leaves_the_others_working(
    qtbot: QtBot, window: MainWindow, studio: Studio, builders: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    window.attach(studio, {**builders, "data": broken})
    window.show_page("data")
    assert "no such thing" in caplog.text
    caplog.clear()
    window.show_page("runs")
    assert isinstance(window.stack.currentWidget(), QLabel)


def test_page_and_size_are_remembered(
    qtbot: QtBot, opened: MainWindow, qapp: QApplication, settings: QSettings
) -> None:
    opened.show_page("runs")
    opened.resize(960, 701)
    opened.close()
    again = MainWindow(Appearance(qapp, settings), settings)
    qtbot.addWidget(again)
    assert again.page() == "runs"
    assert (again.width(), again.height()) == (960, 701)


def test_a_page_that_is_no_more_is_not_remembered(qapp: QApplication, qtbot: QtBot, settings: QSettings) -> None:
    settings.setValue("window/page", "kitchen")
    window = MainWindow(Appearance(qapp, settings), settings)
    qtbot.addWidget(window)
    assert window.page() == "start"


def test_undo_goes_to_the_canvas_that_is_shown(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_page("play")
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    stack = page.undo_stack
    assert stack is not None
    stack.push(QUndoCommand("move"))
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stack.index() == 0
    qtbot.keyClick(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert stack.index() == 1
    opened.show_page("runs")
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stack.index() == 1
    opened.show_page("play")
    page.undo_stack = other = QUndoStack(page)
    page.canvas_changed.emit()
    other.push(QUndoCommand("paint"))
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (stack.index(), other.index()) == (1, 0)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(opened, Qt.Key.Key_Z, modifiers)
    assert other.index() == 1


def test_the_palette_finds_and_does(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_page("play")
    qtbot.keyClick(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = opened.palette_
    assert palette.isVisible()
    assert "Make it bigger" in palette.titles()
    assert "Pause training" not in palette.titles()
    qtbot.keyClicks(palette.box, "bigg")
    assert palette.titles()[0] == "Make it bigger"
    qtbot.keyClick(palette.box, Qt.Key.Key_Return)
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    assert page.did == ["bigger"]
    assert not palette.isVisible()


def test_the_palette_leaves_by_escape_and_gives_the_focus_back(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_page("play")
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    page.box.setFocus()
    opened.palette_.open()
    qtbot.keyClick(opened.palette_.box, Qt.Key.Key_Down)
    assert opened.palette_.list.currentRow() == 1
    qtbot.keyClick(opened.palette_.box, Qt.Key.Key_Escape)
    assert not opened.palette_.isVisible()
    assert page.box.hasFocus()


def test_what_goes_while_the_palette_is_open_is_not_done(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_page("play")
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    page.box.setFocus()
    opened.palette_.open()
    qtbot.keyClicks(opened.palette_.box, "bigg")
    for gone in (*page.findChildren(QAction), page.box):
        shiboken6.delete(gone)
    opened.palette_.grab()
    qtbot.keyClick(opened.palette_.box, Qt.Key.Key_Return)
    assert not opened.palette_.isVisible()
    assert page.did == []


def test_a_palette_that_is_left_by_a_click_holds_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_page("play")
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    box, action = QLineEdit(page), QAction("Sharpen the brush", page)
    held: list[weakref.ref[QObject]] = [weakref.ref(box), weakref.ref(action)]
    box.show()
    box.setFocus()
    opened.palette_.open()
    qtbot.keyClicks(opened.palette_.box, "sharpen")
    qtbot.keyClick(opened.palette_.box, Qt.Key.Key_Return)
    box.setFocus()
    opened.palette_.open()
    page.box.setFocus()  # what a click beside the palette does
    assert not opened.palette_.isVisible()
    for gone in (box, action):
        shiboken6.delete(gone)
    del box, action, gone
    gc.collect()
    assert [one() for one in held] == [None, None]


def test_actions_of_hidden_places_are_not_offered(opened: MainWindow) -> None:
    opened.show_page("runs")
    opened.palette_.open()
    assert "Make it bigger" not in opened.palette_.titles()


def test_the_run_can_be_paused_continued_stopped_and_resumed(
    opened: MainWindow, session: Any, tell: Tell, make_run: Callable[..., Run]
) -> None:
    made = make_run()
    run = str(made.folder)
    tell(DeviceReady("cpu", "CPU"), StateChanged(RunState.TRAINING, run, "tiny", 0, 100))
    actions = opened.actions_
    assert [one.isVisible() for one in (actions.pause, actions.stop, actions.resume)] == [True, True, False]
    actions.pause.trigger()
    tell(StateChanged(RunState.PAUSED, run, "tiny", 5, 100))
    assert actions.pause.iconText() == "Continue"
    actions.pause.trigger()
    actions.stop.trigger()
    assert [type(command) for command in session.asked] == [Pause, Proceed, Stop]
    tell(StateChanged(RunState.STOPPED, run, "tiny", 6, 100))
    assert [one.isVisible() for one in (actions.stop, actions.resume, actions.play)] == [False] * 3  # nothing was kept
    made.update(step=6)
    tell(StateChanged(RunState.STOPPED, run, "tiny", 6, 100))
    assert [one.isVisible() for one in (actions.stop, actions.resume, actions.play)] == [False, True, True]
    actions.resume.trigger()
    assert session.last(ResumeRun).run == run


def test_the_bars_say_what_goes_on(qtbot: QtBot, opened: MainWindow, tell: Tell, make_run: Callable[..., Run]) -> None:
    run = str(make_run(data="demo:icons").folder)
    tell(DeviceReady("cpu", "2 CPU cores"), StateChanged(RunState.TRAINING, run, "tiny", 0, 100))
    tell(CheckpointSaved(run, 10, "p", 0.1))
    qtbot.waitUntil(lambda: opened.status.facts() == "Checkpoint saved just now")
    assert opened.top.state.text() == "Training · step 0 of 100"
    assert opened.top.device.text() == "2 CPU cores"
    assert opened.top._data.text().startswith("Icons")
    assert opened.top._run.text().startswith("Tiny, today")


def test_what_fails_is_said_once_with_its_remedy(opened: MainWindow, tell: Tell) -> None:
    tell(Failed("The disk is full.", "Free 2 GB.", "Traceback"), Failed("The disk is full.", "Free 2 GB.", "Traceback"))
    tell(Noticed("A damaged checkpoint was passed over."))
    shown = [(notice.message, notice.level) for notice in opened.notices.notices()]
    assert shown == [("The disk is full.", "bad"), ("A damaged checkpoint was passed over.", "warn")]
    opened.notices.notices()[0].closed.emit()
    assert len(opened.notices.notices()) == 1


def test_notices_lie_over_the_corner_and_move_nothing(opened: MainWindow, studio: Studio) -> None:
    before = opened.stack.geometry()
    studio.notify("Saved.", level="good")
    assert opened.stack.geometry() == before
    corner = opened.notices.geometry().bottomRight()
    assert opened.stack.rect().contains(corner)
    for number in range(5):
        studio.notify(f"Notice {number}", level="bad")
    assert len(opened.notices.notices()) == 3


def test_notices_stay_above_a_page_that_is_gone_to(opened: MainWindow, studio: Studio) -> None:
    studio.notify("The disk is full.", level="bad")
    for place in PLACES:
        opened.show_page(place.name)
        over = opened.stack.childAt(opened.notices.geometry().center())
        assert over is not None
        assert over is opened.notices or opened.notices.isAncestorOf(over)


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_folder_zip_or_picture_is_data(opened: MainWindow, studio: Studio, tmp_path: Path) -> None:
    chosen: list[str] = []
    studio.data_chosen.connect(chosen.append)
    folder = tmp_path / "kites"
    folder.mkdir()
    for path in (folder, tmp_path / "kites.zip", folder / "kite.PNG", folder / "notes.txt"):
        drop(opened, path)
    assert chosen == [str(folder), str(tmp_path / "kites.zip"), str(folder)]
    assert opened.page() == "data"


def test_a_dropped_picture_that_was_saved_here_opens(
    opened: MainWindow, studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    save_picture(tmp_path / "saved.png", pixels, EditEnvelope("latent", "a-run", 1, {}))
    save_picture(tmp_path / "photo.png", pixels)
    page = opened._page("play")
    assert isinstance(page, FakePage)
    drop(opened, tmp_path / "saved.png")
    qtbot.waitUntil(lambda: page.did == ["saved.png"])
    assert opened.page() == "play"
    with qtbot.waitSignal(studio.data_chosen) as chosen:
        drop(opened, tmp_path / "photo.png")
    assert chosen.args == [str(tmp_path)]
    assert page.did == ["saved.png"]


def test_a_dropped_model_is_imported_and_played(
    opened: MainWindow, studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_import, "imported_apart", lambda path, _home, _closing: f"run of {path.name}")
    (tmp_path / "kites.safetensors").write_bytes(b"")
    page = opened._page("play")
    assert isinstance(page, FakePage)
    drop(opened, tmp_path / "kites.safetensors")
    qtbot.waitUntil(lambda: page.did == ["run of kites.safetensors "])
    assert opened.page() == "play"
    studio.canvas_wanted.emit("another", "mixing")
    assert page.did[1:] == ["another mixing"]


def test_closing_while_idle_does_not_ask(opened: MainWindow) -> None:
    assert opened.close()
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    assert page.closed


def test_closing_while_training_asks_and_can_be_refused(opened: MainWindow, session: Any, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    assert not opened.close()
    assert opened._closing is not None
    question = opened._closing._question
    assert question is not None
    assert "kept" in question.accessibleDescription()
    question.keep.click()
    assert opened.isVisible()
    assert session.asked == []


def test_closing_asks_where_a_canvas_would_lose_something(opened: MainWindow) -> None:
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    page.loss = "The film is lost."
    assert not opened.close()
    assert opened._closing is not None
    question = opened._closing._question
    assert question is not None
    assert question.accessibleDescription() == "The film is lost."
    question.keep.click()
    assert opened.isVisible()
    assert not page.closed
    assert not opened.close()
    assert opened._closing._question is not None
    opened._closing._question.go.click()
    assert not opened.isVisible()
    assert page.closed


def test_stopping_and_closing_says_what_a_canvas_would_lose_and_asks_once(opened: MainWindow, tell: Tell) -> None:
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    page.loss = "The film is lost."
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    opened.close()
    assert opened._closing is not None
    question = opened._closing._question
    assert question is not None
    assert question.accessibleDescription().endswith("at any time. The film is lost.")
    question.go.click()
    tell(StateChanged(RunState.STOPPED, "", "tiny", 2, 100))
    assert not opened.isVisible()


def test_asked_to_end_it_loses_what_is_not_done(opened: MainWindow) -> None:
    page = opened._pages["play"]
    assert isinstance(page, FakePage)
    page.loss = "The film is lost."
    opened.stop_and_close()
    assert not opened.isVisible()


def test_stop_and_close_waits_for_the_checkpoint(opened: MainWindow, session: Any, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    opened.close()
    assert opened._closing is not None
    assert opened._closing._question is not None
    opened._closing._question.go.click()
    assert [type(command) for command in session.asked] == [Stop]
    assert opened.isVisible()
    tell(StateChanged(RunState.STOPPING, "", "tiny", 1, 100))
    assert opened.top.state.text() == "Stopping · saving a checkpoint"
    assert opened.isVisible()
    tell(StateChanged(RunState.STOPPED, "", "tiny", 2, 100))
    assert not opened.isVisible()


def test_asked_to_end_it_stops_without_asking(opened: MainWindow, session: Any, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    opened.stop_and_close()
    opened.stop_and_close()
    assert [type(command) for command in session.asked] == [Stop]
    tell(StateChanged(RunState.STOPPED, "", "tiny", 2, 100))
    assert not opened.isVisible()


def test_a_question_about_a_run_that_has_ended_goes_away(qtbot: QtBot, opened: MainWindow, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    opened.close()
    tell(StateChanged(RunState.FINISHED, "", "tiny", 100, 100))
    assert opened._closing is not None
    assert opened._closing._question is None
    assert opened.isVisible()
    assert opened.close()


def test_one_need_not_wait_for_ever(opened: MainWindow, tell: Tell) -> None:
    tell(StateChanged(RunState.TRAINING, "", "tiny", 1, 100))
    opened.stop_and_close()
    assert opened._closing is not None
    opened._closing.slow.emit()
    notice = opened.notices.notices()[0]
    button = next(child for child in notice.findChildren(QWidget) if getattr(child, "text", str)().startswith("Close"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not opened.isVisible()


def test_everything_on_the_frame_is_named(opened: MainWindow) -> None:
    for part in (opened.top, opened.rail, opened.status):
        for widget in part.findChildren(QWidget):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
                name = widget.accessibleName() or getattr(widget, "text", str)()
                assert name, widget


def test_one_click_goes_back_and_halves_the_learning_rate(opened: MainWindow, tell: Tell, session: Any) -> None:
    remedy = "Go back to step 12,000 and halve the learning rate."
    tell(Failed("loss/G became nan at step 12,345.", remedy, rollback=Rollback("/runs/r", 12_000, {"lr": 1e-4})))
    (notice,) = opened.notices.notices()
    (button,) = [one for one in notice.findChildren(QPushButton) if one.text() == remedy.rstrip(".")]
    button.click()
    assert session.last(ResumeRun) == ResumeRun("/runs/r", changes={"lr": 1e-4})
    assert opened.notices.notices() == []
