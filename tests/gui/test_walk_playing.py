"""The walk canvas plays: by the clock, and with frames that were rendered ahead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from walk_kit import SPACE, Walking, canvas, engine, make, pictures_of, run_until

from studio.edit.keyframes import Keyframe
from studio.edit.points import LatentPoint
from studio.engine.events import RunState, StateChanged
from studio.gui.canvases import walk_player
from studio.gui.canvases.walk import WalkCanvas

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key


def test_it_plays_by_the_clock_and_leaves_frames_out(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.editor.go(0.4)
    qtbot.keyClick(canvas.timeline, Key.Key_Space)
    assert canvas.player.playing
    for seconds, time in ((1.0, 1.4), (2.61, 3.0), (3.8, 0.2)):
        now[0] = 1000 + seconds
        canvas.player._tick()
        assert canvas.editor.document.time == pytest.approx(time, abs=1e-6)
        engine.answer()
    assert canvas.host.undo_stack.count() == 0
    qtbot.keyClick(canvas.timeline, Key.Key_K)
    assert not canvas.player.playing


def test_without_a_loop_it_stops_at_the_end_and_begins_anew(
    canvas: WalkCanvas, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.transport.loop.click()
    canvas.player.play()
    now[0] = 7.0
    canvas.player._tick()
    assert not canvas.player.playing
    assert canvas.editor.document.time == 3.0
    canvas.player.play()
    assert canvas.editor.document.time == 0
    canvas.player.pause()


def test_it_says_how_many_frames_a_second_come(
    canvas: WalkCanvas, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.player.play()
    for tenth in range(12):
        now[0] = tenth / 10
        canvas.player._tick()
        engine.answer()
    assert canvas.player.fps_reached == pytest.approx(10, abs=1.5)
    canvas.transport._tell_speed()
    assert "of 25 frames a second" in canvas.transport._speed.text()
    canvas.hide()
    assert not canvas.player.playing


def test_frames_are_rendered_ahead_and_then_play_without_asking(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: canvas.ahead.ready == b"\x01" * 20)
    asked = len(engine.asked)
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.player.play()
    for frame in range(20):
        now[0] = frame / 5
        canvas.player._tick()
        walk = canvas.editor.document
        assert walk.frame == frame
        assert np.array_equal(canvas.hero.pixels, pictures_of(walk.frames(SPACE, [walk.time]))[0])
    canvas.player.pause()
    assert len(engine.asked) == asked


def test_an_edit_keeps_the_frames_that_it_does_not_change(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    canvas.editor.select(2)
    canvas.keyframe.throw()
    assert not any(canvas.ahead.ready)
    asked = len(engine.asked)
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    assert len(engine.asked) - asked <= 9 + 2  # those around the keyframe, its thumbnail and the picture shown


def test_other_weights_make_frames_stale(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    engine.step = 200
    canvas.editor.edit(canvas.editor.document.with_keyframe(0, Keyframe(LatentPoint(99))), "")
    engine.answer()
    assert canvas.ahead.picture(canvas.editor.document.frames(SPACE, [2.0])) is None


def test_while_it_trains_nothing_is_rendered_ahead(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, tell: Callable[..., None]
) -> None:
    tell(StateChanged(RunState.TRAINING, "run", "tiny", 100, 1000))
    asked = len(engine.asked)
    canvas.ahead._go_on()
    assert len(engine.asked) == asked
    canvas.hide()
