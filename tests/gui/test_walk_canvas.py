"""The walk canvas: its timeline and its keyframes under a hand, and what it keeps."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from walk_kit import SPACE, STYLED, WALK, Walking, at, canvas, drag, engine, make, pictures_of, seeds

from studio.edit.documents import read_envelope
from studio.edit.keyframes import Keyframe
from studio.edit.points import LatentPoint
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import StyleFrames
from studio.gui.canvases.walk import WalkCanvas

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def test_it_begins_empty_and_makes_a_walk_in_one_click(make: Callable[..., WalkCanvas], engine: Walking) -> None:
    canvas = make()
    assert canvas.empty.isVisible()
    assert canvas.panel.status.text() == ""
    canvas.editor.begin()
    engine.answer()
    assert not canvas.empty.isVisible()
    document = canvas.editor.document
    assert (len(set(seeds(canvas))), document.loop) == (4, True)
    assert np.array_equal(canvas.hero.pixels, pictures_of(document.frames(SPACE, [0.0]))[0])
    assert all(canvas.thumbnails.image(one) for one in document.keyframes)
    canvas.host.undo_stack.undo()
    assert canvas.empty.isVisible()


def test_scrubbing_shows_frames_and_is_no_step(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    drag(qtbot, canvas, at(canvas, 0.5, 5), at(canvas, 2.4, 5))
    engine.answer()
    assert canvas.editor.document.time == pytest.approx(2.4, abs=0.02)
    assert (canvas.editor.document.time * 25) == pytest.approx(canvas.editor.document.frame)
    expected = pictures_of(canvas.editor.document.frames(SPACE, [canvas.editor.document.time]))[0]
    assert np.array_equal(canvas.hero.pixels, expected)
    assert canvas.host.undo_stack.count() == 0


def test_a_drag_moves_a_keyframe(canvas: WalkCanvas, qtbot: QtBot) -> None:
    drag(qtbot, canvas, at(canvas, 0.3), at(canvas, 2.6))
    assert seeds(canvas) == [2, 3, 1, 4]
    assert canvas.editor.selected == 2
    drag(qtbot, canvas, at(canvas, 3.3), at(canvas, 0.02))
    assert seeds(canvas) == [4, 2, 3, 1]
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == WALK


def test_a_click_chooses_and_changes_nothing(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.mouseClick(canvas.timeline, LEFT, pos=at(canvas, 2.5))
    assert canvas.editor.selected == 2
    assert canvas.keyframe.seed.number.text() == "3"
    assert canvas.editor.document == WALK


def test_a_boundary_changes_how_long_it_takes_in_one_step(canvas: WalkCanvas, qtbot: QtBot) -> None:
    drag(qtbot, canvas, at(canvas, 2.0), at(canvas, 1.5))
    assert [one.seconds for one in canvas.editor.document.keyframes] == pytest.approx([1, 0.5, 1, 1], abs=0.021)
    assert canvas.host.undo_stack.count() == 1
    frames = canvas.editor.document.keyframes[1].seconds * 25
    assert frames == pytest.approx(round(frames))
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == WALK


def test_a_double_click_goes_there(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.mouseDClick(canvas.timeline, LEFT, pos=at(canvas, 3.5))
    assert canvas.editor.document.time == 3.0


@pytest.mark.parametrize(
    ("key", "frame"),
    [(Key.Key_Right, 11), (Key.Key_L, 11), (Key.Key_Left, 9), (Key.Key_J, 9), (Key.Key_Home, 0), (Key.Key_End, 99)],
)
def test_keys_step_frames(canvas: WalkCanvas, qtbot: QtBot, key: Qt.Key, frame: int) -> None:
    canvas.editor.go(10 / 25)
    qtbot.keyClick(canvas.timeline, key)
    assert canvas.editor.document.frame == frame


def test_frames_are_counted_as_the_film_has_them(canvas: WalkCanvas) -> None:
    def said() -> str:
        return " ".join(label.text() for label in canvas.transport.findChildren(QLabel))

    assert "frame 1 of 100" in said()
    canvas.transport.to_end()
    assert "frame 100 of 100" in said()
    canvas.editor.edit(WalkDocument(), "Clear")
    assert "frame 0 of 0" in said()


def test_stepping_back_from_the_start_of_a_loop_is_its_end(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas.timeline, Key.Key_Left)
    assert canvas.editor.document.frame == 99
    qtbot.keyClick(canvas.timeline, Key.Key_O)
    assert canvas.editor.document.frame_count == 76
    qtbot.keyClick(canvas.timeline, Key.Key_End)
    qtbot.keyClick(canvas.timeline, Key.Key_Right, SHIFT)
    assert canvas.editor.document.frame == 75


def test_keys_edit_keyframes(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas.timeline, Key.Key_Down)
    assert (canvas.editor.selected, canvas.editor.document.time) == (1, 1.0)
    qtbot.keyClick(canvas.timeline, Key.Key_Right, CTRL)
    assert seeds(canvas) == [1, 3, 2, 4]
    qtbot.keyClick(canvas.timeline, Key.Key_E)
    assert canvas.editor.document.keyframes[2].ease == "linear"
    qtbot.keyClick(canvas.timeline, Key.Key_BracketRight)
    assert canvas.editor.document.keyframes[2].seconds == pytest.approx(1.12)
    qtbot.keyClick(canvas.timeline, Key.Key_D, CTRL)
    assert seeds(canvas) == [1, 3, 2, 2, 4]
    qtbot.keyClick(canvas.timeline, Key.Key_Delete)
    qtbot.keyClick(canvas.timeline, Key.Key_A)
    assert len(seeds(canvas)) == 5
    qtbot.keyClick(canvas.timeline, Key.Key_R)
    qtbot.keyClick(canvas.timeline, Key.Key_Z, CTRL)
    for _ in range(6):
        canvas.host.undo_stack.undo()
    assert canvas.editor.document.keyframes == WALK.keyframes


def test_single_keys_stay_off_while_typing(canvas: WalkCanvas, qtbot: QtBot) -> None:
    canvas.keyframe.seed.number.setFocus()
    qtbot.keyClicks(canvas.keyframe.seed.number, "a")
    assert canvas.editor.document == WALK


def test_controls_change_the_chosen_keyframe(make: Callable[..., WalkCanvas], engine: Walking) -> None:
    canvas = make(facts=replace(STYLED, labels=("cat", "dog")), document=WALK.to_json())
    canvas.editor.select(1)
    canvas.keyframe.seed.number.chosen.emit(77)
    canvas.keyframe.label.activated.emit(1)
    for psi in (0.8, 0.6):
        canvas.keyframe.psi.changed.emit(psi)
    canvas.keyframe.psi.committed.emit(0.6)
    for seconds in (1.5, 2.01):
        canvas.keyframe.seconds.changed.emit(seconds)
    canvas.keyframe.seconds.committed.emit(2.01)
    canvas.keyframe.ease.setCurrentIndex(2)
    changed = canvas.editor.document.keyframes[1]
    assert changed == Keyframe(LatentPoint(77), 0.6, 1, 2.0, "hold")
    assert canvas.keyframe.seconds.value() == 2.0
    assert canvas.host.undo_stack.count() == 5
    canvas.way.through.setCurrentIndex(1)
    canvas.way.path.activated.emit(1)
    canvas.way.fps.activated.emit(0)
    document = canvas.editor.document
    assert (document.through, document.path, document.fps) == ("w", "lerp", 10)
    engine.answer()
    assert isinstance(engine.asked[-1], StyleFrames) or isinstance(engine.asked[-2], StyleFrames)


def test_w_is_offered_to_models_that_have_it_alone(make: Callable[..., WalkCanvas]) -> None:
    walked = WALK.with_through("w").to_json()
    assert make(document=walked).editor.document.through == "z"
    styled = make(facts=STYLED, document=walked)
    assert styled.editor.document.through == "w"
    assert styled.way.through.isVisible()


def test_it_saves_itself_and_reopens_where_it_was(
    make: Callable[..., WalkCanvas], qtbot: QtBot, tmp_path: Path
) -> None:
    canvas = make(keep=tmp_path / "walk.json")
    canvas.editor.begin()
    canvas.editor.go(3.0)
    canvas.host.close()
    kept = read_envelope(tmp_path / "walk.json")
    assert make(document=kept.document).editor.document == canvas.editor.document


@pytest.mark.parametrize("document", [{"keyframes": "all"}, {}, []], ids=["damaged", "empty", "list"])
def test_what_does_not_fit_is_told_and_changes_nothing(
    make: Callable[..., WalkCanvas], studio: Any, qtbot: QtBot, document: Any
) -> None:
    canvas = make(document=document)
    assert canvas.editor.document == WalkDocument()
    with qtbot.waitSignal(studio.noticed):
        canvas.host.document_opened.emit(document)
    canvas.host.document_opened.emit(WALK.to_json())
    assert canvas.editor.document == WALK


def test_while_it_trains_the_keyframes_follow(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(engine.asked)
    canvas.host.moved.emit(120)
    canvas.thumbnails._rest.timeout.emit()
    engine.answer()
    assert any(len(wish.t) == 4 for wish in engine.asked[before:])
    canvas.hide()


def test_200_random_edits_undone_are_none(canvas: WalkCanvas, qtbot: QtBot) -> None:
    chance = random.Random(1)
    before, editor = canvas.editor.document.digest(), canvas.editor
    for _ in range(200):
        chance.choice(
            (
                editor.add_random,
                editor.duplicate,
                editor.remove,
                lambda: editor.select(chance.randrange(9)),
                lambda: editor.move(editor.selected, chance.randrange(6)),
                lambda: editor.last_for(editor.selected, chance.random()) if editor.keyframe else None,
                lambda: canvas.keyframe.nudge(0.1),
                canvas.keyframe.next_ease,
                canvas.keyframe.throw,
                canvas.transport.toggle_loop,
                lambda: canvas.way.path.activated.emit(chance.randrange(2)),
                lambda: canvas.way.fps.activated.emit(chance.randrange(6)),
            )
        )()
        editor.end_gesture()
    while canvas.host.undo_stack.canUndo():
        canvas.host.undo_stack.undo()
    assert editor.document.digest() == before


def test_every_control_has_a_name(make: Callable[..., WalkCanvas]) -> None:
    canvas = make(facts=replace(STYLED, labels=("cat", "dog")), document=WALK.to_json())
    nameless = [
        child
        for child in canvas.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.isVisible()
        and not child.accessibleName()
        and not getattr(child, "text", lambda: "")()
    ]
    assert nameless == []
    assert "4 keyframes. Keyframe 1, seed 1" in canvas.timeline.accessibleDescription()
