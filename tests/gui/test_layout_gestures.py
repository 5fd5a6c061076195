"""The page of the layout canvas under a hand: boxes are drawn, moved, resized and chosen."""

from __future__ import annotations

import pytest
from layout_kit import CAT, DOCUMENT, STAR, at, box, canvas, close_to, drag, engine, make, move, shows
from PySide6.QtCore import Qt

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def test_drawing_on_nothing_makes_an_object_of_the_chosen_label(canvas, engine, qtbot):
    canvas.editor.choose_label("tree")
    drag(qtbot, canvas, (0.2, 0.6), (0.45, 0.9))
    engine.answer()
    assert box(canvas, 3) == close_to(0.2, 0.6, 0.25, 0.3)
    assert canvas.editor.document.objects[3].label == "tree"
    assert canvas.editor.document.objects[:3] == DOCUMENT.objects
    assert canvas.editor.selection == (3,)
    assert canvas.host.undo_stack.count() == 1
    assert shows(canvas)
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == DOCUMENT


def test_dragging_moves_and_the_picture_follows_in_one_undo_step(canvas, engine, session, qtbot):
    before = len(session.asked)
    drag(qtbot, canvas, (0.2, 0.2), (0.3, 0.4), release=False)
    assert len(session.asked) > before
    qtbot.mouseRelease(canvas.view, LEFT, ALT, at(canvas, 0.3, 0.4))
    engine.answer()
    assert box(canvas, 0) == close_to(0.2, 0.3, 0.3, 0.3)
    assert shows(canvas)
    drag(qtbot, canvas, (0.3, 0.4), (0.35, 0.4))
    assert canvas.host.undo_stack.count() == 2
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == DOCUMENT


def test_handles_resize(canvas, qtbot):
    canvas.editor.select([0])
    drag(qtbot, canvas, (0.4, 0.4), (0.5, 0.6))
    assert box(canvas, 0) == close_to(0.1, 0.1, 0.4, 0.5)
    drag(qtbot, canvas, (0.1, 0.35), (0.2, 0.9))
    assert box(canvas, 0) == close_to(0.2, 0.1, 0.3, 0.5)


def test_several_move_and_resize_together_and_stay_inside(canvas, qtbot):
    canvas.editor.select([0, 1])
    drag(qtbot, canvas, (0.2, 0.2), (0.9, 0.2))
    assert box(canvas, 0) == close_to(0.35, 0.1, 0.3, 0.3)
    assert box(canvas, 1) == close_to(0.75, 0.55, 0.25, 0.25)
    drag(qtbot, canvas, (0.35, 0.1), (0.0, 0.1))
    assert canvas.editor.document.frame([0, 1]) == close_to(0.0, 0.1, 1.0, 0.7)
    assert box(canvas, 2) == STAR.box


def test_edges_snap_to_thirds_and_neighbours_unless_alt_is_held(canvas, qtbot):
    drag(qtbot, canvas, (0.2, 0.2), (0.2 + 1 / 3 - 0.1 + 0.008, 0.2), NONE)
    assert box(canvas, 0)[0] == pytest.approx(1 / 3, abs=1e-6)
    canvas.host.undo_stack.undo()
    drag(qtbot, canvas, (0.2, 0.2), (0.2, 0.2 + 0.45 - 0.008), NONE)
    assert box(canvas, 0)[1] == pytest.approx(0.55, abs=1e-6)
    canvas.host.undo_stack.undo()
    drag(qtbot, canvas, (0.2, 0.2), (0.2, 0.2 + 0.45 - 0.008), ALT)
    assert box(canvas, 0)[1] == pytest.approx(0.542, abs=0.004)


def test_shift_moves_straight_and_keeps_the_ratio(canvas, qtbot):
    canvas.editor.select([0])
    canvas.editor.select([])
    qtbot.mousePress(canvas.view, LEFT, NONE, at(canvas, 0.2, 0.2))
    move(canvas.view, at(canvas, 0.31, 0.25), SHIFT | ALT)
    qtbot.mouseRelease(canvas.view, LEFT, NONE, at(canvas, 0.31, 0.25))
    assert box(canvas, 0) == close_to(0.21, 0.1, 0.3, 0.3)
    drag(qtbot, canvas, (0.51, 0.4), (0.71, 0.45), SHIFT)
    assert box(canvas, 0) == close_to(0.21, 0.1, 0.5, 0.5)


def test_ctrl_draws_on_top_of_a_box(canvas, qtbot):
    drag(qtbot, canvas, (0.15, 0.15), (0.3, 0.3), CTRL | ALT)
    assert len(canvas.editor.document.objects) == 4
    assert canvas.editor.document.objects[0] == CAT


def test_clicks_choose_one_shift_adds_and_nothing_lets_go(canvas, qtbot):
    for where, modifiers, chosen in (
        ((0.2, 0.2), NONE, (0,)),
        ((0.6, 0.7), SHIFT, (0, 1)),
        ((0.2, 0.2), SHIFT, (1,)),
        ((0.7, 0.15), CTRL, (1, 2)),
        ((0.6, 0.7), CTRL, (2,)),
        ((0.7, 0.15), NONE, (2,)),
        ((0.95, 0.95), NONE, ()),
    ):
        qtbot.mouseClick(canvas.view, LEFT, modifiers, at(canvas, *where))
        assert canvas.editor.selection == chosen
    assert canvas.editor.document == DOCUMENT
    assert canvas.host.undo_stack.count() == 0


def test_a_frame_chooses_what_it_touches(canvas, qtbot):
    drag(qtbot, canvas, (0.45, 0.95), (0.55, 0.02), SHIFT)
    assert canvas.editor.selection == (1,)
    drag(qtbot, canvas, (0.5, 0.4), (0.65, 0.2), SHIFT)
    assert canvas.editor.selection == (1, 2)


def test_escape_takes_a_gesture_back(canvas, qtbot):
    canvas.editor.select([1])
    for start, stop in (((0.2, 0.2), (0.5, 0.5)), ((0.95, 0.95), (0.8, 0.8)), ((0.6, 0.7), (0.1, 0.1))):
        drag(qtbot, canvas, start, stop, release=False)
        assert canvas.editor.document != DOCUMENT
        qtbot.keyClick(canvas.view, Key.Key_Escape)
        assert canvas.editor.document == DOCUMENT
        qtbot.mouseRelease(canvas.view, LEFT, NONE, at(canvas, *stop))
    assert canvas.host.undo_stack.count() == 0
    qtbot.keyClick(canvas.view, Key.Key_Escape)
    assert canvas.editor.selection == ()


def test_undo_in_the_middle_of_a_drag_ends_it(canvas, qtbot):
    drag(qtbot, canvas, (0.2, 0.2), (0.5, 0.5), release=False)
    qtbot.keyClick(canvas.view, Key.Key_Z, CTRL)
    assert canvas.editor.document == DOCUMENT
    move(canvas.view, at(canvas, 0.6, 0.6), NONE)
    qtbot.mouseRelease(canvas.view, LEFT, NONE, at(canvas, 0.6, 0.6))
    assert canvas.editor.document == DOCUMENT


def test_a_held_arrow_is_one_undo_step(canvas, qtbot):
    canvas.editor.select([0])
    for _ in range(3):
        qtbot.keyPress(canvas.view, Key.Key_Right)
    qtbot.keyRelease(canvas.view, Key.Key_Right)
    qtbot.keyClick(canvas.view, Key.Key_Right)
    assert canvas.host.undo_stack.count() == 2
    canvas.host.undo_stack.undo()
    assert box(canvas, 0)[0] == pytest.approx(0.1 + 3 / 32, abs=1e-5)
