"""The layout canvas: what it shows and asks for, its keys, and what it takes back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from canvas_kit import nameless
from layout_kit import CAT, DOCUMENT, LABELS, canvas, drag, engine, make, shows
from PySide6.QtCore import Qt

from studio.edit.layout import LayoutDocument
from studio.gui.canvases import document_history
from tests.gui.small_window import ROOM

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_the_first_picture_is_asked_for_and_shown(canvas):
    assert shows(canvas)
    assert canvas.editor.document == DOCUMENT
    assert canvas.panel.status.text() == "Step 100 · 9 ms a picture"


def test_boxes_and_picture_are_equally_large(canvas):
    page, place = canvas.view.page(), canvas.hero.place()
    assert page.size() == place.size()
    assert canvas.view.y() + page.top() == canvas.hero.y() + place.top()


def test_in_the_smallest_window_nothing_lies_over_anything(canvas):
    assert canvas.minimumSizeHint().width() <= ROOM
    canvas.resize(ROOM, 500)
    below = canvas.variants.mapTo(canvas, canvas.variants.rect().topLeft())
    assert canvas.hero.mapTo(canvas, canvas.hero.rect().bottomLeft()).y() < below.y()
    assert canvas.hero.height() <= canvas.view.height()


def test_keys_do_everything(canvas, qtbot):
    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> LayoutDocument:
        qtbot.keyClick(canvas.view, key, modifiers)
        return canvas.editor.document

    press(Key.Key_N)
    assert canvas.editor.selection == (0,)
    press(Key.Key_N, SHIFT)
    assert canvas.editor.selection == (2,)
    assert press(Key.Key_Left).objects[2].box == pytest.approx((0.6 - 1 / 32, 0.05, 0.2, 0.2), abs=1e-5)
    assert press(Key.Key_Down, SHIFT).objects[2].box == pytest.approx((0.6 - 1 / 32, 0.3, 0.2, 0.2), abs=1e-5)
    assert press(Key.Key_Right, CTRL).objects[2].box[2] == pytest.approx(0.2 + 1 / 32, abs=1e-5)
    assert canvas.host.undo_stack.count() == 3
    assert len(press(Key.Key_D, CTRL).objects) == 4
    assert canvas.editor.selection == (3,)
    assert len(press(Key.Key_Delete).objects) == 3
    press(Key.Key_A, CTRL)
    assert canvas.editor.selection == (0, 1, 2)
    assert all(one.locked for one in press(Key.Key_L).objects)
    assert not any(one.locked for one in press(Key.Key_L).objects)
    canvas.editor.select([0])
    assert [one.label for one in press(Key.Key_BracketRight).objects] == ["kite", "cat", "star"]
    assert [one.label for one in press(Key.Key_BracketRight, CTRL).objects] == ["kite", "star", "cat"]
    assert [one.label for one in press(Key.Key_BracketLeft).objects] == ["kite", "cat", "star"]
    assert [one.label for one in press(Key.Key_BracketLeft, CTRL).objects] == ["cat", "kite", "star"]
    assert len(press(Key.Key_A).objects) == 4
    press(Key.Key_B)
    assert canvas.view.behind


def test_other_looks_for_one_leave_the_rest(canvas, engine, qtbot):
    canvas.editor.select([1])
    qtbot.keyClick(canvas.view, Key.Key_R)
    seeds = [one.seed for one in canvas.editor.document.objects]
    assert seeds[0] == 5
    assert seeds[1] != 6
    assert seeds[2] == 7
    assert canvas.editor.document.reseeded({1: 6}) == DOCUMENT
    engine.answer()
    assert shows(canvas)
    canvas.editor.select([2])
    canvas.editor.toggle_lock()
    qtbot.keyClick(canvas.view, Key.Key_R, SHIFT)
    after = [one.seed for one in canvas.editor.document.objects]
    assert after[2] == 7
    assert after[0] != 5
    assert after[1] != seeds[1]


def test_what_is_locked_says_so(canvas, qtbot):
    canvas.editor.select([0])
    canvas.editor.toggle_lock()
    drag(qtbot, canvas, (0.2, 0.2), (0.5, 0.5))
    qtbot.keyClick(canvas.view, Key.Key_Delete)
    assert canvas.editor.document.objects[0] == replace(CAT, locked=True)
    assert canvas.panel.status.text() == "It is locked. L unlocks it."
    canvas.panel.status.close()


def test_sixty_four_objects_are_enough(make, qtbot):
    full = LayoutDocument((CAT,) * 64)
    canvas = make(full)
    canvas.editor.select([0])
    drag(qtbot, canvas, (0.5, 0.5), (0.9, 0.9))
    qtbot.keyClick(canvas.view, Key.Key_D, CTRL)
    qtbot.keyClick(canvas.view, Key.Key_A)
    assert canvas.editor.document == full
    assert canvas.panel.status.text() == "A layout holds 64 objects at most."
    canvas.panel.status.close()


def test_an_empty_page_asks_for_nothing_and_says_what_to_do(make, engine, session, qtbot):
    canvas = make(None)
    clients = {wish.client for wish in engine.pending()}
    assert all(client.endswith("starts") for client in clients)
    engine.answer()
    assert canvas.hero.pixels is None
    qtbot.keyClick(canvas.view, Key.Key_S, CTRL)
    assert canvas.panel.status.text().startswith("There is no picture yet")
    canvas.panel.status.close()
    drag(qtbot, canvas, (0.2, 0.2), (0.5, 0.5))
    engine.answer()
    assert shows(canvas)
    qtbot.keyClick(canvas.view, Key.Key_Right)
    qtbot.keyClick(canvas.view, Key.Key_Delete)
    assert engine.answer()
    assert canvas.hero.pixels is None


def test_the_history_notes_where_the_hand_rested(make, engine, qtbot, monkeypatch):
    monkeypatch.setattr(document_history, "REST_MS", 1)
    canvas = make()
    engine.answer()
    entries = canvas.history.entries
    qtbot.waitUntil(lambda: entries.rowCount() == 1)
    canvas.editor.select([0])
    qtbot.keyClick(canvas.view, Key.Key_Right)
    engine.answer()
    qtbot.waitUntil(lambda: entries.rowCount() == 2)
    assert entries.entry(0).words == "cat, kite, star · step 100"
    canvas.history.go_to(1)
    assert canvas.editor.document == DOCUMENT


def test_undo_selects_what_came_back(canvas, qtbot):
    canvas.editor.select([1])
    canvas.editor.delete()
    assert canvas.editor.selection == ()
    canvas.editor.select([0])
    canvas.host.undo_stack.undo()
    assert canvas.editor.selection == (1,)


def test_while_training_the_picture_follows_the_weights(canvas, engine, qtbot):
    engine.train("run")
    for step in (101, 102):
        engine.step = step
        qtbot.waitUntil(lambda step=step: bool(engine.answer()) and canvas.host.step == step)
    assert shows(canvas)


def test_two_hundred_random_edits_undone_give_the_same_document(canvas, engine, qtbot):
    chance = random.Random(1)
    editor = canvas.editor

    def some() -> None:
        editor.select(place for place in range(len(editor.document.objects)) if chance.random() < 0.4)

    def gesture() -> None:
        start, stop = ((chance.random(), chance.random()) for _ in range(2))
        drag(qtbot, canvas, start, stop, chance.choice((NONE, ALT, SHIFT, CTRL)))

    def nudge() -> None:
        for _ in range(3):
            editor.nudge(chance.uniform(-0.1, 0.1), chance.uniform(-0.1, 0.1))
        editor.end_gesture()

    edits = [
        some,
        some,
        gesture,
        gesture,
        gesture,
        nudge,
        editor.add,
        editor.duplicate,
        editor.delete,
        editor.toggle_lock,
        editor.resample,
        editor.resample_all,
        editor.to_front,
        editor.to_back,
        lambda: editor.step(chance.choice((-1, 1))),
        lambda: editor.choose_label(chance.choice(LABELS)),
        lambda: canvas.starts.grid.clicked.emit(chance.randrange(6)),
        lambda: editor.grow(chance.uniform(-0.2, 0.2), 0.01),
        editor.end_gesture,
    ]
    for _ in range(200):
        chance.choice(edits)()
    stack = canvas.host.undo_stack
    digests = [editor.document.digest()]
    while stack.canUndo():
        stack.undo()
        digests.append(editor.document.digest())
    assert editor.document == DOCUMENT
    for digest in reversed(digests[:-1]):
        stack.redo()
        assert editor.document.digest() == digest
    engine.answer()
    canvas.panel.status.close()


def test_everything_that_takes_the_focus_has_a_name(canvas):
    assert nameless(canvas) == []
    canvas.editor.select([0, 1])
    assert canvas.view.accessibleDescription() == "3 objects, cat, kite selected"
