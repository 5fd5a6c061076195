"""Pictures that leave the translation canvas: one, or the whole strip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt, QTimer, SignalInstance
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from translate_kit import Translating, canvas, engine, given, make, names, press

from studio.edit.documents import read_envelope
from studio.edit.translation import TranslationDocument
from studio.engine import commands
from studio.engine.events import RenderFailed
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.channel import RenderChannel

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@contextmanager
def until(qtbot: QtBot, engine: Translating, signal: SignalInstance) -> Iterator[Any]:
    """Waits for a signal while the engine goes on answering."""
    answering = QTimer()
    answering.timeout.connect(engine.answer)
    answering.start(5)
    with qtbot.waitSignal(signal) as told:
        yield told
    answering.stop()


def test_an_export_while_the_run_trains_has_one_set_of_weights(canvas, engine, tmp_path, qtbot, session):
    canvas.add([given(f"more {index}", 20 + index) for index in range(3)])
    engine.answer()
    asked = len(session.asked)
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    with until(qtbot, engine, canvas.exporting.work.finished):
        canvas.exporting.begin()
    held = [one for one in session.asked[asked:] if isinstance(one, commands.Render) and one.held]
    assert [len(one.request.pictures) for one in held] == [4, 2]
    assert commands.Cancel(held[0].client) in session.asked


def test_an_export_goes_not_on_with_other_weights(canvas, engine, tmp_path, qtbot, studio):
    canvas.add([given(f"more {index}", 20 + index) for index in range(3)])
    engine.answer()
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    canvas.exporting.begin()
    engine.answer()
    engine.step = 140
    with until(qtbot, engine, studio.noticed) as noticed:
        pass
    assert "loaded anew" in noticed.args[0]
    assert len(list(tmp_path.glob("*.png"))) == 4
    assert not canvas.exporting.work.running


def test_blank_sheets_are_not_exported(canvas, engine, tmp_path, qtbot):
    press(qtbot, canvas, Key.Key_N)
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    with until(qtbot, engine, canvas.exporting.work.finished):
        canvas.exporting.begin()
    assert sorted(path.stem for path in tmp_path.glob("*.png")) == ["kit", "rex", "tom"]


def test_the_whole_strip_is_exported_with_progress(canvas, engine, tmp_path, qtbot, studio):
    (tmp_path / "kit.png").write_bytes(b"mine")
    canvas.add([given("tom", 20), given("a/b", 21), given("", 22)])
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    seen: list[tuple[int, int]] = []
    canvas.exporting.work.progressed.connect(lambda done, total: seen.append((done, total)))
    press(qtbot, canvas, Key.Key_S, CTRL | SHIFT)
    engine.batches.clear()
    with until(qtbot, engine, studio.noticed) as told:
        engine.answer()
    assert [count for count in engine.batches if count > 1] == [4, 2]
    assert told.args[0] == f"6 pictures are in {tmp_path}."
    assert seen == [(0, 6), (4, 6), (6, 6)]
    files = {"tom", "tom (2)", "a_b", "picture", "kit (2)", "rex"}
    assert {path.stem for path in tmp_path.glob("*.png")} == files | {"kit"}
    assert (tmp_path / "kit.png").read_bytes() == b"mine"
    carried = TranslationDocument.from_json(read_envelope(tmp_path / "rex.png").document)
    assert carried == canvas.editor.document.going_to(5).alone()


def test_an_export_can_be_given_up_and_begun_again(canvas, engine, tmp_path, qtbot, studio):
    canvas.exporting.ask = lambda _folder: str(tmp_path / "out")
    canvas.panel.strip.export.click()
    assert canvas.panel.strip.cancel.isVisible()
    assert "exported" in canvas.host.loss
    canvas.exporting.begin()
    canvas.panel.strip.cancel.click()
    assert canvas.host.loss == ""
    assert canvas.panel.strip.export.isVisible()
    engine.answer()
    assert not (tmp_path / "out").exists()
    canvas.panel.strip.export.click()
    with until(qtbot, engine, studio.noticed):
        engine.answer()
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_an_export_that_cannot_go_on_says_why(canvas, engine, tmp_path, qtbot, studio, session, tell):
    (tmp_path / "file").write_text("")
    canvas.exporting.ask = lambda _folder: str(tmp_path / "file")
    canvas.panel.strip.export.click()
    with qtbot.waitSignal(studio.noticed) as told:
        engine.answer()
    assert told.args[3] == "bad"
    assert canvas.panel.strip.export.isVisible()
    canvas.panel.strip.export.click()
    wish = engine.pending()[-1]
    with qtbot.waitSignal(studio.noticed) as told:
        tell(RenderFailed(wish.client, wish.serial, "The model could not render."))
    assert told.args[0] == "The model could not render."


def test_saving_and_copying_carry_the_input_that_is_shown(canvas, engine, tmp_path, qtbot, studio):
    canvas.keeper.ask = lambda suggestion: str(tmp_path / suggestion.rsplit("/", 1)[-1])
    with qtbot.waitSignal(studio.noticed):
        press(qtbot, canvas, Key.Key_S, CTRL)
        engine.answer()
    envelope = read_envelope(tmp_path / "tom-dogs.png")
    assert envelope.canvas == "translate"
    assert TranslationDocument.from_json(envelope.document) == canvas.editor.document.alone()
    press(qtbot, canvas, Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.hasFormat(EDIT_TYPE)
    assert not canvas.arrivals.take(data)
    assert canvas.arrivals.take(data, alone=True)
    qtbot.waitUntil(lambda: "Pasted" in names(canvas))
    QGuiApplication.clipboard().clear()
    canvas.panel.status.close()


def test_exports_that_are_over_leave_no_line_to_the_device(canvas, tmp_path, qtbot):
    canvas.exporting.ask = lambda _folder: str(tmp_path)
    lines = len(canvas.host.findChildren(RenderChannel))
    for _ in range(3):
        canvas.exporting.begin()
        canvas.exporting.work.cancel()
    qtbot.waitUntil(lambda: len(canvas.host.findChildren(RenderChannel)) == lines)
