"""What every canvas does, on the smallest there can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from canvas_kit import canvases
from play_kit import FACTS
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from studio.api.errors import StudioError
from studio.edit.latent import LatentDocument
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.canvas_panel import CanvasPanel
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.editor import DocumentEditor
from studio.gui.canvases.hero import HeroPicture
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.keys import PLAIN
from studio.gui.canvases.rows import row

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PICTURE = np.full((16, 16, 3), 7, np.uint8)


class Smallest(Canvas[LatentDocument]):
    """A picture, and a field beside it. It takes seeds below 100; R and Enter count in `pressed`."""

    panel: CanvasPanel

    def __init__(self, host: CanvasHost) -> None:
        super().__init__(host)
        self.editor = DocumentEditor(host.undo_stack, self.first_document(LatentDocument()), self)
        self.hero = HeroPicture(self.envelope, host.facts.resolution, 64)
        self.field = QLineEdit()
        self.panel = CanvasPanel([self.field], host)
        self.pressed = 0
        self.lay_out(row(self.hero), self.panel)
        self.listen(self.hero, self.hero, {(PLAIN, key): self._press for key in (Key.Key_R, Key.Key_Return)})

    def read(self, values: Any) -> LatentDocument:
        document = LatentDocument.from_json(values)
        if document.seed >= 100:
            raise StudioError("That is too far.", "Stay near.")
        return document

    def file_stem(self) -> str:
        return "smallest"

    def _press(self) -> None:
        self.pressed += 1


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., Smallest]]:
    with canvases(studio, qtbot, Smallest, "smallest") as shown:
        yield lambda document=None: shown(FACTS, document)


@pytest.fixture
def canvas(make: Callable[..., Smallest]) -> Smallest:
    return make()


def test_it_begins_with_what_was_kept_where_that_still_fits(make: Callable[..., Smallest]) -> None:
    assert make(LatentDocument().with_seed(5)).editor.document.seed == 5
    assert make(LatentDocument().with_seed(500)).editor.document == LatentDocument()
    assert make().editor.document == LatentDocument()


def test_a_document_is_opened_as_one_step(canvas: Smallest, qtbot: QtBot) -> None:
    canvas.host.document_opened.emit(LatentDocument().with_seed(5).to_json())
    assert canvas.editor.document.seed == 5
    qtbot.keyClick(canvas.hero, Key.Key_Z, CTRL)
    assert canvas.editor.document == LatentDocument()
    for key, modifiers in ((Key.Key_Z, CTRL | SHIFT), (Key.Key_Y, CTRL)):
        qtbot.keyClick(canvas.hero, key, modifiers)
        assert canvas.editor.document.seed == 5
        canvas.host.undo_stack.undo()


def test_what_does_not_fit_is_refused_in_words(canvas: Smallest, studio: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(studio.noticed) as noticed:
        canvas.host.document_opened.emit(LatentDocument().with_seed(500).to_json())
    assert noticed.args == ["That is too far.", "Stay near.", "", "warn"]
    assert canvas.editor.document == LatentDocument()


def test_there_is_nothing_to_keep_before_the_first_picture(canvas: Smallest, qtbot: QtBot) -> None:
    canvas.keeper.ask = lambda _suggestion: pytest.fail("there is nothing to save")
    for key in (Key.Key_C, Key.Key_S):
        canvas.panel.status.setText("")
        qtbot.keyClick(canvas.hero, key, CTRL)
        assert canvas.panel.status.text() == "There is no picture yet."


def test_the_picture_and_its_edit_are_copied_and_saved(canvas: Smallest, qtbot: QtBot) -> None:
    suggestions: list[str] = []

    def ask(suggestion: str) -> str:
        suggestions.append(suggestion)
        return ""

    canvas.keeper.ask = ask
    canvas.hero.show_pixels(PICTURE)
    for copy, save in ((canvas.panel.copy.click, canvas.panel.save.click), (canvas.hero.copy, canvas.hero.save)):
        QGuiApplication.clipboard().clear()
        copy()
        data = QGuiApplication.clipboard().mimeData()
        assert bytes(data.data(EDIT_TYPE).data()).decode() == canvas.envelope().to_text()
        save()
    assert [one.endswith("smallest.png") for one in suggestions] == [True, True]
    QGuiApplication.clipboard().clear()


def test_single_keys_are_off_in_text_fields_and_escape_leaves_them(canvas: Smallest, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas.hero, Key.Key_R)
    canvas.field.setFocus()
    for key in (Key.Key_R, Key.Key_Return):  # a field passes Enter on
        qtbot.keyClick(canvas.field, key)
    assert canvas.pressed == 1
    assert canvas.field.text() == "r"
    qtbot.keyClick(canvas.field, Key.Key_Escape)
    assert canvas.hero.hasFocus()
    qtbot.keyClick(canvas.hero, Key.Key_R)
    assert canvas.pressed == 2


def test_its_host_knows_whether_it_is_on_screen(make: Callable[..., Smallest], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(CanvasHost, "set_showing", lambda _host, showing: told.append(showing))
    make().hide()
    assert told == [True, False]
