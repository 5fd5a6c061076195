"""Drawing on the translation canvas: blank sheets, the pen and the eraser."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from translate_kit import canvas, draw, engine, make, names, pixels, press, same, shows

from studio.engine import commands
from studio.gui.canvases.size_label import SizeLabel

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_model_is_not_asked_about_a_blank_sheet(canvas, engine, session, qtbot):
    press(qtbot, canvas, Key.Key_N)
    asked = len(session.asked)
    engine.train("run")
    engine.answer()
    assert canvas.stage.hero.pixels is None
    assert canvas.stage.hero.words == "Draw something"
    assert [label.text() for label in canvas.findChildren(SizeLabel)] == [""]
    assert canvas.stage.paper.isVisible()
    assert not canvas.panel.save.isEnabled()
    canvas.copy()
    assert "draw something" in canvas.panel.status.text()
    press(qtbot, canvas, Key.Key_E)
    draw(qtbot, canvas, (0.2, 0.2), (0.6, 0.6))
    press(qtbot, canvas, Key.Key_Escape)
    assert canvas.stage.paper.isVisible()
    assert not [one for one in session.asked[asked:] if isinstance(one, commands.Render)]
    canvas.hide()


def test_blank_paper_at_hand_is_enough(canvas, qtbot):
    press(qtbot, canvas, Key.Key_N)
    press(qtbot, canvas, Key.Key_Escape)
    press(qtbot, canvas, Key.Key_N)
    assert names(canvas) == ["tom", "Drawing 1", "kit", "rex"]
    assert canvas.panel.pen.tool == "pen"
    draw(qtbot, canvas, (0.2, 0.2), (0.5, 0.8))
    press(qtbot, canvas, Key.Key_N)
    assert names(canvas) == ["tom", "Drawing 1", "Drawing 2", "kit", "rex"]


def test_a_late_answer_is_not_shown_on_a_blank_sheet(canvas, engine, qtbot):
    press(qtbot, canvas, Key.Key_Right)
    press(qtbot, canvas, Key.Key_N)
    engine.answer()
    assert canvas.stage.hero.pixels is None


def test_drawing_is_followed_and_each_stroke_is_one_undo_step(canvas, engine, qtbot):
    press(qtbot, canvas, Key.Key_N)
    engine.answer()
    assert names(canvas) == ["tom", "Drawing 1", "kit", "rex"]
    assert canvas.stage.paper.isVisible()
    steps = canvas.host.undo_stack.count()
    draw(qtbot, canvas, (0.2, 0.2), (0.5, 0.8), (0.8, 0.2))
    engine.answer()
    assert shows(canvas)
    draw(qtbot, canvas, (0.1, 0.5), (0.9, 0.5))
    engine.answer()
    (first, _) = canvas.editor.document.shown.strokes
    assert len(first.points) == 3
    assert first.points[1] == pytest.approx((0.5, 0.8), abs=0.01)
    assert canvas.host.undo_stack.count() == steps + 2
    press(qtbot, canvas, Key.Key_Z, CTRL)
    engine.answer()
    assert canvas.editor.document.shown.strokes == (first,)
    assert shows(canvas)
    press(qtbot, canvas, Key.Key_V)
    assert canvas.stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_Escape)
    assert not canvas.stage.paper.isVisible()
    press(qtbot, canvas, Key.Key_Backspace)
    assert canvas.editor.document.shown.strokes == ()
    assert canvas.stage.hero.pixels is None


def test_every_movement_of_the_pen_asks_for_a_picture(canvas, engine, session, qtbot):
    press(qtbot, canvas, Key.Key_B)
    engine.answer()
    paper = canvas.stage.paper
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=paper.picture_rect().center().toPoint())
    engine.answer()
    assert shows(canvas)
    qtbot.mouseMove(paper, paper.picture_rect().center().toPoint() + QPoint(30, 0))
    engine.answer()
    assert shows(canvas)
    assert len(canvas.editor.document.shown.strokes[0].points) == 2
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)


def test_the_eraser_brings_the_picture_back(canvas, engine, qtbot):
    before = pixels(canvas.editor.document.shown)
    press(qtbot, canvas, Key.Key_B)
    canvas.panel.pen.take_colour("#2f6fd6")
    draw(qtbot, canvas, (0.5, 0.5), (0.6, 0.5))
    assert not same(canvas.stage.paper.image(), before)
    press(qtbot, canvas, Key.Key_E)
    for _ in range(9):
        press(qtbot, canvas, Key.Key_BracketRight)
    draw(qtbot, canvas, (0.4, 0.5), (0.7, 0.5))
    assert same(canvas.stage.paper.image(), before)
    assert [stroke.colour for stroke in canvas.editor.document.shown.strokes] == ["#2f6fd6", ""]


def test_brackets_change_the_pen_and_alt_takes_a_colour_from_the_paper(canvas, qtbot):
    pen = canvas.panel.pen
    size = pen.width_fraction
    press(qtbot, canvas, Key.Key_BracketRight)
    assert pen.width_fraction > size
    press(qtbot, canvas, Key.Key_BracketLeft)
    assert pen.width_fraction == pytest.approx(size)
    press(qtbot, canvas, Key.Key_B)
    paper = canvas.stage.paper
    at = paper.picture_rect().topLeft() + QPointF(3.5, 5.5) * (paper.picture_rect().width() / 16)
    qtbot.mouseClick(paper, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, at.toPoint())
    red, green, blue = pixels(canvas.editor.document.shown)[5, 3]
    assert pen.colour == f"#{red:02x}{green:02x}{blue:02x}"
    assert canvas.editor.document.shown.strokes == ()


def test_a_stroke_undone_under_the_hand_is_over(canvas, qtbot):
    press(qtbot, canvas, Key.Key_B)
    draw(qtbot, canvas, (0.2, 0.2), (0.3, 0.3))
    before = canvas.editor.document
    paper = canvas.stage.paper
    middle = paper.picture_rect().center().toPoint()
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=middle)
    canvas.host.undo_stack.undo()
    qtbot.mouseMove(paper, middle + QPoint(20, 0))
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)
    assert canvas.editor.document == before
