"""The big picture, enlarged and moved about; and how it was, held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from latent_kit import Make, drag, engine, make
from play_kit import Engine
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.canvases.comparing import CompareButtons
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.canvases.zoom import FACTORS, Zoom

__all__ = ["engine", "make"]

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier

PICTURE, ROOM, FITTED = QSize(16, 16), QSizeF(400, 300), QSizeF(288, 288)


@pytest.fixture
def canvas(make: Make) -> LatentCanvas:
    return make()


@pytest.fixture
def hero(canvas: LatentCanvas) -> HeroPicture:
    return canvas.hero


def turn(widget: HeroPicture, at: QPointF, notches: int, modifiers: Modifier = CTRL) -> None:
    nothing = QPoint()
    event = QWheelEvent(
        at,
        at,
        nothing,
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def point_under(rect: QRectF, at: QPointF) -> tuple[float, float]:
    return (at.x() - rect.x()) / rect.width(), (at.y() - rect.y()) / rect.height()


def test_what_is_under_the_pointer_stays_there() -> None:
    fit, at = Zoom(), QPointF(130, 90)
    before = fit.rect(PICTURE, ROOM, FITTED)
    near = fit.stepped(1, at, before, PICTURE, ROOM)
    after = near.rect(PICTURE, ROOM, FITTED)
    assert near.factor == 24
    assert point_under(after, at) == pytest.approx(point_under(before, at))
    away = near.stepped(-1, at, after, PICTURE, ROOM)
    assert away.factor == 16
    assert point_under(away.rect(PICTURE, ROOM, FITTED), at) == pytest.approx(point_under(before, at))


def test_zooming_ends_at_the_last_factors_and_panning_keeps_some_of_it_in_view() -> None:
    zoom = Zoom(1.0)
    for _ in range(40):
        zoom = zoom.stepped(1, QPointF(0, 0), zoom.rect(PICTURE, ROOM, FITTED), PICTURE, ROOM)
    assert zoom.factor == FACTORS[-1]
    gone = zoom.panned(QPointF(10**6, -(10**6)), PICTURE, ROOM).rect(PICTURE, ROOM, FITTED)
    seen = gone & QRectF(QPointF(), ROOM)
    assert (seen.width(), seen.height()) == pytest.approx((32, 32))
    assert Zoom().panned(QPointF(5, 5), PICTURE, ROOM) == Zoom()


def test_ctrl_and_the_wheel_zoom_at_the_pointer(hero: HeroPicture) -> None:
    at = hero.picture_rect().topLeft() + QPointF(40, 60)
    before, fitted = point_under(hero.picture_rect(), at), hero.factor()
    turn(hero, at, 1)
    assert hero.factor() > fitted
    assert point_under(hero.picture_rect(), at) == pytest.approx(before)
    turn(hero, at, 1, Modifier.NoModifier)
    turn(hero, at, -3)
    assert hero.factor() < fitted


def test_keys_fit_and_show_a_pixel_a_pixel(canvas: LatentCanvas, hero: HeroPicture, qtbot: QtBot) -> None:
    fitted = hero.picture_rect()
    with qtbot.waitSignal(hero.placed):
        hero.zoom_actions[3].trigger()
    assert hero.factor() == 1
    hero.zoom_actions[0].trigger()
    assert hero.factor() == 1.5
    hero.zoom_actions[1].trigger()
    hero.zoom_actions[2].trigger()
    assert hero.picture_rect() == fitted
    assert [action.shortcut().toString() for action in hero.zoom_actions] == ["Ctrl++", "Ctrl+-", "Ctrl+0", "Ctrl+1"]


def test_the_middle_button_and_space_pan(canvas: LatentCanvas, hero: HeroPicture, qtbot: QtBot) -> None:
    hero.zoom(3)
    start = hero.picture_rect()
    qtbot.mousePress(hero, Qt.MouseButton.MiddleButton, pos=QPoint(100, 100))
    qtbot.mouseMove(hero, QPoint(130, 90))
    qtbot.mouseRelease(hero, Qt.MouseButton.MiddleButton, pos=QPoint(130, 90))
    assert hero.picture_rect().topLeft() - start.topLeft() == QPointF(30, -10)
    qtbot.keyPress(hero, Key.Key_Space)
    drag(qtbot, hero, QPoint(100, 100), QPoint(70, 110))
    qtbot.keyRelease(hero, Key.Key_Space)
    assert not canvas.panel.status.text().startswith("Pin two pictures")
    assert hero.picture_rect().topLeft() == start.topLeft()


def test_space_alone_still_morphs_while_zoomed(canvas: LatentCanvas, hero: HeroPicture, qtbot: QtBot) -> None:
    hero.zoom(1)
    qtbot.keyClick(hero, Key.Key_Space)
    assert canvas.panel.status.text() == "Pin two pictures first: 1 pins A, 2 pins B."
    canvas.panel.status.close()


def test_another_picture_of_the_same_size_keeps_the_zoom(
    canvas: LatentCanvas, hero: HeroPicture, engine: Engine
) -> None:
    hero.zoom(2)
    place = hero.picture_rect()
    canvas.panel.point.choose_seed(9)
    engine.answer()
    assert hero.picture_rect() == place


def test_what_stands_below_is_no_wider_than_the_place(hero: HeroPicture, canvas: LatentCanvas) -> None:
    for _ in range(3):
        hero.zoom(1)
    assert hero.picture_rect().width() > hero.width()
    buttons = canvas.findChild(CompareButtons)
    assert buttons is not None
    below = buttons.parentWidget()
    assert below is not None
    assert below.width() <= hero.width()


def test_c_held_shows_the_picture_before_the_last_change(
    canvas: LatentCanvas, hero: HeroPicture, engine: Engine, qtbot: QtBot
) -> None:
    first = hero.pixels
    canvas.panel.point.choose_seed(5)
    engine.answer()
    second = hero.pixels
    for psi in (0.9, 0.5):
        canvas.panel.point.psi.changed.emit(psi)
        engine.answer()
    canvas.panel.point.psi.committed.emit(0.5)
    shown = hero.image().copy()
    qtbot.keyPress(hero, Key.Key_C)
    assert canvas.comparison.reference is second
    assert hero.image() != shown
    assert hero.pixels is not second
    qtbot.keyRelease(hero, Key.Key_C)
    assert hero.image() == shown
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    engine.answer()
    assert np.array_equal(hero.pixels, first)


def test_a_remembered_picture_is_compared_with_whatever_follows(
    canvas: LatentCanvas, hero: HeroPicture, engine: Engine, qtbot: QtBot
) -> None:
    buttons = canvas.findChild(CompareButtons)
    assert buttons is not None
    assert not buttons.compare.isEnabled()
    original = hero.pixels
    buttons.original.click()
    for seed in (4, 5, 6):
        canvas.panel.point.choose_seed(seed)
        engine.answer()
    shown = hero.image().copy()
    qtbot.mousePress(buttons.compare, Qt.MouseButton.LeftButton)
    assert canvas.comparison.held
    assert canvas.comparison.reference is original
    qtbot.mouseRelease(buttons.compare, Qt.MouseButton.LeftButton)
    assert hero.image() == shown
    buttons.original.click()
    assert canvas.comparison.reference is not original


def test_f_keeps_the_picture_at_once(canvas: LatentCanvas, hero: HeroPicture, qtbot: QtBot) -> None:
    qtbot.keyClick(hero, Key.Key_F)
    entry: Any = canvas.history.entries.entry(0)
    assert entry.kept
    qtbot.keyClick(hero, Key.Key_F)
    assert canvas.history.entries.entry(0).kept
    canvas.panel.status.close()
