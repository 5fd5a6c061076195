"""Pictures that come to the translation canvas: dropped, pasted, opened, or of the run's own data."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication
from translate_kit import (
    BOTH_WAYS,
    ONE_WAY,
    canvas,
    draw,
    engine,
    given,
    make,
    names,
    noise,
    picture_file,
    pixels,
    press,
    same,
    shows,
)

from studio.edit.documents import EditEnvelope, save_picture
from studio.edit.translation import TranslationDocument
from tests.gui.dropping import drop, files

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
UNPAIRED = {"kind": "unpaired", "count": 3, "resolution": 8}


def held_after(work: Callable[[Any], Any], count: int, gate: threading.Event) -> Callable[[Any], Any]:
    """`work`, which after `count` calls waits for `gate`."""
    calls = itertools.count()

    def held(given: Any) -> Any:
        if next(calls) >= count:
            gate.wait(60)
        return work(given)

    return held


def test_files_and_folders_that_are_dropped_become_a_strip(canvas, engine, tmp_path, qtbot, studio):
    picture_file(tmp_path / "many" / "a.png", 11)
    picture_file(tmp_path / "many" / "b.jpg", 12)
    (tmp_path / "many" / "c.png").write_bytes(b"no picture")
    one = picture_file(tmp_path / "one.bmp", 13)
    with qtbot.waitSignal(studio.noticed) as told:
        assert drop(canvas, files(one, tmp_path / "many"))
    assert "c: It is not a picture" in told.args[0] + told.args[2]
    assert names(canvas) == ["tom", "one", "a", "b", "kit", "rex"]
    engine.answer()
    assert shows(canvas)
    assert same(canvas.stage.paper.image(), noise(13))
    canvas.host.undo_stack.undo()
    assert names(canvas) == ["tom", "kit", "rex"]


def test_a_dropped_picture_that_carries_an_edit_is_handed_to_the_page(canvas, tmp_path, qtbot):
    path = tmp_path / "kite.png"
    save_picture(path, noise(1), EditEnvelope("latent", "run", 1, {}))
    with qtbot.waitSignal(canvas.host.edit_wanted) as wanted:
        assert drop(canvas, files(path))
    assert wanted.args == [path]
    assert names(canvas) == ["tom", "kit", "rex"]


def test_other_things_are_left_to_the_window(canvas, tmp_path):
    assert not drop(canvas, files(tmp_path / "song.mp3"))
    text = QMimeData()
    text.setText("hello")
    assert not drop(canvas, text)


def test_a_picture_on_the_clipboard_is_pasted(canvas, engine, qtbot):
    image = QImage(40, 20, QImage.Format.Format_ARGB32)
    image.fill(0x00000000)
    QGuiApplication.clipboard().setImage(image)
    press(qtbot, canvas, Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "Pasted" in names(canvas))
    engine.answer()
    assert shows(canvas)
    assert (pixels(canvas.editor.document.shown) == 255).all()
    QGuiApplication.clipboard().clear()


def test_pictures_are_opened_by_name(canvas, tmp_path, qtbot):
    canvas.arrivals.ask = lambda _folder: [str(picture_file(tmp_path / "kite.png"))]
    press(qtbot, canvas, Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: canvas.editor.document.shown.name == "kite")
    asked: list[str] = []
    canvas.arrivals.ask = lambda folder: asked.append(folder) or []
    canvas.arrivals.open()
    assert asked == [str(tmp_path)]


def test_reading_many_files_says_how_far_and_can_be_stopped(canvas, tmp_path, qtbot, monkeypatch):
    from studio.gui.canvases import input_incoming

    for index in range(6):
        picture_file(tmp_path / f"{index}.png", index)
    said: list[str] = []
    canvas.arrivals.said.connect(said.append)
    gate = threading.Event()
    monkeypatch.setattr(input_incoming.Picture, "of", held_after(input_incoming.Picture.of, 2, gate))
    assert drop(canvas, files(tmp_path))
    qtbot.waitUntil(lambda: "Reading picture 3 of 6. Esc stops." in said)
    press(qtbot, canvas, Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: "0" in names(canvas))
    assert names(canvas) == ["tom", "0", "1", "2", "kit", "rex"]
    press(qtbot, canvas, Key.Key_Escape)
    canvas.panel.status.close()


def test_opening_pictures_comes_before_the_windows_own_shortcut(canvas):
    for key, modifiers, taken in ((Key.Key_O, CTRL, True), (Key.Key_K, CTRL, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(canvas.stage.hero, event)
        assert event.isAccepted() is taken


def test_a_full_strip_says_so(canvas, studio, qtbot, monkeypatch):
    monkeypatch.setattr("studio.edit.translation.MOST_INPUTS", 4)
    with qtbot.waitSignal(studio.noticed) as told:
        canvas.add([given("a", 8), given("b", 9)])
    assert told.args[0] == "1 picture did not fit into the strip."
    assert names(canvas) == ["tom", "a", "kit", "rex"]


def test_the_runs_own_data_gives_examples(make, make_run, engine, tmp_path, qtbot):
    for side, count in (("A", 3), ("B", 2)):
        for index in range(count):
            picture_file(tmp_path / "data" / side / f"{side}{index}.png", index)
    run = make_run(data=str(tmp_path / "data"), data_info=UNPAIRED)
    canvas = make(replace(BOTH_WAYS, directions=("A->B", "B->A")), run=str(run.folder))
    assert canvas._pictures.currentWidget() is canvas.stage
    qtbot.waitUntil(lambda: len(names(canvas)) == 5)
    assert {one.domain for one in canvas.editor.document.inputs[:3]} == {"A"}
    assert canvas.host.undo_stack.count() == 0
    engine.answer()
    assert shows(canvas)
    press(qtbot, canvas, Key.Key_X)
    assert canvas.editor.document.shown.domain == "B"


def test_without_the_runs_data_there_is_paper_to_draw_on(make, engine, qtbot):
    canvas = make(ONE_WAY)
    qtbot.waitUntil(lambda: bool(names(canvas)))
    assert names(canvas) == ["Drawing 1"]
    assert canvas.panel.pen.tool == "pen"
    engine.answer()
    draw(qtbot, canvas, (0.2, 0.2), (0.6, 0.6))
    engine.answer()
    assert shows(canvas)


def test_examples_can_be_asked_for_again(make, make_run, tmp_path, qtbot):
    picture_file(tmp_path / "data" / "A" / "a.png")
    picture_file(tmp_path / "data" / "B" / "b.png")
    run = make_run(data=str(tmp_path / "data"), data_info=UNPAIRED)
    canvas = make(BOTH_WAYS, document=TranslationDocument().to_json(), run=str(run.folder))
    canvas.arrivals.look_for_examples()
    qtbot.waitUntil(lambda: names(canvas) == ["Drawing 1"])
    canvas = make(
        replace(BOTH_WAYS, directions=("B->A",)), document=TranslationDocument().to_json(), run=str(run.folder)
    )
    canvas.arrivals.look_for_examples()
    qtbot.waitUntil(lambda: names(canvas) == ["b"])
    canvas.host.undo_stack.undo()
    assert names(canvas) == []


def test_an_empty_strip_says_how_to_fill_it(make, qtbot):
    canvas = make(ONE_WAY, document=TranslationDocument().to_json())
    assert canvas.empty.isVisible()
    assert not canvas.panel.save.isEnabled()
    canvas.copy()
    canvas.save()
    for key in (Key.Key_X, Key.Key_Left, Key.Key_Delete, Key.Key_Backspace, Key.Key_R):
        qtbot.keyClick(canvas.empty, key)
    assert canvas.host.undo_stack.count() == 0
    qtbot.keyClick(canvas.empty, Key.Key_B)
    assert names(canvas) == ["Drawing 1"]
    assert not canvas.empty.isVisible()
