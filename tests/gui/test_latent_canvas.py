"""The latent canvas under a hand: what it shows, what it asks for, what it takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from canvas_kit import canvases, nameless
from play_kit import FACTS, SPACE, Engine, picture_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.api.requests import ExactRequest
from studio.edit.documents import load_pixels, read_envelope
from studio.edit.latent import LatentDocument
from studio.engine.events import RenderFailed
from studio.gui.canvases import document_history
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.component_group import ComponentSlider
from studio.gui.canvases.latent import LatentCanvas

Key = Qt.Key


@pytest.fixture
def engine(session, tell) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def make(studio, qtbot: QtBot) -> Iterator[Callable[..., LatentCanvas]]:
    with canvases(studio, qtbot, LatentCanvas, "latent") as shown:
        yield lambda facts=FACTS, **options: shown(facts, **options)


@pytest.fixture
def canvas(make, engine: Engine) -> LatentCanvas:
    made = make()
    engine.answer()
    return made


def shows(canvas: LatentCanvas) -> bool:
    """Whether the picture is that of the document, to the bit."""
    document = canvas.editor.document
    return np.array_equal(canvas.hero.pixels, picture_of(document.z(canvas.editor.space), document.psi))


def slider_of(canvas: LatentCanvas, index: int) -> ComponentSlider:
    return next(one for one in canvas.findChildren(ComponentSlider) if one.index == index)


def drag(qtbot: QtBot, track: QWidget, start: float, stop: float, steps: int = 8) -> None:
    """Drags along a track from one fraction of its width to another."""
    y = track.height() // 2
    at = [QPoint(round(track.width() * (start + (stop - start) * i / steps)), y) for i in range(steps + 1)]
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at[0])
    for point in at[1:]:
        qtbot.mouseMove(track, point)
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at[-1])


def test_the_first_picture_is_asked_for_and_shown(canvas):
    assert shows(canvas)
    assert canvas.panel.status.text() == "Step 100 · 9 ms a picture"


def test_keys_walk_seeds_throw_and_undo(canvas, engine, qtbot):
    for key, seed in ((Key.Key_Right, 1), (Key.Key_Right, 2), (Key.Key_Left, 1)):
        qtbot.keyClick(canvas.hero, key)
        assert canvas.editor.document.seed == seed
    qtbot.keyClick(canvas.hero, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.editor.document.seed == 11
    qtbot.keyClick(canvas.hero, Key.Key_R)
    engine.answer()
    assert shows(canvas)
    qtbot.keyClick(canvas.hero, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert canvas.editor.document.seed == 11
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for key, modifiers in ((Key.Key_Z, both), (Key.Key_Y, Qt.KeyboardModifier.ControlModifier)):
        thrown = canvas.editor.document.seed
        qtbot.keyClick(canvas.hero, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(canvas.hero, key, modifiers)
        assert canvas.editor.document.seed == thrown


def test_single_keys_are_off_in_text_fields_and_undo_is_the_fields_own(canvas, qtbot):
    box = canvas.panel.point.seed.number
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "12r")
    qtbot.keyClick(box, Key.Key_Return)
    assert canvas.editor.document.seed == 12
    qtbot.keyClick(box, Key.Key_Escape)
    assert canvas.hero.hasFocus()


def test_a_drag_is_one_undo_step_and_the_picture_follows(canvas, engine, qtbot):
    track = slider_of(canvas, 3).slider.track
    before = canvas.editor.document
    drag(qtbot, track, 0.2, 0.9)
    engine.answer()
    assert shows(canvas)
    assert canvas.editor.document.point.components[0][0] == 3
    assert canvas.host.undo_stack.count() == 1
    drag(qtbot, track, 0.9, 0.4)
    assert canvas.host.undo_stack.count() == 2
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    engine.answer()
    assert canvas.editor.document == before
    assert shows(canvas)


def test_a_double_click_gives_a_component_back_to_the_seed(canvas, qtbot):
    before = canvas.editor.document
    track = slider_of(canvas, 2).slider.track
    drag(qtbot, track, 0.5, 0.9)
    qtbot.mouseDClick(track, Qt.MouseButton.LeftButton)
    assert canvas.editor.document == before


def test_pins_and_the_way_between_are_exact_at_the_ends(canvas, engine, qtbot):
    qtbot.keyClick(canvas.hero, Key.Key_1)
    canvas.panel.point.choose_seed(50)
    qtbot.keyClick(canvas.hero, Key.Key_2)
    slider = canvas.panel.pins.slider
    for t, seed in ((Key.Key_Home, 0), (Key.Key_End, 50)):
        qtbot.keyClick(slider.track, t)
        engine.answer()
        assert np.array_equal(canvas.hero.pixels, picture_of(SPACE.draw(seed), 1.0))
    drag(qtbot, slider.track, 0.9, 0.5)
    engine.answer()
    assert shows(canvas)
    assert 0.3 < canvas.editor.document.t < 0.7


def test_a_morph_is_one_undo_step(canvas, engine, qtbot):
    qtbot.keyClick(canvas.hero, Key.Key_1)
    canvas.panel.point.choose_seed(50)
    qtbot.keyClick(canvas.hero, Key.Key_2)
    before, steps = canvas.editor.document, canvas.host.undo_stack.count()
    qtbot.keyClick(canvas.hero, Key.Key_Space)
    morph = canvas.panel.pins.morph
    assert morph.playing
    qtbot.waitUntil(lambda: canvas.editor.document.t not in (None, 0.0, 1.0))
    for t in (0.3, 0.2, 0.1):
        morph.moved.emit(t)
    qtbot.keyClick(canvas.hero, Key.Key_Space)
    assert not morph.playing
    assert canvas.host.undo_stack.count() == steps + 1
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == before


def test_a_morph_without_pins_says_what_is_missing(canvas, qtbot):
    qtbot.keyClick(canvas.hero, Key.Key_Space)
    assert canvas.panel.status.text() == "Pin two pictures first: 1 pins A, 2 pins B."
    assert not canvas.panel.pins.morph.playing
    canvas.panel.status.close()


def test_another_change_stops_a_morph(canvas, qtbot):
    qtbot.keyClick(canvas.hero, Key.Key_1)
    canvas.panel.point.choose_seed(50)
    qtbot.keyClick(canvas.hero, Key.Key_2)
    for stop in (canvas.host.undo_stack.undo, canvas.panel.point.throw, canvas.hide):
        canvas.panel.pins.toggle_morph()
        stop()
        assert not canvas.panel.pins.morph.playing
        canvas.panel.pins.pin("a")


def test_drawing_on_the_strip_sets_many_components_at_once(canvas, engine, qtbot):
    group = canvas.panel.components.groups[0]
    strip = group.strip
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(1, 3))
    qtbot.mouseMove(strip, QPoint(strip.width() - 2, 3))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 2, 3))
    engine.answer()
    z = canvas.editor.document.z(SPACE)
    assert (z[:20] == 3).all()
    assert (z[20:] == SPACE.draw(0)[20:]).all()
    assert canvas.host.undo_stack.count() == 1
    assert shows(canvas)


def test_a_component_is_found_by_its_index(canvas, qtbot):
    go = canvas.panel.components.go
    qtbot.keyClicks(go, "17")
    qtbot.keyClick(go, Key.Key_Return)
    assert slider_of(canvas, 17).slider.track.hasFocus()


def test_a_long_z_costs_no_more_widgets_than_a_short_one(make):
    space = replace(SPACE, dim=512, groups={})
    canvas = make(replace(FACTS, latent_space=space))
    assert len(canvas.findChildren(ComponentSlider)) <= 16


def test_classes_are_offered_where_the_model_has_them(make, engine, session):
    canvas = make(replace(FACTS, labels=("outline", "filled")))
    assert canvas.editor.document.label == 0
    canvas.panel.point.label.activated.emit(1)
    engine.answer()
    assert session.asked[-1].request.labels == (1,)


def test_uniform_latents_are_walked_in_a_line(make):
    canvas = make(replace(FACTS, latent_space=replace(SPACE, distribution="uniform")))
    assert canvas.editor.document.path == "lerp"


def test_the_history_notes_where_the_hand_rested(make, engine, qtbot, monkeypatch):
    monkeypatch.setattr(document_history, "REST_MS", 1)
    canvas = make()
    engine.answer()
    entries = canvas.history.entries
    for seed in (5, 6, 5):
        canvas.panel.point.choose_seed(seed)
        engine.answer()
        qtbot.waitUntil(lambda seed=seed: entries.entry(0).document.seed == seed)
    assert [entries.entry(row).document.seed for row in range(entries.rowCount())] == [5, 6, 0]
    canvas.panel.pins.pin("a")
    canvas.history.go_to(2)
    assert canvas.editor.document.seed == 0
    assert canvas.editor.document.pin_a.seed == 5
    engine.answer()
    assert shows(canvas)
    qtbot.waitUntil(lambda: entries.entry(0).document.seed == 0)


def test_a_star_keeps_a_picture_for_the_next_time(make, engine, qtbot, tmp_path, studio):
    keep = tmp_path / "edits" / "latent.json"
    canvas = make(keep=keep)
    engine.answer()
    canvas.panel.point.choose_seed(9)
    engine.answer()
    qtbot.waitUntil(lambda: canvas.history.entries.entry(0).document.seed == 9)
    canvas.history.entries.toggle(0)
    kept = keep.parent / "kept"
    qtbot.waitUntil(lambda: len(list(kept.glob("*.png"))) == 1)
    again = make(keep=keep)
    qtbot.waitUntil(lambda: again.history.entries.rowCount() == 1)
    entry = again.history.entries.entry(0)
    assert entry.kept
    assert (entry.pixels == picture_of(SPACE.draw(9), 1.0)).all()
    again.history.entries.toggle(0)
    qtbot.waitUntil(lambda: not list(kept.glob("*.png")))


def test_copying_puts_picture_and_edit_on_the_clipboard(canvas, qtbot):
    qtbot.keyClick(canvas.hero, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.hasFormat(EDIT_TYPE)
    QGuiApplication.clipboard().clear()
    canvas.panel.status.close()


@pytest.mark.parametrize("name", ["kite.png", "kite", "kite.jpg", "kite.webp"])
def test_saving_writes_the_picture_and_a_png_carries_the_edit(canvas, engine, qtbot, tmp_path, studio, name):
    canvas.panel.point.choose_seed(77)
    engine.answer()
    canvas.keeper.ask = lambda suggestion: str(tmp_path / name)
    with qtbot.waitSignal(studio.noticed) as told:
        qtbot.keyClick(canvas.hero, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        engine.answer()
    path = next(tmp_path.glob("kite*"))
    assert told.args[0] == f"{path.name} is saved."
    if path.suffix == ".png":
        envelope = read_envelope(path)
        assert LatentDocument.from_json(envelope.document) == canvas.editor.document
        assert (envelope.canvas, envelope.run, envelope.step) == ("latent", "run", 100)


def test_what_is_saved_is_rendered_for_keeps(canvas, engine, session, qtbot, tmp_path, studio):
    canvas.keeper.ask = lambda suggestion: str(tmp_path / "kite.png")
    canvas.save()
    [wish] = engine.pending()
    assert isinstance(wish.request, ExactRequest)
    with qtbot.waitSignal(studio.noticed):
        engine.answer()
    assert np.array_equal(load_pixels(tmp_path / "kite.png"), canvas.hero.pixels)


def test_what_cannot_be_rendered_for_keeps_is_saved_as_it_is_shown(canvas, engine, tell, qtbot, tmp_path, studio):
    canvas.keeper.ask = lambda suggestion: str(tmp_path / "kite.png")
    canvas.save()
    [wish] = engine.pending()
    with qtbot.waitSignal(studio.noticed):
        tell(RenderFailed(wish.client, wish.serial, "No memory."))
    assert np.array_equal(load_pixels(tmp_path / "kite.png"), canvas.hero.pixels)


def test_a_picture_that_cannot_be_saved_says_why(canvas, engine, qtbot, tmp_path, studio):
    (tmp_path / "file").write_text("")
    canvas.keeper.ask = lambda suggestion: str(tmp_path / "file" / "kite.png")
    with qtbot.waitSignal(studio.noticed) as told:
        canvas.save()
        engine.answer()
    assert told.args[0].startswith("kite.png could not be written")
    assert told.args[3] == "bad"


def test_what_is_dragged_out_carries_the_edit(canvas, tmp_path):
    data = canvas.hero.drag_data()
    (path,) = [url.toLocalFile() for url in data.urls()]
    copy = tmp_path / "dropped.png"
    copy.write_bytes(Path(path).read_bytes())
    assert LatentDocument.from_json(read_envelope(copy).document) == canvas.editor.document


def test_an_opened_document_is_shown_and_can_be_undone(canvas, engine):
    opened = LatentDocument().with_seed(31).with_psi(0.5)
    before = canvas.editor.document
    canvas.host.document_opened.emit(opened.to_json())
    engine.answer()
    assert canvas.editor.document == opened
    assert shows(canvas)
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == before


def test_a_document_of_another_model_is_refused_in_a_sentence(canvas, studio, qtbot):
    before = canvas.editor.document
    foreign = LatentDocument().with_seed(1).to_json() | {"components": {"99": 1.0}}
    for document in (foreign, {"seed": "x"}):
        with qtbot.waitSignal(studio.noticed):
            canvas.host.document_opened.emit(document)
        assert canvas.editor.document == before


def test_it_reopens_with_the_document_it_had(make, studio):
    document = LatentDocument().with_seed(8).with_psi(0.25)
    assert make(document=document.to_json()).editor.document == document
    assert make(document={"seed": "broken"}).editor.document == LatentDocument()


def test_a_failure_is_told_where_the_picture_is(canvas, tell, session):
    canvas.panel.point.throw()
    wish = session.asked[-1]
    tell(RenderFailed(wish.client, wish.serial, "The model could not render."))
    assert canvas.panel.status.text() == "The model could not render."
    assert canvas.hero.pixels is not None


def test_compact_shows_a_few_controls_and_no_more(make, engine):
    canvas = make(compact=True)
    engine.answer()
    assert shows(canvas)
    sliders = canvas.findChildren(ComponentSlider)
    assert [slider.index for slider in sliders] == [0, 1, 20, 21]
    sliders[0].slider.changed.emit(1.5)
    engine.answer()
    assert shows(canvas)


def test_everything_that_takes_the_focus_has_a_name(canvas):
    assert nameless(canvas) == []
