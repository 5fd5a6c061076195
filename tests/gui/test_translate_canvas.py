"""The translation canvas: which picture it shows, how it is looked at, what it remembers."""

from __future__ import annotations

import random

import pytest
from canvas_kit import nameless
from PySide6.QtCore import QPoint, QPointF, Qt
from translate_kit import BOTH_WAYS, ONE_WAY, canvas, engine, given, make, names, pixels, press, same, shows, translated

from studio.edit.documents import read_envelope
from studio.edit.translation import TranslationDocument
from studio.engine.events import RenderFailed
from studio.gui.canvases import document_history

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


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


def test_escape_takes_the_split_back_where_it_was(canvas, qtbot):
    hero = canvas.stage.hero
    middle = hero.picture_rect().center().toPoint()
    qtbot.mousePress(hero, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(hero, middle - QPoint(40, 0))
    assert hero.split < 0.5
    press(qtbot, canvas, Key.Key_Escape)
    qtbot.mouseMove(hero, middle - QPoint(60, 0))
    qtbot.mouseRelease(hero, Qt.MouseButton.LeftButton)
    assert hero.split == 0.5


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
