"""The translation canvas under a hand: what it shows, what it asks for, what it takes back."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from canvas_kit import canvases, nameless
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, SignalInstance
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from translate_kit import BOTH_WAYS, ONE_WAY, Translating, given, noise, picture_file, pixels, translated

from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.engine import commands
from studio.engine.events import RenderFailed
from studio.gui.canvases import document_history
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.size_label import SizeLabel
from studio.gui.canvases.translate import TranslateCanvas
from studio.gui.widgets.picture import to_qimage
from tests.gui.dropping import drop, files

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def engine(session, tell) -> Translating:
    return Translating(session, tell)


@pytest.fixture
def make(studio, qtbot: QtBot) -> Iterator[Callable[..., TranslateCanvas]]:
    with canvases(studio, qtbot, TranslateCanvas, "translate") as shown:

        def made(facts=BOTH_WAYS, *inputs: TranslationInput, document=None, **options) -> TranslateCanvas:
            if document is None and inputs:
                document = TranslationDocument(inputs, direction=facts.directions[0])
            return shown(facts, document, **options)

        yield made


@pytest.fixture
def canvas(make, engine) -> TranslateCanvas:
    """Three pictures, the first of them shown."""
    made = make(BOTH_WAYS, given("tom", 1), given("kit", 2), given("rex", 3))
    engine.answer()
    return made


def shows(canvas: TranslateCanvas) -> bool:
    """Whether input and translation are those of the document, to the bit."""
    document = canvas.editor.document
    before = pixels(document.shown)
    after = translated(before[None], document.direction, document.seed)[0]
    return np.array_equal(canvas.stage.hero.pixels, after) and same(canvas.stage.paper.image(), before)


def same(image: QImage, picture: np.ndarray) -> bool:
    return image == to_qimage(picture)


def press(qtbot: QtBot, canvas: TranslateCanvas, key: Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(canvas.stage.hero, key, modifiers)


def draw(qtbot: QtBot, canvas: TranslateCanvas, *places: tuple[float, float]) -> None:
    """Draws from place to place, in fractions of the paper."""
    paper = canvas.stage.paper
    around = paper.picture_rect()
    at = [
        QPoint(round(around.left() + x * around.width()), round(around.top() + y * around.height())) for x, y in places
    ]
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=at[0])
    for point in at[1:]:
        qtbot.mouseMove(paper, point)
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=at[-1])


@contextmanager
def until(qtbot: QtBot, engine: Translating, signal: SignalInstance) -> Iterator[Any]:
    """Waits for a signal while the engine goes on answering."""
    answering = QTimer()
    answering.timeout.connect(engine.answer)
    answering.start(5)
    with qtbot.waitSignal(signal) as told:
        yield told
    answering.stop()


def held_after(work: Callable[[Any], Any], count: int, gate: threading.Event) -> Callable[[Any], Any]:
    """`work`, which after `count` calls waits for `gate`."""
    calls = itertools.count()

    def held(given: Any) -> Any:
        if next(calls) >= count:
            gate.wait(10)
        return work(given)

    return held


def names(canvas: TranslateCanvas) -> list[str]:
    return [one.name for one in canvas.editor.document.inputs]


def test_the_first_picture_and_its_translation_are_shown(canvas):
    assert shows(canvas)
    assert canvas.panel.status.text() == "Step 100 · 9 ms a picture"
    assert canvas.strip.inputs.rowCount() == 3


def test_arrows_and_clicks_go_through_the_strip(canvas, engine, qtbot):
    for key, name in ((Key.Key_Right, "kit"), (Key.Key_Right, "rex"), (Key.Key_Right, "rex"), (Key.Key_Left, "kit")):
        press(qtbot, canvas, key)
        engine.answer()
        assert canvas.editor.document.shown.name == name
        assert shows(canvas)
    tile = canvas.strip.visualRect(canvas.strip.inputs.index(0)).center()
    qtbot.mouseClick(canvas.strip.viewport(), Qt.MouseButton.LeftButton, pos=tile)
    assert canvas.editor.document.shown.name == "tom"
    qtbot.keyClick(canvas.strip, Key.Key_Delete)
    assert names(canvas) == ["kit", "rex"]
    press(qtbot, canvas, Key.Key_Z, CTRL)
    assert names(canvas) == ["tom", "kit", "rex"]


def test_x_translates_the_other_way_and_shows_an_example_of_that_side(make, engine, qtbot):
    canvas = make(BOTH_WAYS, given("tom", 1, "cats"), given("rex", 2, "dogs"))
    press(qtbot, canvas, Key.Key_X)
    engine.answer()
    assert canvas.editor.document.direction == "dogs->cats"
    assert canvas.editor.document.shown.name == "rex"
    assert shows(canvas)
    canvas.panel.direction.direction.activated.emit(0)
    engine.answer()
    assert canvas.editor.document.shown.name == "tom"
    assert shows(canvas)


def test_a_model_of_one_direction_offers_no_other(make, engine, qtbot):
    canvas = make(ONE_WAY, given("kite"))
    engine.answer()
    for key in (Key.Key_X, Key.Key_T):
        press(qtbot, canvas, key)
    engine.answer()
    assert canvas.editor.document.direction == "outline->filled"
    assert not canvas.panel.direction.swap.isVisible()
    assert not canvas.panel.direction.round_trip.isVisible()
    assert not canvas.stage.back.isVisible()


def test_the_round_trip_is_shown_beside(canvas, make, engine, qtbot):
    assert not canvas.stage.back.isVisible()
    press(qtbot, canvas, Key.Key_T)
    engine.answer()
    assert canvas.stage.back.isVisible()
    assert make(BOTH_WAYS, given("other")).stage.back.isVisible()
    there = translated(pixels(canvas.editor.document.shown)[None], "cats->dogs", None)
    assert same(canvas.stage.back.image(), translated(there, "dogs->cats", None)[0])
    assert shows(canvas)
    press(qtbot, canvas, Key.Key_T)
    engine.answer()
    assert not canvas.stage.back.isVisible()


def test_chance_is_offered_where_the_model_leaves_any(make, engine, qtbot):
    canvas = make(ONE_WAY, given("kite"))
    engine.answer()
    assert canvas.panel.chance.isVisible()
    press(qtbot, canvas, Key.Key_R)
    engine.answer()
    assert canvas.editor.document.seed is not None
    assert shows(canvas)
    canvas.panel.chance.seed.chosen.emit(7)
    engine.answer()
    assert shows(canvas)
    canvas.panel.chance.dropout.click()
    engine.answer()
    assert canvas.editor.document.seed is None
    assert shows(canvas)
    canvas.panel.chance.dropout.click()
    assert canvas.editor.document.seed == 7


def test_no_chance_is_offered_where_there_is_none(make, engine, qtbot):
    engine.chance = False
    canvas = make(ONE_WAY, given("kite"))
    engine.answer()
    assert not canvas.panel.chance.isVisible()
    press(qtbot, canvas, Key.Key_R)
    assert canvas.editor.document.seed is None


def test_the_split_can_be_dragged_and_moved_by_key(canvas, qtbot):
    hero = canvas.stage.hero
    around = hero.picture_rect()
    middle = around.center().toPoint()
    qtbot.mousePress(hero, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(hero, QPoint(round(around.left() + around.width() / 4), middle.y()))
    qtbot.mouseRelease(hero, Qt.MouseButton.LeftButton)
    assert hero.split == pytest.approx(0.25, abs=0.01)
    qtbot.mouseMove(hero, middle)
    assert hero.split == pytest.approx(0.25, abs=0.01)
    press(qtbot, canvas, Key.Key_Period)
    assert hero.split == pytest.approx(0.3, abs=0.01)
    for _ in range(9):
        press(qtbot, canvas, Key.Key_Comma)
    assert hero.split == 0
    assert canvas.host.undo_stack.count() == 0


def test_left_of_the_split_is_what_went_in(canvas, qtbot):
    hero = canvas.stage.hero
    place = hero.picture_rect()
    image = hero.grab().toImage()
    side = place.width() / 16
    before, after = pixels(canvas.editor.document.shown), hero.pixels
    for column, expected in ((2, before), (13, after)):
        at = QPointF(place.left() + (column + 0.5) * side, place.top() + 3.5 * side).toPoint()
        assert image.pixelColor(at).getRgb()[:3] == tuple(expected[3, column])


def test_v_shows_them_side_by_side_and_the_choice_is_remembered(canvas, make, qtbot):
    assert not canvas.stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_V)
    assert canvas.stage.paper.isVisible()
    assert make(BOTH_WAYS, given("other")).stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_V)
    assert not canvas.stage.paper.isVisible()


@pytest.mark.parametrize("left_by", [Key.Key_V, Key.Key_B], ids=["side by side", "with the pen"])
def test_a_run_reopens_in_the_view_it_was_left_in(make, engine, qtbot, tmp_path, left_by):
    canvas = make(BOTH_WAYS, given("tom", 1), keep=tmp_path / "translate.json")
    canvas.stage.hero.move_split(0.3)
    canvas.panel.direction.round_trip.click()
    press(qtbot, canvas, left_by)
    other = make(BOTH_WAYS, given("kit", 2))
    if other.stage.paper.isVisible():
        press(qtbot, other, Key.Key_V)
    canvas.host.close()
    again = make(BOTH_WAYS, document=read_envelope(tmp_path / "translate.json").document)
    assert again.editor.document == canvas.editor.document
    assert again.stage.paper.isVisible()
    assert again.panel.direction.view.currentIndex() == 1
    assert again.stage.hero.split == 0.3
    assert again.panel.direction.round_trip.isChecked()


@pytest.mark.parametrize("view", ["sides", {}, {"sides": 1}, {"sides": True, "split": 7, "round_trip": False}])
def test_a_view_that_cannot_be_read_is_the_usual_one(make, view):
    document = TranslationDocument((given("tom"),), direction="cats->dogs").to_json()
    canvas = make(BOTH_WAYS, document={**document, "view": view})
    assert names(canvas) == ["tom"]
    assert not canvas.stage.paper.isVisible()


def test_the_model_is_not_asked_about_a_blank_sheet(canvas, engine, session, qtbot):
    press(qtbot, canvas, Key.Key_N)
    asked = len(session.asked)
    engine.train("run")
    engine.answer()
    assert canvas.stage.hero.pixels is None
    assert canvas.stage.hero.words == "Draw something"
    assert [label.text() for label in canvas.findChildren(SizeLabel)] == [""]
    assert canvas.stage.paper.isVisible()
    assert not canvas.panel.save.isEnabled()
    canvas.copy()
    assert "draw something" in canvas.panel.status.text()
    press(qtbot, canvas, Key.Key_E)
    draw(qtbot, canvas, (0.2, 0.2), (0.6, 0.6))
    press(qtbot, canvas, Key.Key_Escape)
    assert canvas.stage.paper.isVisible()
    assert not [one for one in session.asked[asked:] if isinstance(one, commands.Render)]
    canvas.hide()


def test_blank_paper_at_hand_is_enough(canvas, qtbot):
    press(qtbot, canvas, Key.Key_N)
    press(qtbot, canvas, Key.Key_Escape)
    press(qtbot, canvas, Key.Key_N)
    assert names(canvas) == ["tom", "Drawing 1", "kit", "rex"]
    assert canvas.panel.pen.tool == "pen"
    draw(qtbot, canvas, (0.2, 0.2), (0.5, 0.8))
    press(qtbot, canvas, Key.Key_N)
    assert names(canvas) == ["tom", "Drawing 1", "Drawing 2", "kit", "rex"]


def test_a_late_answer_is_not_shown_on_a_blank_sheet(canvas, engine, qtbot):
    press(qtbot, canvas, Key.Key_Right)
    press(qtbot, canvas, Key.Key_N)
    engine.answer()
    assert canvas.stage.hero.pixels is None


def test_an_export_while_the_run_trains_has_one_set_of_weights(canvas, engine, tmp_path, qtbot, session):
    canvas.add([given(f"more {index}", 20 + index) for index in range(3)])
    engine.answer()
    asked = len(session.asked)
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    with until(qtbot, engine, canvas.exporting.work.finished):
        canvas.exporting.begin()
    held = [one for one in session.asked[asked:] if isinstance(one, commands.Render) and one.held]
    assert [len(one.request.pictures) for one in held] == [4, 2]
    assert commands.Cancel(held[0].client) in session.asked


def test_an_export_goes_not_on_with_other_weights(canvas, engine, tmp_path, qtbot, studio):
    canvas.add([given(f"more {index}", 20 + index) for index in range(3)])
    engine.answer()
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    canvas.exporting.begin()
    engine.answer()
    engine.step = 140
    with until(qtbot, engine, studio.noticed) as noticed:
        pass
    assert "loaded anew" in noticed.args[0]
    assert len(list(tmp_path.glob("*.png"))) == 4
    assert not canvas.exporting.work.running


def test_blank_sheets_are_not_exported(canvas, engine, tmp_path, qtbot):
    press(qtbot, canvas, Key.Key_N)
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    with until(qtbot, engine, canvas.exporting.work.finished):
        canvas.exporting.begin()
    assert sorted(path.stem for path in tmp_path.glob("*.png")) == ["kit", "rex", "tom"]


def test_drawing_is_followed_and_each_stroke_is_one_undo_step(canvas, engine, qtbot):
    press(qtbot, canvas, Key.Key_N)
    engine.answer()
    assert names(canvas) == ["tom", "Drawing 1", "kit", "rex"]
    assert canvas.stage.paper.isVisible()
    steps = canvas.host.undo_stack.count()
    draw(qtbot, canvas, (0.2, 0.2), (0.5, 0.8), (0.8, 0.2))
    engine.answer()
    assert shows(canvas)
    draw(qtbot, canvas, (0.1, 0.5), (0.9, 0.5))
    engine.answer()
    (first, _) = canvas.editor.document.shown.strokes
    assert len(first.points) == 3
    assert first.points[1] == pytest.approx((0.5, 0.8), abs=0.01)
    assert canvas.host.undo_stack.count() == steps + 2
    press(qtbot, canvas, Key.Key_Z, CTRL)
    engine.answer()
    assert canvas.editor.document.shown.strokes == (first,)
    assert shows(canvas)
    press(qtbot, canvas, Key.Key_V)
    assert canvas.stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_Escape)
    assert not canvas.stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_Backspace)
    assert canvas.editor.document.shown.strokes == ()
    assert canvas.stage.hero.pixels is None


def test_every_movement_of_the_pen_asks_for_a_picture(canvas, engine, session, qtbot):
    press(qtbot, canvas, Key.Key_B)
    engine.answer()
    paper = canvas.stage.paper
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=paper.picture_rect().center().toPoint())
    engine.answer()
    assert shows(canvas)
    qtbot.mouseMove(paper, paper.picture_rect().center().toPoint() + QPoint(30, 0))
    engine.answer()
    assert shows(canvas)
    assert len(canvas.editor.document.shown.strokes[0].points) == 2
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)


def test_the_eraser_brings_the_picture_back(canvas, engine, qtbot):
    before = pixels(canvas.editor.document.shown)
    press(qtbot, canvas, Key.Key_B)
    canvas.panel.pen.take_colour("#2f6fd6")
    draw(qtbot, canvas, (0.5, 0.5), (0.6, 0.5))
    assert not same(canvas.stage.paper.image(), before)
    press(qtbot, canvas, Key.Key_E)
    for _ in range(9):
        press(qtbot, canvas, Key.Key_BracketRight)
    draw(qtbot, canvas, (0.4, 0.5), (0.7, 0.5))
    assert same(canvas.stage.paper.image(), before)
    assert [stroke.colour for stroke in canvas.editor.document.shown.strokes] == ["#2f6fd6", ""]


def test_brackets_change_the_pen_and_alt_takes_a_colour_from_the_paper(canvas, qtbot):
    pen = canvas.panel.pen
    size = pen.width_fraction
    press(qtbot, canvas, Key.Key_BracketRight)
    assert pen.width_fraction > size
    press(qtbot, canvas, Key.Key_BracketLeft)
    assert pen.width_fraction == pytest.approx(size)
    press(qtbot, canvas, Key.Key_B)
    paper = canvas.stage.paper
    at = paper.picture_rect().topLeft() + QPointF(3.5, 5.5) * (paper.picture_rect().width() / 16)
    qtbot.mouseClick(paper, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, at.toPoint())
    red, green, blue = pixels(canvas.editor.document.shown)[5, 3]
    assert pen.colour == f"#{red:02x}{green:02x}{blue:02x}"
    assert canvas.editor.document.shown.strokes == ()


def test_a_stroke_undone_under_the_hand_is_over(canvas, qtbot):
    press(qtbot, canvas, Key.Key_B)
    draw(qtbot, canvas, (0.2, 0.2), (0.3, 0.3))
    before = canvas.editor.document
    paper = canvas.stage.paper
    middle = paper.picture_rect().center().toPoint()
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=middle)
    canvas.host.undo_stack.undo()
    qtbot.mouseMove(paper, middle + QPoint(20, 0))
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)
    assert canvas.editor.document == before


def test_files_and_folders_that_are_dropped_become_a_strip(canvas, engine, tmp_path, qtbot, studio):
    picture_file(tmp_path / "many" / "a.png", 11)
    picture_file(tmp_path / "many" / "b.jpg", 12)
    (tmp_path / "many" / "c.png").write_bytes(b"no picture")
    one = picture_file(tmp_path / "one.bmp", 13)
    with qtbot.waitSignal(studio.noticed) as told:
        assert drop(canvas, files(one, tmp_path / "many"))
    assert "c: It is not a picture" in told.args[0] + told.args[2]
    assert names(canvas) == ["tom", "one", "a", "b", "kit", "rex"]
    engine.answer()
    assert shows(canvas)
    assert same(canvas.stage.paper.image(), noise(13))
    canvas.host.undo_stack.undo()
    assert names(canvas) == ["tom", "kit", "rex"]


def test_a_dropped_picture_that_carries_an_edit_is_handed_to_the_page(canvas, tmp_path, qtbot):
    path = tmp_path / "kite.png"
    save_picture(path, noise(1), EditEnvelope("latent", "run", 1, {}))
    with qtbot.waitSignal(canvas.host.edit_wanted) as wanted:
        assert drop(canvas, files(path))
    assert wanted.args == [path]
    assert names(canvas) == ["tom", "kit", "rex"]


def test_other_things_are_left_to_the_window(canvas, tmp_path):
    assert not drop(canvas, files(tmp_path / "song.mp3"))
    text = QMimeData()
    text.setText("hello")
    assert not drop(canvas, text)


def test_a_picture_on_the_clipboard_is_pasted(canvas, engine, qtbot):
    image = QImage(40, 20, QImage.Format.Format_ARGB32)
    image.fill(0x00000000)
    QGuiApplication.clipboard().setImage(image)
    press(qtbot, canvas, Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "Pasted" in names(canvas))
    engine.answer()
    assert shows(canvas)
    assert (pixels(canvas.editor.document.shown) == 255).all()
    QGuiApplication.clipboard().clear()


def test_pictures_are_opened_by_name(canvas, tmp_path, qtbot):
    canvas.arrivals.ask = lambda _folder: [str(picture_file(tmp_path / "kite.png"))]
    press(qtbot, canvas, Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: canvas.editor.document.shown.name == "kite")
    asked: list[str] = []
    canvas.arrivals.ask = lambda folder: asked.append(folder) or []
    canvas.arrivals.open()
    assert asked == [str(tmp_path)]


def test_reading_many_files_says_how_far_and_can_be_stopped(canvas, tmp_path, qtbot, monkeypatch):
    from studio.gui.canvases import translate_incoming

    for index in range(6):
        picture_file(tmp_path / f"{index}.png", index)
    said: list[str] = []
    canvas.arrivals.said.connect(said.append)
    gate = threading.Event()
    monkeypatch.setattr(translate_incoming.Picture, "of", held_after(translate_incoming.Picture.of, 2, gate))
    assert drop(canvas, files(tmp_path))
    qtbot.waitUntil(lambda: "Reading picture 3 of 6. Esc stops." in said)
    press(qtbot, canvas, Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: "0" in names(canvas))
    assert names(canvas) == ["tom", "0", "1", "2", "kit", "rex"]
    press(qtbot, canvas, Key.Key_Escape)
    canvas.panel.status.close()


def test_opening_pictures_comes_before_the_windows_own_shortcut(canvas):
    for key, modifiers, taken in ((Key.Key_O, CTRL, True), (Key.Key_K, CTRL, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(canvas.stage.hero, event)
        assert event.isAccepted() is taken


def test_a_full_strip_says_so(canvas, studio, qtbot, monkeypatch):
    monkeypatch.setattr("studio.edit.translation.MOST_INPUTS", 4)
    with qtbot.waitSignal(studio.noticed) as told:
        canvas.add([given("a", 8), given("b", 9)])
    assert told.args[0] == "1 picture did not fit into the strip."
    assert names(canvas) == ["tom", "a", "kit", "rex"]


def test_the_runs_own_data_gives_examples(make, make_run, engine, tmp_path, qtbot):
    for side, count in (("A", 3), ("B", 2)):
        for index in range(count):
            picture_file(tmp_path / "data" / side / f"{side}{index}.png", index)
    run = make_run(data=str(tmp_path / "data"), data_info={"kind": "unpaired"})
    canvas = make(replace(BOTH_WAYS, directions=("A->B", "B->A")), run=str(run.folder))
    assert canvas._pictures.currentWidget() is canvas.stage
    qtbot.waitUntil(lambda: len(names(canvas)) == 5)
    assert {one.domain for one in canvas.editor.document.inputs[:3]} == {"A"}
    assert canvas.host.undo_stack.count() == 0
    engine.answer()
    assert shows(canvas)
    press(qtbot, canvas, Key.Key_X)
    assert canvas.editor.document.shown.domain == "B"


def test_without_the_runs_data_there_is_paper_to_draw_on(make, engine, qtbot):
    canvas = make(ONE_WAY)
    qtbot.waitUntil(lambda: bool(names(canvas)))
    assert names(canvas) == ["Drawing 1"]
    assert canvas.panel.pen.tool == "pen"
    engine.answer()
    draw(qtbot, canvas, (0.2, 0.2), (0.6, 0.6))
    engine.answer()
    assert shows(canvas)


def test_examples_can_be_asked_for_again(make, make_run, tmp_path, qtbot):
    picture_file(tmp_path / "data" / "A" / "a.png")
    picture_file(tmp_path / "data" / "B" / "b.png")
    run = make_run(data=str(tmp_path / "data"), data_info={"kind": "unpaired"})
    canvas = make(BOTH_WAYS, document=TranslationDocument().to_json(), run=str(run.folder))
    canvas.arrivals.look_for_examples()
    qtbot.waitUntil(lambda: names(canvas) == ["Drawing 1"])
    canvas = make(
        replace(BOTH_WAYS, directions=("B->A",)), document=TranslationDocument().to_json(), run=str(run.folder)
    )
    canvas.arrivals.look_for_examples()
    qtbot.waitUntil(lambda: names(canvas) == ["b"])
    canvas.host.undo_stack.undo()
    assert names(canvas) == []


def test_an_empty_strip_says_how_to_fill_it(make, qtbot):
    canvas = make(ONE_WAY, document=TranslationDocument().to_json())
    assert canvas.empty.isVisible()
    assert not canvas.panel.save.isEnabled()
    canvas.copy()
    canvas.save()
    for key in (Key.Key_X, Key.Key_Left, Key.Key_Delete, Key.Key_Backspace, Key.Key_R):
        qtbot.keyClick(canvas.empty, key)
    assert canvas.host.undo_stack.count() == 0
    qtbot.keyClick(canvas.empty, Key.Key_B)
    assert names(canvas) == ["Drawing 1"]
    assert not canvas.empty.isVisible()


def test_the_whole_strip_is_exported_with_progress(canvas, engine, tmp_path, qtbot, studio):
    (tmp_path / "kit.png").write_bytes(b"mine")
    canvas.add([given("tom", 20), given("a/b", 21), given("", 22)])
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    seen: list[tuple[int, int]] = []
    canvas.exporting.work.progressed.connect(lambda done, total: seen.append((done, total)))
    press(qtbot, canvas, Key.Key_S, CTRL | SHIFT)
    engine.batches.clear()
    with until(qtbot, engine, studio.noticed) as told:
        engine.answer()
    assert [count for count in engine.batches if count > 1] == [4, 2]
    assert told.args[0] == f"6 pictures are in {tmp_path}."
    assert seen == [(0, 6), (4, 6), (6, 6)]
    files = {"tom", "tom (2)", "a_b", "picture", "kit (2)", "rex"}
    assert {path.stem for path in tmp_path.glob("*.png")} == files | {"kit"}
    assert (tmp_path / "kit.png").read_bytes() == b"mine"
    carried = TranslationDocument.from_json(read_envelope(tmp_path / "rex.png").document)
    assert carried == canvas.editor.document.going_to(5).alone()


def test_an_export_can_be_given_up_and_begun_again(canvas, engine, tmp_path, qtbot, studio):
    canvas.exporting.ask = lambda _folder: str(tmp_path / "out")
    canvas.panel.strip.export.click()
    assert canvas.panel.strip.cancel.isVisible()
    canvas.exporting.begin()
    canvas.panel.strip.cancel.click()
    assert canvas.panel.strip.export.isVisible()
    engine.answer()
    assert not (tmp_path / "out").exists()
    canvas.panel.strip.export.click()
    with until(qtbot, engine, studio.noticed):
        engine.answer()
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_an_export_that_cannot_go_on_says_why(canvas, engine, tmp_path, qtbot, studio, session, tell):
    (tmp_path / "file").write_text("")
    canvas.exporting.ask = lambda _folder: str(tmp_path / "file")
    canvas.panel.strip.export.click()
    with qtbot.waitSignal(studio.noticed) as told:
        engine.answer()
    assert told.args[3] == "bad"
    assert canvas.panel.strip.export.isVisible()
    canvas.panel.strip.export.click()
    wish = engine.pending()[-1]
    with qtbot.waitSignal(studio.noticed) as told:
        tell(RenderFailed(wish.client, wish.serial, "The model could not render."))
    assert told.args[0] == "The model could not render."


def test_saving_and_copying_carry_the_input_that_is_shown(canvas, engine, tmp_path, qtbot, studio):
    canvas.keeper.ask = lambda suggestion: str(tmp_path / suggestion.rsplit("/", 1)[-1])
    with qtbot.waitSignal(studio.noticed):
        press(qtbot, canvas, Key.Key_S, CTRL)
        engine.answer()
    envelope = read_envelope(tmp_path / "tom-dogs.png")
    assert envelope.canvas == "translate"
    assert TranslationDocument.from_json(envelope.document) == canvas.editor.document.alone()
    press(qtbot, canvas, Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.hasFormat(EDIT_TYPE)
    assert not canvas.arrivals.take(data)
    assert canvas.arrivals.take(data, alone=True)
    qtbot.waitUntil(lambda: "Pasted" in names(canvas))
    QGuiApplication.clipboard().clear()
    canvas.panel.status.close()


def test_an_opened_document_comes_into_the_strip_and_can_be_undone(canvas, engine):
    before = canvas.editor.document
    opened = TranslationDocument((given("kite", 9),), direction="dogs->cats", seed=5)
    canvas.host.document_opened.emit(opened.to_json())
    engine.answer()
    assert names(canvas) == ["tom", "kite", "kit", "rex"]
    assert canvas.editor.document.alone() == opened
    assert shows(canvas)
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == before


def test_a_document_that_cannot_be_read_is_refused_in_a_sentence(canvas, studio, qtbot):
    before = canvas.editor.document
    with qtbot.waitSignal(studio.noticed):
        canvas.host.document_opened.emit({"inputs": "x"})
    assert canvas.editor.document == before


def test_it_reopens_with_the_document_it_had(make, canvas):
    canvas.editor.step(2)
    canvas.editor.choose_seed(9)
    again = make(BOTH_WAYS, document=canvas.editor.document.to_json())
    assert again.editor.document == canvas.editor.document
    broken = make(BOTH_WAYS, document={"inputs": 4})
    assert names(broken) == []


def test_an_edit_of_a_run_with_other_domains_goes_the_first_way(make):
    document = TranslationDocument((given("kite"),), direction="a->b")
    assert make(ONE_WAY, document=document.to_json()).editor.document.direction == "outline->filled"


def test_the_history_notes_where_the_hand_rested_and_goes_back(make, engine, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(document_history, "REST_MS", 1)
    keep = tmp_path / "edits" / "translate.json"
    canvas = make(BOTH_WAYS, given("tom", 1), given("kit", 2), keep=keep)
    engine.answer()
    entries = canvas.history.entries
    qtbot.waitUntil(lambda: entries.rowCount() == 1)
    canvas.editor.step(1)
    engine.answer()
    qtbot.waitUntil(lambda: entries.rowCount() == 2)
    assert entries.entry(0).words == "kit to dogs · step 100"
    entries.toggle(1)
    qtbot.waitUntil(lambda: len(list((keep.parent / "kept").glob("*.png"))) == 1)
    canvas.editor.remove(0)
    canvas.history.go_to(1)
    assert names(canvas) == ["kit", "tom"]
    assert canvas.editor.document.shown.name == "tom"
    again = make(BOTH_WAYS, given("rex", 3), keep=keep)
    qtbot.waitUntil(lambda: again.history.entries.rowCount() == 1)
    assert again.history.entries.entry(0).kept


def test_a_failure_is_told_where_the_picture_is(canvas, tell, engine):
    canvas.editor.step(1)
    wish = engine.pending()[-1]
    tell(RenderFailed(wish.client, wish.serial, "The model could not render."))
    assert canvas.panel.status.text() == "The model could not render."


def test_it_follows_the_weights_while_the_run_trains(canvas, engine, qtbot):
    engine.train("run")
    engine.step = 140
    engine.answer()
    qtbot.waitUntil(lambda: bool(engine.pending()))
    engine.answer()
    assert canvas.host.step == 140
    canvas.hide()


def test_two_hundred_random_edits_undone_give_the_same_document(canvas, qtbot):
    chance = random.Random(1)
    editor, pen = canvas.editor, canvas.panel.pen

    def stroke() -> None:
        if editor.document.shown is not None:
            for signal in (canvas.stage.paper.begun, *[canvas.stage.paper.moved] * 3):
                signal.emit(chance.random(), chance.random())
            canvas.stage.paper.ended.emit()

    edits = [
        stroke,
        stroke,
        editor.swap,
        lambda: editor.step(chance.choice((-1, 1))),
        lambda: editor.remove(editor.document.current),
        lambda: canvas.add([given("new", chance.randrange(99))]),
        lambda: canvas.panel.chance.chosen.emit(chance.choice((None, 4, 5))),
        lambda: pen.toggle(chance.choice(("pen", "eraser"))),
        lambda: pen.resize_by(chance.choice((-1, 1))),
        canvas.drawing.new_paper,
        canvas.drawing.clear,
    ]
    digests = [editor.document.digest()]
    for _ in range(200):
        chance.choice(edits)()
        digests.append(editor.document.digest())
    stack = canvas.host.undo_stack
    back = [digests[-1]]
    while stack.canUndo():
        stack.undo()
        back.append(editor.document.digest())
        assert back[-1] in digests
    assert back[-1] == digests[0]
    for digest in reversed(back[:-1]):
        stack.redo()
        assert editor.document.digest() == digest


def test_everything_that_takes_the_focus_has_a_name(canvas):
    assert nameless(canvas) == []
