"""The style mixing canvas under a hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from canvas_kit import Answering, canvases, nameless
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.documents import EditEnvelope, read_envelope, save_picture
from studio.edit.latent import LatentDocument, LatentPoint
from studio.edit.mix_request import MixRequest
from studio.edit.mixing import Layer, MixDocument
from studio.engine.events import ModelFacts
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.mix_drops import SEED_TYPE, seed_data
from studio.gui.canvases.mix_matrix import HEAD
from studio.gui.canvases.mixing import MixingCanvas
from studio.gui.widgets.basics import Tabs
from tests.gui.dropping import carried, drop, files
from tests.gui.wheeling import scroll

Key = Qt.Key
SPACE = LatentSpace(8)
FACTS = ModelFacts("tiny", "Tiny", 16, ("LatentSampling", "StyleMixing"), latent_space=SPACE, num_ws=12)


def pictures_of(wish: MixRequest) -> np.ndarray:
    """Pictures, uint8 (N, 16, 16, 3), that say which shares of which z made them."""
    told = [np.frombuffer(np.concatenate([one.ravel(), wish.z.ravel()]).tobytes(), np.uint8) for one in wish.shares]
    return np.stack([np.resize(marks, (16, 16, 3)) for marks in told])


class Mixing(Answering):
    """Mixes styles.

    Attributes:
        asked: what it was asked.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        super().__init__(session, tell)
        self.asked: list[MixRequest] = []

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, MixDocument)
            request = request.document.request(SPACE)
        assert isinstance(request, MixRequest)
        self.asked.append(request)
        return pictures_of(request)


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Mixing:
    return Mixing(session, tell)


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., MixingCanvas]]:
    with canvases(studio, qtbot, MixingCanvas, "mixing") as shown:
        yield lambda facts=FACTS, document=None, keep=None: shown(facts, document, keep)


@pytest.fixture
def canvas(make: Callable[..., MixingCanvas], engine: Mixing) -> MixingCanvas:
    made = make()
    engine.answer()
    return made


def click(canvas: MixingCanvas, qtbot: QtBot, row: int, column: int) -> None:
    where = canvas.matrix.cell((row, column)).center()
    qtbot.mouseClick(canvas.matrix, Qt.MouseButton.LeftButton, pos=where)


def test_it_opens_with_a_matrix_and_a_picture(canvas: MixingCanvas) -> None:
    assert all(canvas.matrix.image((row, column)) for row in range(4) for column in range(4))
    assert canvas.hero.pixels is not None
    assert canvas.matrix.image((0, HEAD)) is not None
    assert canvas.matrix.cell((3, 3)).right() <= canvas.matrix.width()


def test_a_click_takes_a_mixture_and_undo_gives_it_back(canvas: MixingCanvas, qtbot: QtBot, engine: Mixing) -> None:
    before = canvas.editor.document
    click(canvas, qtbot, 2, 1)
    engine.answer()
    document = canvas.editor.document
    assert document.row == 2
    assert [layer.column for layer in document.layers] == [1, 1, 1, 1] + [None] * 8
    assert np.array_equal(canvas.hero.pixels, pictures_of(document.request(SPACE))[0])
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == before


def test_spans_say_what_the_matrix_mixes(canvas: MixingCanvas, qtbot: QtBot, engine: Mixing) -> None:
    canvas.span.tabs.tabBarClicked.emit(3)
    assert canvas.editor.document.span == (8, 12)
    click(canvas, qtbot, 0, 3)
    canvas.span.tabs.tabBarClicked.emit(1)
    click(canvas, qtbot, 0, 2)
    assert [layer.column for layer in canvas.editor.document.layers] == [2] * 4 + [None] * 4 + [3] * 4
    engine.answer()
    assert len(engine.asked[-1].shares) in (1, 24)


@pytest.mark.parametrize("kind", [QComboBox, Tabs])
def test_scrolling_past_what_is_chosen_changes_nothing(canvas: MixingCanvas, kind: type[QWidget]) -> None:
    before = canvas.editor.document
    passed: list[Any] = [one for one in canvas.findChildren(kind) if one.isVisible()]
    assert passed
    for one in passed:
        shown = one.currentIndex()
        for notches in (-1, 1, 1):
            scroll(one, notches)
            assert one.currentIndex() == shown
    assert canvas.editor.document == before
    assert canvas.host.undo_stack.count() == 0


def test_heads_choose_what_the_seed_box_changes(canvas: MixingCanvas, qtbot: QtBot) -> None:
    click(canvas, qtbot, HEAD, 2)
    canvas.source.choose_seed(77)
    assert canvas.editor.document.columns == (4, 5, 77, 7)
    click(canvas, qtbot, 3, HEAD)
    assert canvas.editor.document.row == 3
    qtbot.keyClick(canvas.matrix, Key.Key_Period)
    assert canvas.editor.document.rows == (0, 1, 2, 4)
    assert canvas.source._name.text() == "Row 4"


