"""Beside the page of the layout canvas: labels, objects, layouts to start from, variants, the menu."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from layout_kit import DOCUMENT, FACTS, KITE, LABELS, STAR, at, canvas, engine, make, pictures_of, shows
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from studio.data.scenes import KINDS
from studio.edit.layout import LayoutDocument
from studio.gui.canvases import layout_variants
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.layout import LayoutCanvas
from studio.gui.canvases.layout_objects import lock_rect, looks_rect
from studio.gui.theme import CONTROL_PX

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def test_a_tall_window_shows_more_labels(make):
    facts = replace(FACTS, labels=tuple(f"label {number:02}" for number in range(12)))
    canvas = make(LayoutDocument(), facts)
    labels = canvas.draw.labels.list
    usual = labels.height()
    canvas.resize(1200, 600)
    assert labels.height() == 5 * CONTROL_PX
    assert labels.height() <= usual
    canvas.resize(1200, 2000)
    assert labels.height() == 12 * CONTROL_PX


def test_labels_are_searched_and_given(canvas, qtbot):
    picker = canvas.draw.labels
    canvas.editor.select([0, 2])
    qtbot.keyClick(canvas.view, Key.Key_Slash)
    assert picker.search.hasFocus()
    qtbot.keyClicks(picker.search, "tr")
    qtbot.keyClick(picker.search, Key.Key_Return)
    assert [one.label for one in canvas.editor.document.objects] == ["tree", "kite", "tree"]
    assert canvas.view.hasFocus()
    assert picker.list.count() == 4
    assert picker.list.currentItem().text() == "tree"
    assert canvas.host.undo_stack.count() == 1
    qtbot.mouseDClick(canvas.view, LEFT, NONE, at(canvas, 0.6, 0.7))
    assert picker.search.hasFocus()
    qtbot.keyClick(picker.search, Key.Key_Down)
    qtbot.keyClick(picker.search, Key.Key_Escape)
    assert canvas.view.hasFocus()


def test_the_list_of_objects_chooses_locks_and_resamples(canvas, qtbot):
    rows = canvas.objects.list
    model = rows.model()
    assert [model.index(row).data() for row in range(3)] == ["star", "kite", "cat"]
    qtbot.mouseClick(rows.viewport(), LEFT, NONE, rows.visualRect(model.index(2)).center())
    assert canvas.editor.selection == (0,)
    qtbot.keyClick(rows, Key.Key_Up)
    assert canvas.editor.selection == (1,)
    canvas.editor.select([0, 2])
    assert sorted(index.row() for index in rows.selectedIndexes()) == [0, 2]
    qtbot.mouseClick(rows.viewport(), LEFT, NONE, lock_rect(rows.visualRect(model.index(1))).center())
    assert canvas.editor.document.objects[1] == replace(KITE, locked=True)
    qtbot.mouseClick(rows.viewport(), LEFT, NONE, looks_rect(rows.visualRect(model.index(2))).center())
    assert canvas.editor.document.objects[0].seed != 5
    assert canvas.editor.document.objects[2] == STAR
    qtbot.keyClick(rows, Key.Key_Delete)
    assert len(canvas.editor.document.objects) == 3


@pytest.mark.parametrize(("row", "order"), [(0, ["kite", "star", "cat"]), (2, ["star", "cat", "kite"])])
def test_rows_are_dragged_to_the_front_and_to_the_back(canvas, row, order):
    rows = canvas.objects.list
    canvas.editor.select([0 if row == 0 else 2])
    edge = rows.visualRect(rows.model().index(row))
    rows.dropEvent(_OwnDrop(rows, QPointF(edge.center().x(), edge.top() + 2 if row == 0 else edge.bottom() - 2)))
    assert [one.label for one in canvas.editor.document.objects] == order
    assert canvas.editor.selection == ((2,) if row == 0 else (0,))


class _OwnDrop(QDropEvent):
    """A drop that came from the list itself."""

    def __init__(self, rows: QWidget, position: QPointF) -> None:
        self._data = QMimeData()
        super().__init__(position, Qt.DropAction.MoveAction, self._data, LEFT, NONE)
        self._rows = rows

    def source(self) -> QWidget:
        return self._rows


def test_a_layout_to_start_from_is_one_undo_step(canvas, engine, qtbot):
    grid = canvas.starts.grid
    assert grid.count() == len(canvas.starts.presets)
    qtbot.mouseClick(grid, LEFT, NONE, grid.cell_rect(1).center())
    engine.answer()
    assert canvas.editor.document == canvas.starts.presets[1].document
    assert shows(canvas)
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == DOCUMENT


def test_layouts_of_the_runs_data_are_offered(make, make_run, engine, qtbot, studio):
    run = make_run(data="demo:icons-layout")
    facts = replace(FACTS, labels=tuple(KINDS))
    host = CanvasHost(studio, str(run.folder), facts, "data", canvas="layout")
    canvas = LayoutCanvas(host)
    qtbot.addWidget(canvas)
    canvas.show()
    from_data = "From the data"
    qtbot.waitUntil(lambda: any(one.name.startswith(from_data) for one in canvas.starts.presets), timeout=30_000)
    engine.answer()
    assert canvas.starts.grid.count() == len(canvas.starts.presets) == 12
    host.close()


def test_a_run_without_data_keeps_no_room_for_layouts_of_it(make_run, qtbot, studio):
    host = CanvasHost(studio, str(make_run(data="").folder), FACTS, "none", canvas="layout")
    canvas = LayoutCanvas(host)
    qtbot.addWidget(canvas)
    grid = canvas.starts.grid
    two_rows = grid.heightForWidth(300)
    canvas.show()
    qtbot.waitUntil(lambda: grid.heightForWidth(300) <= two_rows // 2)
    host.close()


def test_variants_vary_what_is_chosen_and_a_click_takes_their_looks(canvas, engine, qtbot, monkeypatch):
    canvas.editor.select([1])
    grid = canvas.variants.grid
    qtbot.waitUntil(lambda: bool(engine.answer()))
    assert grid.count() == layout_variants.COUNT
    qtbot.mouseClick(grid, LEFT, NONE, grid.cell_rect(2).center())
    taken = canvas.editor.document
    assert [one.seed for one in taken.objects][::2] == [5, 7]
    engine.answer()
    assert shows(canvas)
    assert np.array_equal(canvas.hero.pixels, pictures_of(taken.request(LABELS))[0])
    canvas.variants.show_more()
    engine.answer()
    qtbot.mouseClick(grid, LEFT, NONE, grid.cell_rect(2).center())
    assert canvas.editor.document != taken
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == DOCUMENT


def test_the_menu_acts_on_what_is_selected(canvas, qtbot):
    canvas.editor.select([0])
    menu = canvas.menu()
    actions = {action.text().split("\t")[0]: action for action in menu.actions()}
    actions["Bring to front"].trigger()
    assert [one.label for one in canvas.editor.document.objects] == ["kite", "star", "cat"]
    menu.deleteLater()
