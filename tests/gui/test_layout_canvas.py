"""The layout canvas under a hand: what it shows, what it asks for, what it takes back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from canvas_kit import canvases, nameless
from layout_kit import CAT, DOCUMENT, FACTS, KITE, LABELS, STAR, Engine, pictures_of
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.data.layout_files import Layout, object_seed
from studio.data.scenes import KINDS
from studio.edit.documents import EditEnvelope, read_envelope, write_envelope
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.gui.canvases import document_history, layout_variants
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.layout import LayoutCanvas
from studio.gui.canvases.layout_objects import lock_rect, looks_rect
from studio.gui.theme import CONTROL_PX
from tests.gui.dropping import drop, files

Key = Qt.Key
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def engine(session, tell) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def make(studio, qtbot: QtBot) -> Iterator[Callable[..., LayoutCanvas]]:
    with canvases(studio, qtbot, LayoutCanvas, "layout", width=1300) as shown:
        yield lambda document=DOCUMENT, facts=FACTS, keep=None: shown(facts, document, keep)


@pytest.fixture
def canvas(make, engine: Engine) -> LayoutCanvas:
    made = make()
    engine.answer()
    return made


def shows(canvas: LayoutCanvas) -> bool:
    """Whether the picture is that of the document, to the bit."""
    return np.array_equal(canvas.hero.pixels, pictures_of(canvas.editor.document.request(LABELS))[0])


def at(canvas: LayoutCanvas, x: float, y: float) -> QPoint:
    """A point of the picture, on the page."""
    page = canvas.view.page()
    return QPointF(page.left() + x * page.width(), page.top() + y * page.height()).toPoint()


def drag(
    qtbot: QtBot,
    canvas: LayoutCanvas,
    start: tuple[float, float],
    stop: tuple[float, float],
    modifiers: Qt.KeyboardModifier = ALT,
    *,
    release: bool = True,
) -> None:
    """Drags over the page, without snapping unless other modifiers are given."""
    view = canvas.view
    qtbot.mousePress(view, LEFT, modifiers, at(canvas, *start))
    for step in range(1, 9):
        x, y = (a + (b - a) * step / 8 for a, b in zip(start, stop, strict=True))
        move(view, at(canvas, x, y), modifiers)
    if release:
        qtbot.mouseRelease(view, LEFT, modifiers, at(canvas, *stop))


def move(view: QWidget, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    """Moves the pressed mouse; Qt's own test move knows no modifiers."""
    local = QPointF(position)
    event = QMouseEvent(QEvent.Type.MouseMove, local, view.mapToGlobal(local), Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(view, event)


def box(canvas: LayoutCanvas, place: int) -> tuple[float, ...]:
    return canvas.editor.document.objects[place].box


def close_to(*values: float):
    """Within a pixel of the screen."""
    return pytest.approx(values, abs=0.004)


def test_the_first_picture_is_asked_for_and_shown(canvas):
    assert shows(canvas)
    assert canvas.editor.document == DOCUMENT
    assert canvas.panel.status.text() == "Step 100 · 9 ms a picture"


def test_boxes_and_picture_are_equally_large(canvas):
    page, place = canvas.view.page(), canvas.hero.place()
    assert page.size() == place.size()
    assert canvas.view.y() + page.top() == canvas.hero.y() + place.top()


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


def test_keys_do_everything(canvas, qtbot):
    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> LayoutDocument:
        qtbot.keyClick(canvas.view, key, modifiers)
        return canvas.editor.document

    press(Key.Key_N)
    assert canvas.editor.selection == (0,)
    press(Key.Key_N, SHIFT)
    assert canvas.editor.selection == (2,)
    assert press(Key.Key_Left).objects[2].box == pytest.approx((0.6 - 1 / 32, 0.05, 0.2, 0.2), abs=1e-5)
    assert press(Key.Key_Down, SHIFT).objects[2].box == pytest.approx((0.6 - 1 / 32, 0.3, 0.2, 0.2), abs=1e-5)
    assert press(Key.Key_Right, CTRL).objects[2].box[2] == pytest.approx(0.2 + 1 / 32, abs=1e-5)
    assert canvas.host.undo_stack.count() == 3
    assert len(press(Key.Key_D, CTRL).objects) == 4
    assert canvas.editor.selection == (3,)
    assert len(press(Key.Key_Delete).objects) == 3
    press(Key.Key_A, CTRL)
    assert canvas.editor.selection == (0, 1, 2)
    assert all(one.locked for one in press(Key.Key_L).objects)
    assert not any(one.locked for one in press(Key.Key_L).objects)
    canvas.editor.select([0])
    assert [one.label for one in press(Key.Key_BracketRight).objects] == ["kite", "cat", "star"]
    assert [one.label for one in press(Key.Key_BracketRight, CTRL).objects] == ["kite", "star", "cat"]
    assert [one.label for one in press(Key.Key_BracketLeft).objects] == ["kite", "cat", "star"]
    assert [one.label for one in press(Key.Key_BracketLeft, CTRL).objects] == ["cat", "kite", "star"]
    assert len(press(Key.Key_A).objects) == 4
    press(Key.Key_B)
    assert canvas.view.behind


def test_a_held_arrow_is_one_undo_step(canvas, qtbot):
    canvas.editor.select([0])
    for _ in range(3):
        qtbot.keyPress(canvas.view, Key.Key_Right)
    qtbot.keyRelease(canvas.view, Key.Key_Right)
    qtbot.keyClick(canvas.view, Key.Key_Right)
    assert canvas.host.undo_stack.count() == 2
    canvas.host.undo_stack.undo()
    assert box(canvas, 0)[0] == pytest.approx(0.1 + 3 / 32, abs=1e-5)


def test_other_looks_for_one_leave_the_rest(canvas, engine, qtbot):
    canvas.editor.select([1])
    qtbot.keyClick(canvas.view, Key.Key_R)
    seeds = [one.seed for one in canvas.editor.document.objects]
    assert seeds[0] == 5
    assert seeds[1] != 6
    assert seeds[2] == 7
    assert canvas.editor.document.reseeded({1: 6}) == DOCUMENT
    engine.answer()
    assert shows(canvas)
    canvas.editor.select([2])
    canvas.editor.toggle_lock()
    qtbot.keyClick(canvas.view, Key.Key_R, SHIFT)
    after = [one.seed for one in canvas.editor.document.objects]
    assert after[2] == 7
    assert after[0] != 5
    assert after[1] != seeds[1]


def test_what_is_locked_says_so(canvas, qtbot):
    canvas.editor.select([0])
    canvas.editor.toggle_lock()
    drag(qtbot, canvas, (0.2, 0.2), (0.5, 0.5))
    qtbot.keyClick(canvas.view, Key.Key_Delete)
    assert canvas.editor.document.objects[0] == replace(CAT, locked=True)
    assert canvas.panel.status.text() == "It is locked. L unlocks it."
    canvas.panel.status.close()


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


def test_sixty_four_objects_are_enough(make, qtbot):
    full = LayoutDocument((CAT,) * 64)
    canvas = make(full)
    canvas.editor.select([0])
    drag(qtbot, canvas, (0.5, 0.5), (0.9, 0.9))
    qtbot.keyClick(canvas.view, Key.Key_D, CTRL)
    qtbot.keyClick(canvas.view, Key.Key_A)
    assert canvas.editor.document == full
    assert canvas.panel.status.text() == "A layout holds 64 objects at most."
    canvas.panel.status.close()


def test_an_empty_page_asks_for_nothing_and_says_what_to_do(make, engine, session, qtbot):
    canvas = make(None)
    clients = {wish.client for wish in engine.pending()}
    assert all(client.endswith("starts") for client in clients)
    engine.answer()
    assert canvas.hero.pixels is None
    qtbot.keyClick(canvas.view, Key.Key_S, CTRL)
    assert canvas.panel.status.text().startswith("There is no picture yet")
    canvas.panel.status.close()
    drag(qtbot, canvas, (0.2, 0.2), (0.5, 0.5))
    engine.answer()
    assert shows(canvas)
    qtbot.keyClick(canvas.view, Key.Key_Right)
    qtbot.keyClick(canvas.view, Key.Key_Delete)
    assert engine.answer()
    assert canvas.hero.pixels is None


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


def test_the_history_notes_where_the_hand_rested(make, engine, qtbot, monkeypatch):
    monkeypatch.setattr(document_history, "REST_MS", 1)
    canvas = make()
    engine.answer()
    entries = canvas.history.entries
    qtbot.waitUntil(lambda: entries.rowCount() == 1)
    canvas.editor.select([0])
    qtbot.keyClick(canvas.view, Key.Key_Right)
    engine.answer()
    qtbot.waitUntil(lambda: entries.rowCount() == 2)
    assert entries.entry(0).words == "cat, kite, star · step 100"
    canvas.history.go_to(1)
    assert canvas.editor.document == DOCUMENT


def test_copying_puts_picture_and_edit_on_the_clipboard(canvas, qtbot):
    qtbot.keyClick(canvas.view, Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    envelope = EditEnvelope.from_text(bytes(data.data(EDIT_TYPE).data()).decode())
    assert envelope.canvas == "layout"
    assert LayoutDocument.from_json(envelope.document) == DOCUMENT
    QGuiApplication.clipboard().clear()
    canvas.panel.status.close()


def test_a_saved_png_carries_the_layout(canvas, engine, qtbot, tmp_path, studio):
    canvas.keeper.ask = lambda suggestion: str(tmp_path / "kites.png")
    with qtbot.waitSignal(studio.noticed):
        qtbot.keyClick(canvas.view, Key.Key_S, CTRL)
        engine.answer()
    envelope = read_envelope(tmp_path / "kites.png")
    assert (envelope.canvas, envelope.step) == ("layout", 100)
    assert LayoutDocument.from_json(envelope.document) == DOCUMENT


def test_a_saved_layout_is_what_the_command_line_reads(canvas, qtbot, tmp_path, studio):
    canvas.layouts.ask_save = lambda suggestion: str(tmp_path / "kites")
    with qtbot.waitSignal(studio.noticed) as told:
        canvas.files.save.click()
    assert told.args[0] == "kites.json is saved."
    layout = Layout.parse((tmp_path / "kites.json").read_bytes(), "kites.json")
    assert layout.size == (32, 32)
    for saved, one in zip(layout.objects, DOCUMENT.objects, strict=True):
        assert (saved.label, saved.seed) == (one.label, one.seed)
        assert np.array_equal(np.float32(saved.box), np.float32(one.box))


def test_a_layout_file_is_opened_with_the_seeds_of_the_command_line(canvas, engine, qtbot, tmp_path):
    path = tmp_path / "two.json"
    path.write_text(
        json.dumps(
            {
                "objects": [
                    {"label": "tree", "box": [0, 0, 0.5, 1]},
                    {"label": "cat", "box": [0.5, 0, 0.5, 1], "seed": 3},
                ]
            }
        )
    )
    canvas.layouts.ask_open = lambda folder: str(path)
    canvas.files.open.click()
    qtbot.waitUntil(lambda: len(canvas.editor.document.objects) == 2)
    assert canvas.editor.document.objects == (
        LayoutObject("tree", (0.0, 0.0, 0.5, 1.0), object_seed(0, 0, None)),
        LayoutObject("cat", (0.5, 0.0, 0.5, 1.0), 3),
    )
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == DOCUMENT


def test_a_dropped_layout_is_opened_and_a_dropped_edit_handed_on(canvas, qtbot, tmp_path):
    layout = tmp_path / "one.json"
    layout.write_text(LayoutDocument((KITE,)).to_layout(32).to_json())
    assert drop(canvas, files(layout))
    qtbot.waitUntil(lambda: canvas.editor.document.objects == (KITE,))
    edit = tmp_path / "edit.json"
    write_envelope(edit, EditEnvelope("layout", "another", 1, DOCUMENT.to_json()))
    with qtbot.waitSignal(canvas.host.edit_wanted) as handed:
        drop(canvas, files(edit))
    assert handed.args == [edit]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "bad.json is not a layout"),
        ('{"objects": []}', "bad.json is not a layout"),
        ('{"objects": [{"label": "unicorn", "box": [0, 0, 1, 1]}]}', "This model knows no unicorn."),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(canvas, qtbot, tmp_path, studio, content, told):
    (tmp_path / "bad.json").write_text(content)
    with qtbot.waitSignal(studio.noticed) as heard:
        canvas.layouts.read(tmp_path / "bad.json")
    assert heard.args[0].startswith(told)
    assert heard.args[1]
    assert canvas.editor.document == DOCUMENT


def test_an_opened_document_is_shown_and_one_of_another_model_refused(canvas, engine, qtbot, studio):
    canvas.host.document_opened.emit(LayoutDocument((STAR,)).to_json())
    engine.answer()
    assert shows(canvas)
    before = canvas.editor.document
    foreign = LayoutDocument((replace(STAR, label="unicorn"),)).to_json()
    for document in (foreign, {"objects": 3}):
        with qtbot.waitSignal(studio.noticed):
            canvas.host.document_opened.emit(document)
        assert canvas.editor.document == before


def test_it_reopens_with_the_document_it_had(make, engine, tmp_path):
    keep = tmp_path / "edits" / "layout.json"
    canvas = make(keep=keep)
    canvas.editor.select([0])
    canvas.editor.delete()
    canvas.host.close()
    assert LayoutDocument.from_json(read_envelope(keep).document) == canvas.editor.document
    assert make({"objects": "broken"}).editor.document == LayoutDocument()


def test_undo_selects_what_came_back(canvas, qtbot):
    canvas.editor.select([1])
    canvas.editor.delete()
    assert canvas.editor.selection == ()
    canvas.editor.select([0])
    canvas.host.undo_stack.undo()
    assert canvas.editor.selection == (1,)


def test_while_training_the_picture_follows_the_weights(canvas, engine, qtbot):
    engine.train("run")
    for step in (101, 102):
        engine.step = step
        qtbot.waitUntil(lambda step=step: bool(engine.answer()) and canvas.host.step == step)
    assert shows(canvas)


def test_the_menu_acts_on_what_is_selected(canvas, qtbot):
    canvas.editor.select([0])
    menu = canvas.menu()
    actions = {action.text().split("\t")[0]: action for action in menu.actions()}
    actions["Bring to front"].trigger()
    assert [one.label for one in canvas.editor.document.objects] == ["kite", "star", "cat"]
    menu.deleteLater()


def test_two_hundred_random_edits_undone_give_the_same_document(canvas, engine, qtbot):
    chance = random.Random(1)
    editor = canvas.editor

    def some() -> None:
        editor.select(place for place in range(len(editor.document.objects)) if chance.random() < 0.4)

    def gesture() -> None:
        start, stop = ((chance.random(), chance.random()) for _ in range(2))
        drag(qtbot, canvas, start, stop, chance.choice((NONE, ALT, SHIFT, CTRL)))

    def nudge() -> None:
        for _ in range(3):
            editor.nudge(chance.uniform(-0.1, 0.1), chance.uniform(-0.1, 0.1))
        editor.end_gesture()

    edits = [
        some,
        some,
        gesture,
        gesture,
        gesture,
        nudge,
        editor.add,
        editor.duplicate,
        editor.delete,
        editor.toggle_lock,
        editor.resample,
        editor.resample_all,
        editor.to_front,
        editor.to_back,
        lambda: editor.step(chance.choice((-1, 1))),
        lambda: editor.choose_label(chance.choice(LABELS)),
        lambda: canvas.starts.grid.clicked.emit(chance.randrange(6)),
        lambda: editor.grow(chance.uniform(-0.2, 0.2), 0.01),
        editor.end_gesture,
    ]
    for _ in range(200):
        chance.choice(edits)()
    stack = canvas.host.undo_stack
    digests = [editor.document.digest()]
    while stack.canUndo():
        stack.undo()
        digests.append(editor.document.digest())
    assert editor.document == DOCUMENT
    for digest in reversed(digests[:-1]):
        stack.redo()
        assert editor.document.digest() == digest
    engine.answer()
    canvas.panel.status.close()


def test_everything_that_takes_the_focus_has_a_name(canvas):
    assert nameless(canvas) == []
    canvas.editor.select([0, 1])
    assert canvas.view.accessibleDescription() == "3 objects, cat, kite selected"