def test_rows_and_columns_come_and_go(canvas: MixingCanvas, qtbot: QtBot, engine: Mixing) -> None:
    canvas.source.more_columns.click()
    assert len(canvas.editor.document.columns) == 5
    engine.answer()
    assert canvas.matrix.image((3, 4)) is not None
    canvas.source.fewer.click()
    assert len(canvas.editor.document.columns) == 4
    for _ in range(6):
        canvas.source.more_rows.click()
    assert len(canvas.editor.document.rows) == 8
    assert not canvas.source.more_rows.isEnabled()


def test_layers_take_styles_weights_locks_and_noise(canvas: MixingCanvas, qtbot: QtBot) -> None:
    row = canvas.layers.rows[5]
    row.source.setCurrentIndex(3)
    row.source.activated.emit(3)
    row.weight.changed.emit(0.25)
    row.lock.click()
    assert canvas.editor.document.layers[5] == Layer(2, 0.25, locked=True)
    row.noise.click()
    assert canvas.editor.document.noise is not None
    canvas.span._clear()
    assert canvas.editor.document.layers[5] == Layer(2, 0.25, locked=True)


def test_a_drag_of_a_weight_is_one_step(canvas: MixingCanvas, qtbot: QtBot) -> None:
    click(canvas, qtbot, 1, 1)
    steps = canvas.host.undo_stack.count()
    for weight in (0.9, 0.7, 0.5):
        canvas.span.weight.changed.emit(weight)
    canvas.span.weight.committed.emit(0.5)
    assert canvas.host.undo_stack.count() == steps + 1
    assert {layer.weight for layer in canvas.editor.document.layers if layer.column is not None} == {0.5}


def test_the_keyboard_walks_the_matrix(canvas: MixingCanvas, qtbot: QtBot) -> None:
    canvas.matrix.setFocus()
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Return):
        qtbot.keyClick(canvas.matrix, key)
    assert canvas.editor.document.row == 1
    assert canvas.editor.document.layers[0].column == 1
    for _ in range(5):
        qtbot.keyClick(canvas.matrix, Key.Key_Left)
    assert canvas.matrix.current == (1, HEAD)


def test_copy_carries_the_edit_and_opening_it_goes_back(canvas: MixingCanvas, qtbot: QtBot) -> None:
    click(canvas, qtbot, 2, 2)
    canvas.hero.show_pixels(np.zeros((16, 16, 3), np.uint8))
    canvas.copy()
    carried = QGuiApplication.clipboard().mimeData().data(EDIT_TYPE)
    assert b'"mixing"' in bytes(carried.data())
    mixed = canvas.editor.document
    canvas.editor.edit(mixed.cleared(), "Clear the styles")
    canvas.host.document_opened.emit(mixed.to_json())
    assert canvas.editor.document == mixed
    QGuiApplication.clipboard().clear()


def test_a_saved_picture_carries_the_edit(
    canvas: MixingCanvas, qtbot: QtBot, tmp_path: Path, studio: Any, engine: Mixing
) -> None:
    canvas.keeper.ask = lambda _suggestion: str(tmp_path / "mix.png")
    with qtbot.waitSignal(studio.noticed):
        canvas.save()
        engine.answer()
    assert MixDocument.from_json(read_envelope(tmp_path / "mix.png").document) == canvas.editor.document


@pytest.mark.parametrize(
    "document",
    [MixDocument.start(7).to_json(), {"rows": "all"}, {}, []],
    ids=["another model", "damaged", "empty", "list"],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    make: Callable[..., MixingCanvas], studio: Any, qtbot: QtBot, document: Any
) -> None:
    canvas = make(document=document)
    assert canvas.editor.document == MixDocument.start(12)
    with qtbot.waitSignal(studio.noticed):
        canvas.host.document_opened.emit(document)
    assert canvas.editor.document == MixDocument.start(12)


def test_it_reopens_where_it_was(make: Callable[..., MixingCanvas]) -> None:
    kept = MixDocument.start(12).with_cell(1, 3).with_psi(0.5)
    assert make(document=kept.to_json()).editor.document == kept


def test_the_seed_box_is_of_the_row_that_is_mixed(make: Callable[..., MixingCanvas]) -> None:
    document = MixDocument.start(12)
    canvas = make(document=document.with_cell(2, 1).to_json())
    assert canvas.source.place == (2, HEAD)
    assert canvas.source.seed.number.text() == str(document.rows[2])
    canvas.matrix.chosen.emit(1, 3)
    assert canvas.source.seed.number.text() == str(document.rows[1])


