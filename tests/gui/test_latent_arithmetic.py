"""A - B + C under a hand."""

from __future__ import annotations

import numpy as np
import pytest
from latent_kit import Make, engine, make, opened
from play_kit import Engine, picture_of
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.edit.arithmetic import MOST_POINTS, Arithmetic
from studio.edit.latent import LatentPoint
from studio.gui.canvases.arithmetic_panel import ArithmeticPanel
from studio.gui.canvases.latent import LatentCanvas
from tests.gui.dropping import drop

__all__ = ["engine", "make"]


@pytest.fixture
def canvas(make: Make) -> LatentCanvas:
    return make()


@pytest.fixture
def panel(canvas: LatentCanvas) -> ArithmeticPanel:
    made: ArithmeticPanel = opened(canvas, "arithmetic")
    return made


def gather(canvas: LatentCanvas, panel: ArithmeticPanel, **terms: tuple[int, ...]) -> None:
    for name, seeds in terms.items():
        for seed in seeds:
            canvas.panel.point.choose_seed(seed)
            panel.rows[name].add.click()


def test_what_is_shown_is_added_and_the_sum_is_shown_on_demand(
    canvas: LatentCanvas, panel: ArithmeticPanel, engine: Engine
) -> None:
    assert not panel.show_sum.isEnabled()
    gather(canvas, panel, a=(1, 2), b=(3,), c=(4, 5))
    assert not canvas.editor.document.sum.shown
    panel.show_sum.click()
    engine.answer()
    points = {
        name: tuple(LatentPoint(seed) for seed in seeds) for name, seeds in (("a", (1, 2)), ("b", (3,)), ("c", (4, 5)))
    }
    expected = Arithmetic(**points).z(canvas.editor.space)
    assert np.array_equal(canvas.hero.pixels, picture_of(expected, 1.0))
    assert [len(row.tiles) for row in panel.rows.values()] == [2, 1, 2]


def test_a_minus_a_plus_c_is_c(canvas: LatentCanvas, panel: ArithmeticPanel, engine: Engine) -> None:
    gather(canvas, panel, a=(1, 2), b=(2, 1), c=(4,))
    panel.show_sum.click()
    engine.answer()
    assert np.array_equal(canvas.hero.pixels, picture_of(canvas.editor.space.draw(4), 1.0))


def test_a_change_of_terms_moves_a_sum_that_is_shown(canvas: LatentCanvas, panel: ArithmeticPanel) -> None:
    gather(canvas, panel, a=(1,), c=(4,))
    panel.show_sum.click()
    panel.rows["a"].removal_wanted.emit(0)
    assert canvas.editor.document.sum.shown
    assert np.array_equal(canvas.editor.document.z(canvas.editor.space), canvas.editor.space.draw(4))
    panel.clear.click()
    assert not canvas.editor.document.between
    assert np.array_equal(canvas.editor.document.z(canvas.editor.space), canvas.editor.space.draw(4))


def test_tiles_go_to_their_point_and_delete_takes_it_out(
    canvas: LatentCanvas, panel: ArithmeticPanel, qtbot: QtBot
) -> None:
    gather(canvas, panel, b=(6, 7))
    tile = panel.rows["b"].tiles[0]
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert canvas.editor.document.seed == 6
    qtbot.keyClick(tile, Qt.Key.Key_Delete)
    assert [point.seed for point in canvas.editor.document.sum.b] == [7]
    canvas.host.undo_stack.undo()
    assert [point.seed for point in canvas.editor.document.sum.b] == [6, 7]


def test_a_dropped_picture_is_added(canvas: LatentCanvas, panel: ArithmeticPanel) -> None:
    canvas.panel.point.choose_seed(31)
    drop(panel.rows["c"], canvas.hero.drag_data())
    assert canvas.editor.document.sum.c == (LatentPoint(31),)


def test_a_full_term_takes_no_more(canvas: LatentCanvas, panel: ArithmeticPanel) -> None:
    gather(canvas, panel, a=tuple(range(MOST_POINTS)))
    assert not panel.rows["a"].add.isEnabled()
    assert len(panel.rows["a"].tiles) == MOST_POINTS
