"""The inpainting canvas under a hand: what it masks, searches for, shows, keeps and takes back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from canvas_kit import canvases
from inpaint_kit import CLASSES, FACTS, SIZE, Filling, candidate, filled, noise
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from studio.edit.documents import EditEnvelope, load_pixels, read_envelope, write_envelope
from studio.edit.embedded import Picture
from studio.edit.inpaint import InpaintDocument
from studio.edit.inpaint_mask import Mark, MaskSheet
from studio.edit.latent import LatentDocument
from studio.engine.commands import Begin
from studio.gui.canvases.carrying import EDIT_TYPE
from studio.gui.canvases.inpaint import InpaintCanvas
from studio.gui.canvases.inpaint_panel import MASK, RESULT, SPLIT
from studio.gui.widgets.picture import to_qimage
from tests.gui.dropping import drop, files
from tests.gui.small_window import ROOM

Key = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SQUARE = Mark.shape("rectangle", [(0.25, 0.25), (0.75, 0.75)])


@pytest.fixture
def engine(session, tell) -> Filling:
    return Filling(session, tell)


@pytest.fixture
def make(studio, qtbot: QtBot) -> Iterator[Callable[..., InpaintCanvas]]:
    with canvases(studio, qtbot, InpaintCanvas, "inpaint") as shown:
        yield lambda document=None, facts=FACTS, **options: shown(facts, document, **options)


def photo(seed: int = 1) -> InpaintDocument:
    return InpaintDocument().with_picture(Picture.of(noise(seed)), "kite")


@pytest.fixture
def canvas(make) -> InpaintCanvas:
    """A picture without a mask."""
    return make(photo())


@pytest.fixture
def done(make, engine) -> InpaintCanvas:
    """A picture whose hole is filled, with three candidates."""
    found = [candidate(seed, loss) for seed, loss in ((5, 1.0), (6, 2.0), (7, 3.0))]
    made = make(photo().with_marks([SQUARE]).with_found(found))
    engine.answer()
    return made


def press(qtbot: QtBot, canvas: InpaintCanvas, key: Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(canvas.view, key, modifiers)


def draw(
    qtbot: QtBot, canvas: InpaintCanvas, *places: tuple[float, float], keys=Qt.KeyboardModifier.NoModifier
) -> None:
    """Draws from place to place, in fractions of the picture."""
    around = canvas.view.place()
    at = [
        QPoint(round(around.left() + x * around.width()), round(around.top() + y * around.height())) for x, y in places
    ]
    qtbot.mousePress(canvas.view, Qt.MouseButton.LeftButton, keys, at[0])
    for point in at[1:]:
        qtbot.mouseMove(canvas.view, point)
    qtbot.mouseRelease(canvas.view, Qt.MouseButton.LeftButton, keys, at[-1])


def cover(canvas: InpaintCanvas) -> np.ndarray:
    return canvas.editor.document.cover(MaskSheet(SIZE))


def expected(canvas: InpaintCanvas) -> np.ndarray:
    """The picture that the engine makes of the document."""
    document = canvas.editor.document
    return filled(document.pixels(SIZE), cover(canvas), document.best.values)


def test_an_empty_canvas_says_what_to_do(make):
    canvas = make()
    assert canvas.empty.isVisible()
    assert not canvas.kept.isVisible()
    assert not canvas.panel.search.fill.isEnabled()
    assert not canvas.panel.save.isEnabled()


def test_a_dropped_picture_is_squared_and_shown(make, tmp_path, qtbot):
    canvas, path = make(), tmp_path / "owl.png"
    wide = np.random.default_rng(0).integers(256, size=(SIZE, 2 * SIZE, 3), dtype=np.uint8)
    Image.fromarray(wide).save(path)
    assert drop(canvas, files(path))
    qtbot.waitUntil(lambda: canvas.editor.document.picture is not None)
    assert canvas.editor.document.name == "owl"
    assert np.array_equal(canvas.view.pixels, wide[:, SIZE // 2 : SIZE // 2 + SIZE])
    assert not canvas.empty.isVisible()
    assert canvas.kept.isVisible()
    canvas.host.undo_stack.undo()
    assert canvas.empty.isVisible()


def test_of_a_folder_the_first_picture_comes_and_that_is_said(make, studio, tmp_path, qtbot):
    canvas = make()
    for index in range(3):
        Image.new("RGB", (20, 20), (90 * index, 0, 0)).save(tmp_path / f"{index}.png")
    with qtbot.waitSignal(studio.noticed) as told:
        assert drop(canvas, files(tmp_path))
    assert told.args[0] == "This canvas takes one picture at a time: the first came in."
    assert canvas.editor.document.name == "0"


def test_a_picture_is_pasted_and_opened(canvas, tmp_path, qtbot):
    QGuiApplication.clipboard().setImage(to_qimage(noise(8)))
    press(qtbot, canvas, Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: np.array_equal(canvas.view.pixels, noise(8)))
    QGuiApplication.clipboard().clear()
    path = tmp_path / "owl.png"
    Image.fromarray(noise(9)).save(path)
    canvas.arrivals.ask = lambda _folder: [str(path)]
    press(qtbot, canvas, Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: np.array_equal(canvas.view.pixels, noise(9)))


def test_a_generated_picture_is_one_key_away(make, engine, qtbot, tmp_path):
    canvas = make(keep=tmp_path / "edits" / "inpaint.json", run=str(tmp_path))
    canvas.empty.setFocus()
    qtbot.keyClick(canvas.empty, Key.Key_G)
    engine.answer()
    qtbot.waitUntil(lambda: canvas.editor.document.picture is not None)
    seed = int(canvas.editor.document.name.removeprefix("seed-"))
    assert np.array_equal(canvas.view.pixels, noise(seed))


def test_the_latent_canvas_gives_its_picture(make, engine, qtbot, tmp_path):
    latent = LatentDocument().with_seed(77)
    write_envelope(tmp_path / "edits" / "latent.json", EditEnvelope("latent", "run", 1, latent.to_json()))
    canvas = make(run=str(tmp_path))
    qtbot.keyClick(canvas.empty, Key.Key_G, SHIFT)
    qtbot.waitUntil(lambda: engine.answer() > 0)
    qtbot.waitUntil(lambda: canvas.editor.document.name == "seed-77")
    assert np.array_equal(canvas.view.pixels, noise(77))


def test_the_brush_masks_the_eraser_takes_off_and_each_is_one_undo_step(canvas, qtbot):
    draw(qtbot, canvas, (0.2, 0.5), (0.5, 0.5), (0.8, 0.5))
    row = cover(canvas)[SIZE // 2]
    assert (row[5:11] > 0.9).all()
    assert cover(canvas)[0].max() == 0
    press(qtbot, canvas, Key.Key_E)
    draw(qtbot, canvas, (0.5, 0.5))
    assert cover(canvas)[SIZE // 2, SIZE // 2] < 0.5
    press(qtbot, canvas, Key.Key_X)
    assert canvas.panel.tools.tool == "brush"
    draw(qtbot, canvas, (0.3, 0.5), (0.31, 0.5), keys=ALT)
    assert len(canvas.editor.document.marks) == 3
    assert canvas.editor.document.marks[-1].erases
    for left in (2, 1, 0):
        press(qtbot, canvas, Key.Key_Z, CTRL)
        assert len(canvas.editor.document.marks) == left


def test_brackets_change_size_and_with_shift_hardness(canvas, qtbot):
    tools = canvas.panel.tools
    size = tools.width_fraction
    press(qtbot, canvas, Key.Key_BracketRight)
    assert tools.width_fraction > size
    press(qtbot, canvas, Key.Key_BracketLeft)
    assert tools.width_fraction == pytest.approx(size, rel=0.02)
    press(qtbot, canvas, Key.Key_BraceLeft, SHIFT)
    press(qtbot, canvas, Key.Key_BracketLeft, SHIFT)
    assert tools.hard_fraction == pytest.approx(0.8)
    press(qtbot, canvas, Key.Key_BraceRight, SHIFT)
    draw(qtbot, canvas, (0.5, 0.5))
    assert canvas.editor.document.marks[-1].hardness == pytest.approx(0.9)


def test_rectangle_lasso_invert_feather_and_clear(canvas, qtbot):
    press(qtbot, canvas, Key.Key_M)
    draw(qtbot, canvas, (0.25, 0.25), (0.6, 0.6), (0.75, 0.5))
    assert cover(canvas)[4:8, 4:12].all()
    assert cover(canvas).sum() == 4 * 8
    press(qtbot, canvas, Key.Key_L)
    draw(qtbot, canvas, (0.1, 0.7), (0.5, 0.72), (0.5, 0.95), (0.1, 0.95))
    assert cover(canvas)[13, 5] == 1
    before = cover(canvas)
    press(qtbot, canvas, Key.Key_I)
    assert np.array_equal(cover(canvas), 1 - before)
    press(qtbot, canvas, Key.Key_I)
    canvas.panel.tools.feather.changed.emit(12.5)
    canvas.panel.tools.feather.committed.emit(12.5)
    assert canvas.editor.document.feather == 0.125
    assert ((cover(canvas) > 0) & (cover(canvas) < 1)).any()
    press(qtbot, canvas, Key.Key_Backspace)
    assert not cover(canvas).any()
    press(qtbot, canvas, Key.Key_Z, CTRL)
    assert cover(canvas).any()


def test_without_a_tool_nothing_is_painted(canvas, qtbot):
    press(qtbot, canvas, Key.Key_B)
    assert canvas.panel.tools.tool is None
    draw(qtbot, canvas, (0.5, 0.5))
    assert canvas.editor.document.marks == ()


def test_the_mask_lies_over_the_picture(canvas, qtbot):
    bare = canvas.view.grab().toImage()
    draw(qtbot, canvas, (0.5, 0.5))
    assert canvas.view.grab().toImage() != bare


def test_enter_searches_and_what_is_found_is_followed_live(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5), (0.6, 0.5))
    canvas.editor.plan("How many", candidates=3)
    press(qtbot, canvas, Key.Key_Return)
    assert engine.search.seeds == (0, 1, 2)
    assert np.array_equal(engine.search.cover, cover(canvas))
    assert canvas.panel.search.cancel.isVisible()
    engine.advance(10, losses=[5.0, 1.0, 3.0])
    assert np.array_equal(canvas.view.pixels, filled(noise(1), cover(canvas), np.array([21.0])))
    assert canvas.strip.candidates.rowCount() == 3
    assert canvas.strip.shown == 1
    engine.advance(300, losses=[3.0, 2.0, 1.0], finished=True)
    engine.answer()
    assert [one.seed for one in canvas.editor.document.found] == [2, 1, 0]
    assert np.array_equal(canvas.view.pixels, expected(canvas))
    assert canvas.strip.candidates.entry(0).short == "1.0% off"
    assert not canvas.panel.search.cancel.isVisible()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document.found == ()
    assert np.array_equal(canvas.view.pixels, noise(1))


def test_the_smallest_window_has_room_and_a_hint_that_has_none_is_elided(canvas):
    assert canvas.minimumSizeHint().width() <= ROOM
    canvas.hint.resize(40, 16)
    canvas.hint.grab()
    assert canvas.hint.toolTip() == canvas.hint.text() != ""
    canvas.hint.resize(900, 16)
    canvas.hint.grab()
    assert canvas.hint.toolTip() == ""


def test_a_search_is_cancelled_and_leaves_nothing(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5))
    press(qtbot, canvas, Key.Key_Return)
    engine.advance(10)
    assert "search" in canvas.host.loss
    press(qtbot, canvas, Key.Key_Escape)
    assert canvas.host.loss == ""
    assert engine.cancelled()
    assert canvas.editor.document.found == ()
    assert np.array_equal(canvas.view.pixels, noise(1))
    assert canvas.strip.candidates.rowCount() == 0
    engine.advance(300, finished=True)
    assert canvas.editor.document.found == ()


def test_a_search_can_be_ended_with_what_it_has(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5))
    canvas.panel.search.fill.click()
    engine.advance(10)
    canvas.panel.search.keep.click()
    assert engine.cancelled()
    assert len(canvas.editor.document.found) == 4


def test_a_search_that_fails_says_why(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5))
    press(qtbot, canvas, Key.Key_Return)
    engine.fail("There is no way on. Turn back.")
    assert canvas.panel.status.text() == "There is no way on. Turn back."
    assert not canvas.searching.busy


def test_without_a_mask_there_is_nothing_to_search_for(canvas, session, qtbot):
    press(qtbot, canvas, Key.Key_Return)
    assert not any(isinstance(one, Begin) for one in session.asked)
    assert canvas.panel.status.text().startswith("Paint over")


def test_other_seeds_search_again(done, engine, qtbot):
    press(qtbot, done, Key.Key_N)
    first = engine.search.seeds
    press(qtbot, done, Key.Key_N)
    assert engine.search.seeds != first
    assert done.editor.document.seed == engine.search.seeds[0]


def test_another_picture_ends_the_search_for_the_one_before(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5))
    press(qtbot, canvas, Key.Key_Return)
    canvas.editor.put(Picture.of(noise(4)), "other")
    engine.advance(300, finished=True)
    assert canvas.editor.document.found == ()


def test_candidates_are_chosen_by_click_and_arrows_and_undone(done, engine, qtbot):
    for key, chosen in ((Key.Key_Right, 1), (Key.Key_Right, 2), (Key.Key_Right, 2), (Key.Key_Left, 1)):
        press(qtbot, done, key)
        engine.answer()
        assert done.editor.document.chosen == done.strip.shown == chosen
        assert np.array_equal(done.view.pixels, expected(done))
    tile = done.strip.visualRect(done.strip.candidates.index(2)).center()
    qtbot.mouseClick(done.strip.viewport(), Qt.MouseButton.LeftButton, pos=tile)
    assert done.editor.document.chosen == 2
    press(qtbot, done, Key.Key_Z, CTRL)
    engine.answer()
    assert done.editor.document.chosen == 1
    assert np.array_equal(done.view.pixels, expected(done))


def test_views_show_mask_both_and_result(done, qtbot):
    seen = []
    for _ in range(3):
        seen.append((done.panel.picture.view.currentIndex(), done.view.pixels.tobytes()))
        press(qtbot, done, Key.Key_V)
    assert [view for view, _ in seen] == [RESULT, MASK, SPLIT]
    assert seen[0][1] == seen[2][1] == expected(done).tobytes()
    assert seen[1][1] == noise(1).tobytes()


def test_painting_on_changes_the_hole_and_says_that_it_is_another(done, engine, qtbot):
    assert "changed" not in done.hint.text()
    draw(qtbot, done, (0.9, 0.9))
    assert done.panel.picture.view.currentIndex() == MASK
    assert "changed" in done.hint.text()
    engine.answer()
    press(qtbot, done, Key.Key_V)
    press(qtbot, done, Key.Key_V)
    assert np.array_equal(done.view.pixels, expected(done))


def test_untouched_pixels_are_the_photos(done):
    outside = cover(done) == 0
    assert np.array_equal(done.view.pixels[outside], noise(1)[outside])


def test_a_saved_png_brings_everything_back(done, make, engine, qtbot, tmp_path):
    press(qtbot, done, Key.Key_Right)
    engine.answer()
    path = tmp_path / "kite-filled.png"
    done.keeper.ask = lambda suggestion: str(path) if suggestion.endswith("kite-filled.png") else ""
    press(qtbot, done, Key.Key_S, CTRL)
    engine.answer()
    qtbot.waitUntil(path.exists)
    assert np.array_equal(load_pixels(path), expected(done))
    other = make()
    other.open_document(read_envelope(path).document)
    engine.answer()
    assert other.editor.document == done.editor.document
    assert np.array_equal(other.view.pixels, expected(done))
    with qtbot.waitSignal(other.host.edit_wanted):
        assert drop(other, files(path))


def test_a_copied_picture_carries_its_edit(done, qtbot):
    press(qtbot, done, Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    envelope = EditEnvelope.from_text(bytes(data.data(EDIT_TYPE).data()).decode())
    assert InpaintDocument.from_json(envelope.document) == done.editor.document
    assert QGuiApplication.clipboard().image() == to_qimage(expected(done))
    QGuiApplication.clipboard().clear()


def test_it_reopens_where_it_was(done, make, engine, tmp_path, qtbot):
    keep = tmp_path / "inpaint.json"
    canvas = make(done.editor.document, keep=keep)
    engine.answer()
    draw(qtbot, canvas, (0.9, 0.9))
    canvas.host.close()
    again = make(InpaintDocument.from_json(read_envelope(keep).document))
    assert again.editor.document == canvas.editor.document


def test_a_damaged_document_is_refused_and_nothing_changes(done):
    before = done.editor.document
    done.open_document({"found": 3})
    assert done.editor.document == before


def test_sliders_set_how_to_search_each_as_one_step(canvas, engine, qtbot):
    draw(qtbot, canvas, (0.5, 0.5))
    search, steps = canvas.panel.search, canvas.host.undo_stack.count()
    for slider, value in ((search.candidates, 6), (search.iterations, 500), (search.prior, 10)):
        slider.changed.emit(value / 2)
        slider.changed.emit(value)
        slider.committed.emit(value)
    search.blend.click()
    assert canvas.host.undo_stack.count() == steps + 4
    press(qtbot, canvas, Key.Key_Return)
    assert (len(engine.search.seeds), engine.search.iterations, engine.search.prior) == (6, 500, 10)
    assert not canvas.editor.document.blend


def test_classes_are_offered_where_the_model_has_them(make, engine, qtbot, canvas):
    assert canvas.panel.search.label.isHidden()
    other = make(photo().with_marks([SQUARE]), CLASSES)
    other.panel.search.label.activated.emit(1)
    press(qtbot, other, Key.Key_Return)
    assert engine.search.label == 1


def test_every_control_has_a_name_and_a_tooltip(canvas):
    search, tools, picture = canvas.panel.search, canvas.panel.tools, canvas.panel.picture
    buttons = [
        *tools.buttons.values(),
        tools.invert,
        tools.clear,
        search.fill,
        search.again,
        search.cancel,
        search.keep,
    ]
    controls = [search.candidates, search.iterations, search.prior, search.blend, tools.thickness, tools.hardness]
    assert all(one.toolTip() for one in (*buttons, *controls, tools.feather, picture.open, picture.generate))
    assert all(one.accessibleName() for one in (*controls, tools.feather, canvas.view, canvas.strip, picture.view))


def test_random_gestures_undone_lead_back(canvas, engine, qtbot):
    chance = random.Random(2)
    before = canvas.editor.document
    keys = (Key.Key_B, Key.Key_E, Key.Key_X, Key.Key_M, Key.Key_L, Key.Key_I, Key.Key_Backspace, Key.Key_V, Key.Key_N)
    for _ in range(120):
        if chance.random() < 0.5:
            draw(qtbot, canvas, *((chance.random(), chance.random()) for _ in range(3)))
        else:
            press(qtbot, canvas, chance.choice((*keys, Key.Key_Return, Key.Key_Right, Key.Key_Escape)))
        if canvas.searching.busy and chance.random() < 0.5:
            engine.advance(300, finished=chance.random() < 0.5)
        engine.answer()
    canvas.searching.cancel()
    while canvas.host.undo_stack.canUndo():
        canvas.host.undo_stack.undo()
    assert canvas.editor.document == before