def test_classes_are_offered_where_the_model_has_any(make: Callable[..., MixingCanvas], engine: Mixing) -> None:
    canvas = make(facts=replace(FACTS, labels=("cat", "dog")))
    engine.answer()
    assert canvas.editor.document.label == 0
    canvas.look.label.activated.emit(1)
    engine.answer()
    assert engine.asked[-1].label == 1


def test_200_random_edits_undone_are_none(canvas: MixingCanvas, qtbot: QtBot) -> None:
    chance = random.Random(1)
    before = canvas.editor.document.digest()
    for _ in range(200):
        row, column = chance.randrange(4), chance.randrange(4)
        chance.choice(
            (
                lambda row=row, column=column: canvas.matrix.chosen.emit(row, column),
                lambda row=row: canvas.matrix.row_chosen.emit(row),
                canvas.source.throw,
                lambda: canvas.span.tabs.tabBarClicked.emit(chance.randrange(4)),
                lambda row=row: canvas.layers.rows[row].lock.click(),
                lambda row=row: canvas.layers.rows[row].noise.click(),
                lambda: canvas.look._choose_psi(chance.random()),
            )
        )()
        canvas.editor.end_gesture()
    while canvas.host.undo_stack.canUndo():
        canvas.host.undo_stack.undo()
    assert canvas.editor.document.digest() == before


def test_a_picture_of_the_matrix_is_dragged_onto_a_layer(
    canvas: MixingCanvas, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[bytes] = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, _action: carried.append(bytes(drag.mimeData().data(SEED_TYPE).data()))
    )
    start = canvas.matrix.cell((HEAD, 2)).center()
    qtbot.mousePress(canvas.matrix, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas.matrix, start + QPoint(60, 60))
    assert carried == [b"6"]
    row = canvas.layers.rows[7]
    drop(row, seed_data(6), row.rect().center())
    assert [layer.column for layer in canvas.editor.document.layers] == [None] * 7 + [2] + [None] * 4
    assert len(canvas.editor.document.columns) == 4


def test_a_style_is_dropped_on_a_range_of_layers_and_locked_ones_stay(canvas: MixingCanvas) -> None:
    canvas.layers.rows[9].lock.click()
    steps = canvas.host.undo_stack.count()
    fine = canvas.span.tabs.geometry().topLeft() + canvas.span.tabs.tabRect(3).center()
    drop(canvas.span, seed_data(99), fine)
    document = canvas.editor.document
    assert document.columns == (4, 5, 6, 7, 99)
    assert [layer.column for layer in document.layers] == [None] * 8 + [4, None, 4, 4]
    assert document.span == MixDocument.start(12).span
    assert canvas.host.undo_stack.count() == steps + 1


def test_layers_that_are_all_locked_say_so(canvas: MixingCanvas, studio: Any, qtbot: QtBot) -> None:
    row = canvas.layers.rows[9]
    row.lock.click()
    steps = canvas.host.undo_stack.count()
    with qtbot.waitSignal(studio.noticed) as said:
        drop(row, seed_data(99), row.rect().center())
    assert said.args[0] == "Layer 10 is locked."
    assert canvas.editor.document.columns == (4, 5, 6, 7)
    assert canvas.host.undo_stack.count() == steps
    canvas.editor.edit(replace(canvas.editor.document, span=(9, 10)), "Choose layers")
    click(canvas, qtbot, 0, 1)
    assert "locked" in canvas.panel.status.text()


def test_a_saved_picture_is_dropped_on_a_layer(canvas: MixingCanvas, qtbot: QtBot, tmp_path: Path) -> None:
    edit = EditEnvelope("latent", "run", 1, LatentDocument(LatentPoint(41)).to_json())
    save_picture(tmp_path / "41.png", np.zeros((8, 8, 3), np.uint8), edit)
    drop(canvas.layers.rows[0], files(tmp_path / "41.png"), QPoint(4, 4))
    qtbot.waitUntil(lambda: canvas.editor.document.layers[0].column == 4)
    assert canvas.editor.document.columns[4] == 41


@pytest.mark.parametrize("moved", [{0: 2.0}, None], ids=["moved", "ninth"])
def test_a_style_that_cannot_be_taken_is_told(
    canvas: MixingCanvas, studio: Any, qtbot: QtBot, moved: dict[int, float | None] | None
) -> None:
    point = LatentPoint(41).moved(moved or {})
    data = carried(LatentDocument(point))
    while moved is None and canvas.source.more_columns.isEnabled():
        canvas.source.more_columns.click()
    before = canvas.editor.document
    with qtbot.waitSignal(studio.noticed):
        drop(canvas.layers.rows[0], data, QPoint(4, 4))
    assert canvas.editor.document == before


def test_every_control_has_a_name(canvas: MixingCanvas) -> None:
    assert nameless(canvas) == []
