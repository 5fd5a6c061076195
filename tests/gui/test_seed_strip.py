"""The strip of seeds: scrubbed, clicked, stepped; its pictures come nearest first."""

from __future__ import annotations

from typing import Any

import pytest
from latent_kit import Make, drag, engine, make
from play_kit import Engine
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.edit.latent import LatentPoint
from studio.gui.canvases import point_thumbnails
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.canvases.point_thumbnails import FEW
from studio.gui.canvases.seed_strip import PITCH, SeedStrip

__all__ = ["engine", "make"]


@pytest.fixture
def canvas(make: Make, engine: Engine) -> LatentCanvas:
    made = make()
    made.panel.point.choose_seed(50)
    engine.answer()
    return made


@pytest.fixture
def strip(canvas: LatentCanvas) -> SeedStrip:
    found: SeedStrip = canvas.panel.seeds
    return found


def wheel(strip: SeedStrip, notches: int) -> None:
    at, nothing = QPointF(strip.rect().center()), QPoint()
    buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QPoint(0, -120 * notches)
    QApplication.sendEvent(
        strip, QWheelEvent(at, at, nothing, turn, buttons, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    )


def test_a_drag_scrubs_and_is_one_undo_step(canvas: LatentCanvas, strip: SeedStrip, qtbot: QtBot) -> None:
    steps = canvas.host.undo_stack.count()
    middle = strip.rect().center()
    drag(qtbot, strip, middle, *(middle - QPoint(PITCH * i, 0) for i in (1, 2, 3)))
    assert canvas.editor.document.seed == 53
    assert canvas.host.undo_stack.count() == steps + 1
    drag(qtbot, strip, middle, middle + QPoint(PITCH * 2, 0))
    assert canvas.editor.document.seed == 51
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document.seed == 50


def test_a_click_goes_to_the_seed_under_it(canvas: LatentCanvas, strip: SeedStrip, qtbot: QtBot) -> None:
    at = strip.rect().center() + QPoint(2 * PITCH, 0)
    assert strip.seed_at(at.x()) == 52
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert canvas.editor.document.seed == 52


def test_keys_step(canvas: LatentCanvas, strip: SeedStrip, qtbot: QtBot) -> None:
    strip.setFocus()
    for key, seed in (
        (Qt.Key.Key_Right, 51),
        (Qt.Key.Key_PageUp, 61),
        (Qt.Key.Key_PageDown, 51),
        (Qt.Key.Key_Left, 50),
    ):
        qtbot.keyClick(strip, key)
        assert canvas.editor.document.seed == seed


def test_the_wheel_scrubs_where_it_has_the_focus(canvas: LatentCanvas, strip: SeedStrip, qtbot: QtBot) -> None:
    steps = canvas.host.undo_stack.count()
    strip.setFocus()
    with qtbot.waitSignal(strip.released):
        wheel(strip, 1)
        wheel(strip, 2)
    assert canvas.editor.document.seed == 53
    assert canvas.host.undo_stack.count() == steps + 1


def test_seeds_end_at_0(canvas: LatentCanvas, strip: SeedStrip, qtbot: QtBot, engine: Engine) -> None:
    canvas.panel.point.choose_seed(1)
    middle = strip.rect().center()
    drag(qtbot, strip, middle, middle + QPoint(PITCH * 3, 0))
    assert canvas.editor.document.seed == 0
    engine.answer()
    assert strip.thumbnails.image(LatentPoint(0)) is not None


def test_pictures_come_nearest_first_and_are_asked_for_once(
    canvas: LatentCanvas, strip: SeedStrip, engine: Engine, session: Any
) -> None:
    canvas.panel.point.choose_seed(500)
    [first] = [one for one in engine.pending() if one.client.endswith("seeds")]
    assert len(first.request.z) == FEW
    assert (first.request.z[0] == canvas.editor.space.draw(500)).all()
    engine.answer()
    assert all(strip.thumbnails.image(LatentPoint(500 + offset)) is not None for offset in (-3, 0, 3))
    canvas.panel.point.choose_seed(501)
    asked = [one.request for one in engine.pending() if one.client.endswith("seeds")]
    assert all(len(one.z) <= FEW for one in asked)


def test_the_first_pictures_come_without_being_touched(make: Make) -> None:
    assert make().panel.seeds.thumbnails.image(LatentPoint(0)) is not None


def test_another_truncation_asks_for_them_again_when_the_hand_has_let_go(canvas: LatentCanvas, engine: Engine) -> None:
    def asked() -> list[float]:
        return [one.request.psi for one in engine.pending() if one.client.endswith("seeds")]

    for psi in (0.5, 0.25):
        canvas.panel.point.psi.changed.emit(psi)
    assert not asked()
    canvas.panel.point.psi.committed.emit(0.25)
    assert asked() == [0.25]


def test_pictures_follow_the_weights(make: Make, engine: Engine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_thumbnails, "REFRESH_MS", 0)
    canvas = make()
    assert engine.pending() == []
    canvas.host.moved.emit(101)
    qtbot.waitUntil(lambda: any(one.client.endswith(":seeds") for one in engine.pending()))
    engine.answer()
