"""What comes to the layout canvas and leaves it: layout files, pictures, edits."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from layout_kit import DOCUMENT, KITE, STAR, canvas, engine, make, shows
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio.data.layout_files import Layout, object_seed
from studio.edit.documents import EditEnvelope, read_envelope, write_envelope
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.gui.canvases.carrying import EDIT_TYPE
from tests.gui.dropping import drop, files

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


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
