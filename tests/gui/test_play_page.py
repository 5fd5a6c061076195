"""The Play page: which run, which canvases, and edits that come back."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from play_kit import FACTS, Engine
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QUndoGroup
from PySide6.QtWidgets import QLabel, QMainWindow, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

import studio_canvases
import studio_resources
from studio.api import CanvasSpec, LatentSampling, StyleMixing, hookimpl
from studio.edit.documents import EditEnvelope, read_envelope, save_picture, write_envelope
from studio.edit.latent import LatentDocument
from studio.engine import commands
from studio.engine.events import Failed
from studio.engine.plugins import PluginHost
from studio.engine.runs import Run
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.page import PlayPage
from studio.gui.canvases.place import CanvasPlace, edit_path
from studio.gui.widgets.question import Question
from tests.gui.wheeling import scroll

PIXELS = np.zeros((8, 8, 3), np.uint8)


class MoreCanvases:
    """A plugin whose canvases are not there, raise, are no widgets, or are for other models."""

    @hookimpl
    def studio_canvases(self) -> tuple[CanvasSpec, ...]:
        return (
            CanvasSpec("gone", "Gone", (LatentSampling,), "nowhere:Gone"),
            CanvasSpec("wrong", "Wrong", (), "builtins:str"),
            CanvasSpec("mixing", "Style mixing", (StyleMixing,), "nowhere:Mixing"),
        )


@pytest.fixture
def host() -> PluginHost:
    return PluginHost.of({"canvases": studio_canvases, "more": MoreCanvases()})


@pytest.fixture
def engine(session, tell) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def playable(make_run) -> Callable[[], Run]:
    """Makes a run with a checkpoint, as far as a list of runs can see."""

    def make() -> Run:
        run = make_run(step=100)
        (run.folder / "checkpoints" / "step-000000000100.safetensors").write_bytes(b"")
        return run

    return make


@pytest.fixture
def page(studio, qtbot: QtBot) -> Iterator[PlayPage]:
    made = PlayPage(studio)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    yield made
    made.close_canvases()


@pytest.fixture
def opened(page: PlayPage, playable, engine: Engine, qtbot: QtBot) -> Run:
    """A run that the page has open, its latent canvas in front."""
    run = playable()
    page.open_run(str(run.folder))
    page.show()
    engine.open(str(run.folder))
    qtbot.waitUntil(lambda: bool(page.places))
    engine.answer()
    return run


def words(page: PlayPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_without_runs_it_says_how_to_begin(page, studio, qtbot):
    with qtbot.waitSignal(page.chooser.listed):
        page.show()
    assert "Nothing to play with yet" in words(page)
    assert page.chooser.isHidden()
    assert page.undo_stack is None


def test_the_newest_run_is_opened_when_the_page_is_first_shown(page, playable, session, qtbot, make_run):
    runs = [playable(), playable()]
    make_run()
    page.show()
    qtbot.waitUntil(lambda: bool(page.run))
    assert page.run == str(runs[1].folder)
    assert session.last(commands.OpenRun).run == page.run
    assert page.chooser.count() == 2
    assert "Opening the run" in words(page)


def test_a_starter_is_opened_under_its_title_while_a_bar_moves(page, studio, qtbot):
    page.show()
    page.open_run(str(studio.store.folder / "starter-stylegan"))
    title = next(one.title for one in studio_resources.starters() if one.name == "stylegan")
    assert title in words(page)
    assert "starter-stylegan" not in words(page)
    bars = [bar for bar in page.findChildren(QProgressBar) if bar.isVisible()]
    assert [(bar.minimum(), bar.maximum()) for bar in bars] == [(0, 0)]


def test_a_click_on_any_tab_leaves_the_keys_to_its_canvas(page, opened, qtbot):
    def click(index: int) -> bool:
        page.chooser.setFocus()
        qtbot.mouseClick(page.tabs, Qt.MouseButton.LeftButton, pos=page.tabs.tabRect(index).center())
        return bool(page.places[index].isAncestorOf(page.focusWidget()))

    assert page.places[0].canvas is not None
    assert [click(index) for index in (0, 0)] == [True, True]
    page.chooser.setFocus()
    qtbot.mouseClick(page.tabs, Qt.MouseButton.LeftButton, pos=page.tabs.rect().bottomRight())
    assert page.focusWidget() is not page.tabs


def test_arrows_go_through_the_tabs(page, opened, qtbot):
    page.tabs.setFocus()
    for _key in range(2):
        qtbot.keyClick(page.tabs, Qt.Key.Key_Right)
    assert page.tabs.currentIndex() == 2
    assert page.focusWidget() is page.tabs


def test_the_run_that_was_open_yesterday_is_open_today(page, playable, studio, qtbot):
    runs = [playable(), playable()]
    studio.settings.setValue("play/run", str(runs[0].folder))
    page.show()
    qtbot.waitUntil(lambda: bool(page.run))
    assert page.run == str(runs[0].folder)


def test_the_wheel_over_the_runs_opens_none_of_them(page, playable, qtbot):
    runs = [playable(), playable(), playable()]
    page.show()
    qtbot.waitUntil(lambda: bool(page.run))
    for notches in (-1, 1, 1):
        scroll(page.chooser, notches)
        assert page.run == str(runs[2].folder)


def test_the_run_in_training_comes_first(page, playable, make_run, engine, qtbot):
    playable()
    live = make_run()
    playable()
    engine.train(str(live.folder))
    page.show()
    qtbot.waitUntil(lambda: bool(page.run))
    assert page.run == str(live.folder)
    assert "training" in page.chooser.itemText(0)


def test_canvases_are_offered_by_capability(opened, page):
    assert [page.tabs.tabText(index) for index in range(page.tabs.count())] == [
        "Latent",
        "Walk",
        "Gone",
        "Wrong",
    ]


def test_a_canvas_that_cannot_be_made_is_a_tab_that_says_why(opened, page, engine):
    page.tabs.setCurrentIndex(2)
    assert "The canvas Gone cannot be shown: ModuleNotFoundError" in words(page)
    page.tabs.setCurrentIndex(3)
    assert "not a QWidget" in words(page)
    page.tabs.setCurrentIndex(0)
    engine.answer()
    assert page.places[0].canvas.hero.pixels is not None


def test_a_model_that_no_canvas_fits(page, playable, engine, qtbot, studio):
    run = playable()
    studio.host = PluginHost.of({"canvases": studio_canvases})
    page.show()
    page.open_run(str(run.folder))
    from dataclasses import replace

    engine.open(str(run.folder), replace(FACTS, capabilities=()))
    qtbot.waitUntil(lambda: "No canvas for Tiny yet" in words(page))


def test_a_run_that_cannot_be_opened_says_why(page, playable, tell):
    page.show()
    page.open_run(str(playable().folder))
    tell(Failed("There is no usable checkpoint.", "Train it again."))
    assert "This run cannot be opened" in words(page)
    assert "Train it again." in words(page)
    assert page.run == ""


def test_edits_come_back_with_the_run(opened, page, playable, engine, qtbot):
    page.places[0].canvas.panel.point.choose_seed(321)
    other = playable()
    page.open_run(str(other.folder))
    assert read_envelope(edit_path(str(opened.folder), "latent")).document["seed"] == 321
    engine.open(str(other.folder))
    qtbot.waitUntil(lambda: bool(page.places))
    assert page.places[0].canvas.editor.document.seed == 0
    page.open_run(str(opened.folder))
    engine.open(str(opened.folder))
    qtbot.waitUntil(lambda: bool(page.places))
    assert page.places[0].canvas.editor.document.seed == 321


def test_another_run_is_not_opened_over_what_is_being_made_unasked(opened, page, playable, session, qtbot):
    other = playable()
    with qtbot.waitSignal(page.chooser.listed):
        page.chooser.refresh()
    page.places[0].host.would_lose(lambda: True, "The film is lost.")
    page.open_run(str(other.folder))
    [question] = page.findChildren(Question)
    assert question.accessibleDescription() == "The film is lost."
    assert page.run == str(opened.folder)
    question.keep.click()
    assert page.run == page.chooser.currentData() == str(opened.folder)
    assert page.places
    page.open_run(str(other.folder))
    [question] = [one for one in page.findChildren(Question) if one.isVisible()]
    question.go.click()
    assert session.last(commands.OpenRun).run == page.run == str(other.folder)


def test_a_run_that_is_deleted_is_let_go_of_and_comes_back_with_its_edits(opened, page, studio, qtbot):
    page.places[0].canvas.panel.point.choose_seed(321)
    studio.run_leaving.emit("another")
    assert page.places
    studio.run_leaving.emit(str(opened.folder))
    assert not page.places
    assert page.run == ""
    assert "No run is open" in words(page)
    assert read_envelope(edit_path(str(opened.folder), "latent")).document["seed"] == 321


def test_a_seed_that_was_being_typed_as_the_run_was_left_is_kept(opened, page, playable, qtbot):
    number = page.places[0].canvas.panel.point.seed.number
    page.activateWindow()
    number.setFocus()
    qtbot.waitUntil(number.hasFocus)
    number.selectAll()
    qtbot.keyClicks(number, "321")
    page.open_run(str(playable().folder))
    assert read_envelope(edit_path(str(opened.folder), "latent")).document["seed"] == 321


def test_training_that_begins_is_played_with_where_nothing_is_open(page, make_run, engine, qtbot):
    page.show()
    run = make_run()
    engine.open(str(run.folder), live=True)
    qtbot.waitUntil(lambda: bool(page.places))
    assert page.run == str(run.folder)


def test_training_that_begins_does_not_take_a_canvas_away(opened, page, make_run, engine):
    engine.open(str(make_run().folder), live=True)
    assert page.run == str(opened.folder)


def test_the_windows_undo_reaches_the_canvas_in_front(studio, session, playable, engine, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    group = QUndoGroup(window)
    page = PlayPage(studio)
    window.setCentralWidget(page)
    window.show()
    run = playable()
    page.open_run(str(run.folder))
    engine.open(str(run.folder))
    qtbot.waitUntil(lambda: bool(page.places))
    page.places[0].canvas.panel.point.choose_seed(9)
    assert group.activeStack() is page.undo_stack
    group.undo()
    assert page.places[0].canvas.editor.document.seed == 0
    page.close_canvases()


def drop(page: PlayPage, data: QMimeData) -> bool:
    """Drops on the page; whether it took it."""
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), actions, data, buttons, keys)
    enter.ignore()
    page.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    page.dropEvent(QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    return True


def file_of(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def envelope_of(run: Run | None, seed: int = 55, canvas: str = "latent") -> EditEnvelope:
    name = run.name if run is not None else "20010101-000000-gone"
    return EditEnvelope(canvas, name, 100, LatentDocument().with_seed(seed).to_json())


def test_a_saved_picture_dropped_here_opens_its_document(opened, page, tmp_path, qtbot):
    save_picture(tmp_path / "kite.png", PIXELS, envelope_of(opened))
    assert drop(page, file_of(tmp_path / "kite.png"))
    qtbot.waitUntil(lambda: page.places[0].canvas.editor.document.seed == 55)
    page.undo_stack.undo()
    assert page.places[0].canvas.editor.document.seed == 0


def test_a_picture_of_another_run_opens_that_run(opened, page, playable, engine, tmp_path, qtbot):
    other = playable()
    write_envelope(tmp_path / "kite.json", envelope_of(other))
    page.open_picture(tmp_path / "kite.json")
    qtbot.waitUntil(lambda: page.run == str(other.folder))
    engine.open(str(other.folder))
    qtbot.waitUntil(lambda: bool(page.places))
    assert page.places[0].canvas.editor.document.seed == 55


def test_a_picture_of_a_run_that_is_gone_opens_with_this_one(opened, page, tmp_path, qtbot):
    save_picture(tmp_path / "kite.png", PIXELS, envelope_of(None))
    page.open_picture(tmp_path / "kite.png")
    qtbot.waitUntil(lambda: page.places[0].canvas.editor.document.seed == 55)


def test_pasting_opens_what_was_copied(opened, page, qtbot):
    data = QMimeData()
    data.setData(EDIT_TYPE, envelope_of(opened, 66).to_text().encode())
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(page.places[0].canvas.hero, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.places[0].canvas.editor.document.seed == 66)
    QGuiApplication.clipboard().clear()


def test_pasting_from_a_clipboard_that_is_gone_does_nothing(opened, page, studio, monkeypatch, qtbot):
    monkeypatch.setattr(type(QGuiApplication.clipboard()), "mimeData", lambda *_: None)
    before = page.places[0].canvas.editor.document
    qtbot.keyClick(page.places[0].canvas.hero, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.places[0].canvas.editor.document == before


def test_a_picture_without_an_edit_is_told(opened, page, studio, tmp_path, qtbot):
    save_picture(tmp_path / "photo.png", PIXELS)
    with qtbot.waitSignal(studio.noticed) as told:
        assert drop(page, file_of(tmp_path / "photo.png"))
    assert told.args[0] == "photo.png carries no edit."


def test_an_edit_of_a_canvas_that_is_not_offered_is_told(opened, page, studio, tmp_path, qtbot):
    save_picture(tmp_path / "kite.png", PIXELS, envelope_of(opened, canvas="inpaint"))
    with qtbot.waitSignal(studio.noticed) as told:
        page.open_picture(tmp_path / "kite.png")
    assert "a canvas called inpaint" in told.args[0]


def test_an_edit_with_no_run_to_open_is_told(page, studio, tmp_path, qtbot):
    save_picture(tmp_path / "kite.png", PIXELS, envelope_of(None))
    with qtbot.waitSignal(studio.noticed) as told:
        page.open_picture(tmp_path / "kite.png")
    assert told.args[0] == "This was made with the run 20010101-000000-gone, which is not here."


@pytest.mark.parametrize("name", ["kite.jpg", "kite.zip", "folder"])
def test_other_things_are_left_to_the_window(opened, page, tmp_path, name):
    assert not drop(page, file_of(tmp_path / name))


def test_many_openings_leave_no_subscriptions_and_no_canvases(page, playable, engine, studio, qtbot):
    run = playable()
    page.show()

    def subscriptions() -> int:
        return sum(len(callbacks) for callbacks in studio.pump._subscribers.values())

    before = subscriptions()
    for _ in range(10):
        page.open_run(str(run.folder))
        engine.open(str(run.folder))
        qtbot.waitUntil(lambda: bool(page.places))
        engine.answer()
        page.close_canvases()
    assert subscriptions() == before


def test_closed_canvases_leave_the_window_and_the_memory(opened, page, qtbot):
    held = [weakref.ref(place) for place in page.places]
    page.close_canvases()
    assert not [one for one in page.findChildren(QWidget) if isinstance(one, CanvasPlace)]
    qtbot.waitUntil(lambda: gc.collect() >= 0 and [place() for place in held] == [None] * len(held))
