"""The pad under a hand: corners pinned, dropped and thrown, the dot dragged and stepped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from latent_kit import Make, drag, engine, make, opened
from play_kit import Engine, picture_of
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.edit.documents import save_picture
from studio.edit.latent import LatentDocument, LatentPoint
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.canvases.pad_panel import PadPanel
from tests.gui.dropping import drop, files

__all__ = ["engine", "make"]

SEEDS = (3, 5, 7, 9)
BUTTONS = Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(make: Make) -> LatentCanvas:
    return make()


@pytest.fixture
def panel(canvas: LatentCanvas) -> PadPanel:
    made: PadPanel = opened(canvas, "pad")
    return made


@pytest.fixture
def full(canvas: LatentCanvas, panel: PadPanel, engine: Engine) -> PadPanel:
    for corner, seed in enumerate(SEEDS):
        canvas.panel.point.choose_seed(seed)
        panel.pin(corner)
    engine.answer()
    return panel


def test_a_click_in_an_empty_corner_pins_what_is_shown(canvas: LatentCanvas, panel: PadPanel, qtbot: QtBot) -> None:
    for corner, spot in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        canvas.panel.point.choose_seed(SEEDS[corner])
        qtbot.mouseClick(panel.view, BUTTONS, pos=panel.view.place_of(spot).toPoint())
    assert [point.seed for point in canvas.editor.document.pad.points] == list(SEEDS)
    assert canvas.editor.document.pad.spot is None
    assert canvas.host.undo_stack.undoText() == "Pin the bottom right corner"


def test_the_dot_is_exact_at_the_corners_and_a_drag_is_one_step(
    canvas: LatentCanvas, full: PadPanel, engine: Engine, qtbot: QtBot
) -> None:
    steps = canvas.host.undo_stack.count()
    view = full.view
    drag(qtbot, view, view.rect().center(), QPoint(30, 40), QPoint(0, 0))
    engine.answer()
    assert canvas.editor.document.pad.spot == (0, 0)
    assert np.array_equal(canvas.hero.pixels, picture_of(canvas.editor.space.draw(SEEDS[0]), 1.0))
    assert canvas.host.undo_stack.count() == steps + 1
    drag(qtbot, view, QPoint(2, view.height() - 1))
    engine.answer()
    assert np.array_equal(canvas.hero.pixels, picture_of(canvas.editor.space.draw(SEEDS[2]), 1.0))


def test_arrows_move_the_dot(canvas: LatentCanvas, full: PadPanel, qtbot: QtBot) -> None:
    full.view.setFocus()
    qtbot.keyClick(full.view, Qt.Key.Key_Right)
    assert canvas.editor.document.pad.spot == pytest.approx((0.55, 0.5))
    qtbot.keyClick(full.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.editor.document.pad.spot == pytest.approx((0.55, 0.49))
    canvas.host.undo_stack.undo()
    assert canvas.editor.document.pad.spot == pytest.approx((0.55, 0.5))


def test_number_keys_pin_corners_while_the_pad_has_the_focus(
    canvas: LatentCanvas, panel: PadPanel, qtbot: QtBot
) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_2)
    assert canvas.editor.document.pad.corners[1] == LatentPoint(0)
    assert canvas.editor.document.pin_b is None


def test_the_field_shows_what_is_between(full: PadPanel, engine: Engine, canvas: LatentCanvas) -> None:
    engine.answer()
    images = full.view._images
    assert len(images) == 25
    assert all(image is not None for image in images)


def test_random_corners_and_clearing_are_a_step_each(canvas: LatentCanvas, panel: PadPanel) -> None:
    before = canvas.editor.document
    panel.random.click()
    assert canvas.editor.document.pad.spot == (0.5, 0.5)
    picture = canvas.editor.document.z(canvas.editor.space)
    panel.clear.click()
    assert not canvas.editor.document.pad.points
    assert np.array_equal(canvas.editor.document.z(canvas.editor.space), picture)
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == before


def test_the_menu_of_a_corner_pins_throws_and_removes(canvas: LatentCanvas, full: PadPanel) -> None:
    menu = full.menu(1)
    pin, throw, remove = menu.actions()
    assert pin.text() == "Pin what is shown at the top right"
    throw.trigger()
    assert canvas.editor.document.pad.corners[1] != LatentPoint(SEEDS[1])
    remove.trigger()
    assert canvas.editor.document.pad.corners[1] is None
    menu.deleteLater()


def test_a_picture_dragged_from_the_canvas_lands_in_a_corner(canvas: LatentCanvas, panel: PadPanel) -> None:
    canvas.panel.point.choose_seed(77)
    drop(panel.view, canvas.hero.drag_data(), panel.view.place_of((1, 1)).toPoint())
    assert canvas.editor.document.pad.corners[3] == LatentPoint(77)


def test_a_file_may_be_dropped_and_another_canvas_s_is_refused(
    canvas: LatentCanvas, panel: PadPanel, tmp_path: Path, studio: Any, qtbot: QtBot
) -> None:
    path = tmp_path / "kite.png"
    save_picture(path, np.zeros((4, 4, 3), np.uint8), canvas.host.envelope(LatentDocument().with_seed(8).to_json()))
    drop(panel.view, files(path), panel.view.place_of((0, 0)).toPoint())
    qtbot.waitUntil(lambda: canvas.editor.document.pad.corners[0] == LatentPoint(8))
    foreign = canvas.hero.drag_data()
    canvas.host.canvas = "another"
    with qtbot.waitSignal(studio.noticed):
        drop(panel.view, foreign, panel.view.place_of((1, 0)).toPoint())
    assert canvas.editor.document.pad.corners[1] is None
