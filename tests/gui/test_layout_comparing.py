"""The layout canvas: how the picture was before the last change."""

from __future__ import annotations

import numpy as np
import pytest
from layout_kit import Engine, canvas, engine, make
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.edit.layout import LayoutDocument
from studio.gui.canvases.comparing import CompareButtons
from studio.gui.canvases.layout import LayoutCanvas
from studio.gui.widgets.picture import to_qimage

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def on_screen(canvas: LayoutCanvas, pixels: np.ndarray) -> bool:
    return canvas.hero.image() == to_qimage(pixels)


def test_c_shows_the_picture_before_the_last_change(canvas: LayoutCanvas, engine: Engine, qtbot: QtBot) -> None:
    [buttons] = canvas.findChildren(CompareButtons)
    assert not buttons.compare.isEnabled()
    before = canvas.hero.pixels
    qtbot.keyClick(canvas.view, Key.Key_A)
    engine.answer()
    after = canvas.hero.pixels
    assert not np.array_equal(before, after)
    qtbot.keyPress(canvas.view, Key.Key_C)
    assert on_screen(canvas, before)
    qtbot.keyRelease(canvas.view, Key.Key_C)
    assert on_screen(canvas, after)
    qtbot.mousePress(buttons.compare, LEFT)
    assert on_screen(canvas, before)
    qtbot.mouseRelease(buttons.compare, LEFT)
    assert on_screen(canvas, after)
    assert canvas.host.undo_stack.count() == 1
    qtbot.keyClick(canvas.view, Key.Key_A)
    engine.answer()
    qtbot.keyPress(canvas.view, Key.Key_C)
    assert on_screen(canvas, after)
    qtbot.keyRelease(canvas.view, Key.Key_C)


def test_what_is_remembered_is_compared_with_whatever_follows(
    canvas: LayoutCanvas, engine: Engine, qtbot: QtBot
) -> None:
    [buttons] = canvas.findChildren(CompareButtons)
    start = canvas.hero.pixels
    buttons.original.click()
    for key in (Key.Key_A, Key.Key_R, Key.Key_A):
        qtbot.keyClick(canvas.view, key)
        engine.answer()
    qtbot.keyPress(canvas.view, Key.Key_C)
    assert on_screen(canvas, start)
    qtbot.keyRelease(canvas.view, Key.Key_C)


def test_a_page_that_was_emptied_still_shows_what_was_on_it(canvas: LayoutCanvas, engine: Engine, qtbot: QtBot) -> None:
    before = canvas.hero.pixels
    canvas.editor.edit(LayoutDocument(), "Clear")
    engine.answer()
    assert canvas.hero.image().isNull()
    qtbot.keyPress(canvas.view, Key.Key_C)
    assert on_screen(canvas, before)
    qtbot.keyRelease(canvas.view, Key.Key_C)
    assert canvas.hero.image().isNull()


def test_boxes_that_are_added_stand_beside_each_other(canvas: LayoutCanvas, qtbot: QtBot) -> None:
    canvas.editor.edit(LayoutDocument(), "Clear")
    for _ in range(5):
        qtbot.keyClick(canvas.view, Key.Key_A)
    boxes = [one.box for one in canvas.editor.document.objects]
    assert boxes[0] == pytest.approx((0.35, 0.35, 0.3, 0.3))
    assert len(set(boxes)) == 5
