"""The walk canvas under a hand: its timeline, its playing, and the films that leave it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from canvas_kit import Answering, canvases
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.directions import Directions
from studio.edit.documents import EditEnvelope, read_envelope, save_picture, write_envelope
from studio.edit.keyframes import MOST_KEYFRAMES, Keyframe
from studio.edit.latent import LatentDocument
from studio.edit.mixing import MixDocument
from studio.edit.points import LatentPoint
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import ExactFrames, StyleFrames, ZFrames
from studio.engine import commands
from studio.engine.events import ModelFacts, RenderFailed, RunState, StateChanged
from studio.gui.canvases import walk_making, walk_player
from studio.gui.canvases.walk import WalkCanvas
from studio.gui.canvases.walk_arrivals import latent_offers
from studio.gui.canvases.walk_lane import RULER, TILE
from studio.gui.canvases.walk_timeline import MARGIN
from tests.gui.dropping import carried, drop, files

Key = Qt.Key
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SPACE = LatentSpace(8)
FACTS = ModelFacts("tiny", "Tiny", 16, ("LatentSampling",), latent_space=SPACE)
STYLED = replace(FACTS, num_ws=4, capabilities=("LatentSampling", "StyleMixing"))
WALK = WalkDocument(tuple(Keyframe(LatentPoint(seed), seconds=1.0) for seed in (1, 2, 3, 4)), fps=25)


def pictures_of(wish: ZFrames | StyleFrames) -> np.ndarray:
    """Pictures, uint8 (N, 16, 16, 3), that say what made them."""
    told = []
    for index, looks in enumerate(wish.looks):
        marks = wish.z[index].tobytes() + b"".join(look.key() for look in looks) + repr(wish.t[index]).encode()
        told.append(np.resize(np.frombuffer(marks, np.uint8), (16, 16, 3)))
    return np.stack(told)


class Walking(Answering):
    """Draws frames.

    Attributes:
        asked: what it was asked.
        films: how many stretches of films.
        most: stretches of films that it answers; later ones wait.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        super().__init__(session, tell)
        self.asked: list[ZFrames | StyleFrames] = []
        self.films = 0
        self.most = 10_000

    def pictures(self, request: Any) -> np.ndarray | None:
        if isinstance(request, ExactFrames):
            self.films += 1
            if self.films > self.most:
                return None
            document = request.document
            request = document.frames(SPACE, [index / document.fps for index in range(request.first, request.stop)])
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, WalkDocument)
            request = request.document.frames(SPACE, [request.document.time])
        assert isinstance(request, ZFrames | StyleFrames)
        self.asked.append(request)
        return pictures_of(request)


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Walking:
    return Walking(session, tell)


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., WalkCanvas]]:
    with canvases(studio, qtbot, WalkCanvas, "walk") as shown:
        yield lambda facts=FACTS, document=None, keep=None: shown(facts, document, keep)


@pytest.fixture
def canvas(make: Callable[..., WalkCanvas], engine: Walking) -> WalkCanvas:
    made = make(document=WALK.to_json())
    engine.answer()
    return made


def at(canvas: WalkCanvas, seconds: float, y: int = RULER + TILE // 2) -> QPoint:
    """A moment on the timeline."""
    return QPoint(round(MARGIN + canvas.timeline.lane.x(seconds)), y)


def drag(qtbot: QtBot, canvas: WalkCanvas, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(canvas.timeline, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(canvas.timeline, start + (end - start) * step / 5)
    qtbot.mouseRelease(canvas.timeline, LEFT, pos=end)


def seeds(canvas: WalkCanvas) -> list[int]:
    return [one.point.seed for one in canvas.editor.document.keyframes]


def test_it_begins_empty_and_makes_a_walk_in_one_click(make: Callable[..., WalkCanvas], engine: Walking) -> None:
    canvas = make()
    assert canvas.empty.isVisible()
    assert canvas.panel.status.text() == ""
    canvas.editor.begin()
    engine.answer()
    assert not canvas.empty.isVisible()
    document = canvas.editor.document
    assert (len(set(seeds(canvas))), document.loop) == (4, True)
    assert np.array_equal(canvas.hero.pixels, pictures_of(document.frames(SPACE, [0.0]))[0])
    assert all(canvas.thumbnails.image(one) for one in document.keyframes)
    canvas.host.undo_stack.undo()
    assert canvas.empty.isVisible()


def test_scrubbing_shows_frames_and_is_no_step(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    drag(qtbot, canvas, at(canvas, 0.5, 5), at(canvas, 2.4, 5))
    engine.answer()
    assert canvas.editor.document.time == pytest.approx(2.4, abs=0.02)
    assert (canvas.editor.document.time * 25) == pytest.approx(canvas.editor.document.frame)
    expected = pictures_of(canvas.editor.document.frames(SPACE, [canvas.editor.document.time]))[0]
    assert np.array_equal(canvas.hero.pixels, expected)
    assert canvas.host.undo_stack.count() == 0


def test_a_drag_moves_a_keyframe(canvas: WalkCanvas, qtbot: QtBot) -> None:
    drag(qtbot, canvas, at(canvas, 0.3), at(canvas, 2.6))
    assert seeds(canvas) == [2, 3, 1, 4]
    assert canvas.editor.selected == 2
    drag(qtbot, canvas, at(canvas, 3.3), at(canvas, 0.02))
    assert seeds(canvas) == [4, 2, 3, 1]
    canvas.host.undo_stack.undo()
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == WALK


def test_a_click_chooses_and_changes_nothing(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.mouseClick(canvas.timeline, LEFT, pos=at(canvas, 2.5))
    assert canvas.editor.selected == 2
    assert canvas.keyframe.seed.number.text() == "3"
    assert canvas.editor.document == WALK


def test_a_boundary_changes_how_long_it_takes_in_one_step(canvas: WalkCanvas, qtbot: QtBot) -> None:
    drag(qtbot, canvas, at(canvas, 2.0), at(canvas, 1.5))
    assert [one.seconds for one in canvas.editor.document.keyframes] == pytest.approx([1, 0.5, 1, 1], abs=0.021)
    assert canvas.host.undo_stack.count() == 1
    frames = canvas.editor.document.keyframes[1].seconds * 25
    assert frames == pytest.approx(round(frames))
    canvas.host.undo_stack.undo()
    assert canvas.editor.document == WALK


def test_a_double_click_goes_there(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.mouseDClick(canvas.timeline, LEFT, pos=at(canvas, 3.5))
    assert canvas.editor.document.time == 3.0


@pytest.mark.parametrize(
    ("key", "frame"),
    [(Key.Key_Right, 11), (Key.Key_L, 11), (Key.Key_Left, 9), (Key.Key_J, 9), (Key.Key_Home, 0), (Key.Key_End, 99)],
)
def test_keys_step_frames(canvas: WalkCanvas, qtbot: QtBot, key: Qt.Key, frame: int) -> None:
    canvas.editor.go(10 / 25)
    qtbot.keyClick(canvas.timeline, key)
    assert canvas.editor.document.frame == frame


def test_stepping_back_from_the_start_of_a_loop_is_its_end(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas.timeline, Key.Key_Left)
    assert canvas.editor.document.frame == 99
    qtbot.keyClick(canvas.timeline, Key.Key_O)
    assert canvas.editor.document.frame_count == 76
    qtbot.keyClick(canvas.timeline, Key.Key_End)
    qtbot.keyClick(canvas.timeline, Key.Key_Right, SHIFT)
    assert canvas.editor.document.frame == 75


def test_keys_edit_keyframes(canvas: WalkCanvas, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas.timeline, Key.Key_Down)
    assert (canvas.editor.selected, canvas.editor.document.time) == (1, 1.0)
    qtbot.keyClick(canvas.timeline, Key.Key_Right, CTRL)
    assert seeds(canvas) == [1, 3, 2, 4]
    qtbot.keyClick(canvas.timeline, Key.Key_E)
    assert canvas.editor.document.keyframes[2].ease == "linear"
    qtbot.keyClick(canvas.timeline, Key.Key_BracketRight)
    assert canvas.editor.document.keyframes[2].seconds == pytest.approx(1.12)
    qtbot.keyClick(canvas.timeline, Key.Key_D, CTRL)
    assert seeds(canvas) == [1, 3, 2, 2, 4]
    qtbot.keyClick(canvas.timeline, Key.Key_Delete)
    qtbot.keyClick(canvas.timeline, Key.Key_A)
    assert len(seeds(canvas)) == 5
    qtbot.keyClick(canvas.timeline, Key.Key_R)
    qtbot.keyClick(canvas.timeline, Key.Key_Z, CTRL)
    for _ in range(6):
        canvas.host.undo_stack.undo()
    assert canvas.editor.document.keyframes == WALK.keyframes


def test_single_keys_stay_off_while_typing(canvas: WalkCanvas, qtbot: QtBot) -> None:
    canvas.keyframe.seed.number.setFocus()
    qtbot.keyClicks(canvas.keyframe.seed.number, "a")
    assert canvas.editor.document == WALK


def test_it_plays_by_the_clock_and_leaves_frames_out(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.editor.go(0.4)
    qtbot.keyClick(canvas.timeline, Key.Key_Space)
    assert canvas.player.playing
    for seconds, time in ((1.0, 1.4), (2.61, 3.0), (3.8, 0.2)):
        now[0] = 1000 + seconds
        canvas.player._tick()
        assert canvas.editor.document.time == pytest.approx(time, abs=1e-6)
        engine.answer()
    assert canvas.host.undo_stack.count() == 0
    qtbot.keyClick(canvas.timeline, Key.Key_K)
    assert not canvas.player.playing


def test_without_a_loop_it_stops_at_the_end_and_begins_anew(
    canvas: WalkCanvas, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.transport.loop.click()
    canvas.player.play()
    now[0] = 7.0
    canvas.player._tick()
    assert not canvas.player.playing
    assert canvas.editor.document.time == 3.0
    canvas.player.play()
    assert canvas.editor.document.time == 0
    canvas.player.pause()


def test_it_says_how_many_frames_a_second_come(
    canvas: WalkCanvas, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.player.play()
    for tenth in range(12):
        now[0] = tenth / 10
        canvas.player._tick()
        engine.answer()
    assert canvas.player.fps_reached == pytest.approx(10, abs=1.5)
    canvas.transport._tell_speed()
    assert "of 25 frames a second" in canvas.transport._speed.text()
    canvas.hide()
    assert not canvas.player.playing


def test_controls_change_the_chosen_keyframe(make: Callable[..., WalkCanvas], engine: Walking) -> None:
    canvas = make(facts=replace(STYLED, labels=("cat", "dog")), document=WALK.to_json())
    canvas.editor.select(1)
    canvas.keyframe.seed.number.chosen.emit(77)
    canvas.keyframe.label.activated.emit(1)
    for psi in (0.8, 0.6):
        canvas.keyframe.psi.changed.emit(psi)
    canvas.keyframe.psi.committed.emit(0.6)
    for seconds in (1.5, 2.01):
        canvas.keyframe.seconds.changed.emit(seconds)
    canvas.keyframe.seconds.committed.emit(2.01)
    canvas.keyframe.ease.setCurrentIndex(2)
    changed = canvas.editor.document.keyframes[1]
    assert changed == Keyframe(LatentPoint(77), 0.6, 1, 2.0, "hold")
    assert canvas.keyframe.seconds.value() == 2.0
    assert canvas.host.undo_stack.count() == 5
    canvas.way.through.setCurrentIndex(1)
    canvas.way.path.activated.emit(1)
    canvas.way.fps.activated.emit(0)
    document = canvas.editor.document
    assert (document.through, document.path, document.fps) == ("w", "lerp", 10)
    engine.answer()
    assert isinstance(engine.asked[-1], StyleFrames) or isinstance(engine.asked[-2], StyleFrames)


def test_w_is_offered_to_models_that_have_it_alone(make: Callable[..., WalkCanvas]) -> None:
    walked = WALK.with_through("w").to_json()
    assert make(document=walked).editor.document.through == "z"
    styled = make(facts=STYLED, document=walked)
    assert styled.editor.document.through == "w"
    assert styled.way.through.isVisible()


def test_pictures_of_the_latent_canvas_fall_where_they_are_dropped(
    canvas: WalkCanvas, qtbot: QtBot, tmp_path: Path
) -> None:
    for seed in (8, 9):
        edit = EditEnvelope("latent", "run", 1, LatentDocument().with_seed(seed).with_psi(0.5).to_json())
        save_picture(tmp_path / f"{seed}.png", np.zeros((8, 8, 3), np.uint8), edit)
    data = files(*(tmp_path / f"{seed}.png" for seed in (8, 9)))
    drop(canvas.timeline, data, at(canvas, 2.02))
    qtbot.waitUntil(lambda: len(seeds(canvas)) == 6)
    assert seeds(canvas) == [1, 2, 8, 9, 3, 4]
    assert canvas.editor.document.keyframes[2].psi == 0.5
    assert canvas.host.undo_stack.count() == 1


def test_what_is_copied_on_the_latent_canvas_is_pasted(canvas: WalkCanvas, qtbot: QtBot) -> None:
    document = LatentDocument().with_seed(70).pinned("a", SPACE).with_seed(71).pinned("b", SPACE).blended(0.5)
    QGuiApplication.clipboard().setMimeData(carried(document))
    qtbot.keyClick(canvas.timeline, Key.Key_V, CTRL)
    assert len(seeds(canvas)) == 5
    assert np.array_equal(canvas.editor.document.keyframes[1].point.z(SPACE), document.z(SPACE))
    QGuiApplication.clipboard().clear()


MOVED = LatentDocument().with_seed(70).with_psi(0.6).with_cutoff(2)
MOVED = MOVED.with_directions(
    Directions.of(np.eye(8)[:3], np.full(3, 0.2), "w", 1).along(0, 2.5).named(0, "Roundness").along(2, -1)
)


def test_a_picture_of_the_latent_canvas_keeps_its_look(make: Callable[..., WalkCanvas], engine: Walking) -> None:
    canvas = make(facts=STYLED, document=WALK.to_json())
    drop(canvas.timeline, carried(MOVED), at(canvas, 0.02))
    engine.answer()
    assert canvas.editor.document.keyframes[0] == Keyframe.showing(MOVED, SPACE)
    assert canvas.keyframe.cutoff.value() == 2
    assert canvas.keyframe.directions.words.text() == "Roundness +2.5 and 1 more"
    assert canvas.keyframe.directions.words.toolTip() == "Roundness +2.5\nDirection 3 \u22121.0"
    canvas.keyframe.cutoff.changed.emit(4)
    canvas.keyframe.cutoff.committed.emit(4)
    assert canvas.editor.document.keyframes[0].cutoff is None
    canvas.keyframe.directions.leave.click()
    assert canvas.editor.document.keyframes[0].directions is None
    assert not canvas.keyframe.directions.isVisible()
    canvas.host.undo_stack.undo()
    assert canvas.keyframe.directions.isVisible()
    assert WalkDocument.from_json(canvas.editor.document.to_json()) == canvas.editor.document


def test_a_look_of_styles_is_refused_by_a_model_without(canvas: WalkCanvas, qtbot: QtBot, studio: Any) -> None:
    assert canvas.keyframe.cutoff is None
    with qtbot.waitSignal(studio.noticed) as noticed:
        drop(canvas.timeline, carried(MOVED), at(canvas, 0.02))
    assert "other layers" in noticed.args[0]
    assert seeds(canvas) == [1, 2, 3, 4]


def test_another_canvas_s_edit_is_opened_there(canvas: WalkCanvas, qtbot: QtBot, tmp_path: Path) -> None:
    write_envelope(tmp_path / "mix.json", EditEnvelope("mixing", "run", 1, MixDocument.start(8).to_json()))
    with qtbot.waitSignal(canvas.host.edit_wanted) as wanted:
        drop(canvas.timeline, files(tmp_path / "mix.json"), at(canvas, 0.1))
    assert wanted.args == [tmp_path / "mix.json"]
    assert canvas.editor.document == WALK


def test_points_of_another_model_are_refused(canvas: WalkCanvas, qtbot: QtBot, studio: Any) -> None:
    far = LatentDocument().with_component(30, 1.0, LatentSpace(40))
    with qtbot.waitSignal(studio.noticed) as noticed:
        drop(canvas.timeline, carried(far), at(canvas, 0.1))
    assert "moves component 30" in noticed.args[0]
    assert canvas.editor.document == WALK


def test_the_latent_canvas_of_the_run_is_offered(make: Callable[..., WalkCanvas], qtbot: QtBot, tmp_path: Path) -> None:
    pinned = LatentDocument().with_seed(5).pinned("a", SPACE).with_seed(6).pinned("b", SPACE).with_seed(7)
    write_envelope(tmp_path / "latent.json", EditEnvelope("latent", "run", 1, pinned.to_json()))
    (tmp_path / "kept").mkdir()
    kept = EditEnvelope("latent", "run", 1, LatentDocument().with_seed(12).to_json())
    save_picture(tmp_path / "kept" / "a.png", np.zeros((8, 8, 3), np.uint8), kept)
    offers = latent_offers(tmp_path, SPACE)
    found = [(title, [one.point.seed for one in keyframes]) for title, keyframes in offers]
    assert found == [("What is shown there", [7]), ("2 pinned pictures", [5, 6]), ("1 kept picture", [12])]
    canvas = make(keep=tmp_path / "walk.json")
    canvas.arrivals.menu(offers).actions()[1].trigger()
    assert seeds(canvas) == [5, 6]
    assert latent_offers(tmp_path / "nothing", SPACE) == []


def test_more_keyframes_than_there_is_room_for_are_told(canvas: WalkCanvas, qtbot: QtBot, studio: Any) -> None:
    with qtbot.waitSignal(studio.noticed) as noticed:
        canvas.arrivals.add((Keyframe(),) * MOST_KEYFRAMES)
    assert noticed.args[0].startswith("4 keyframes found no room")
    assert not canvas.keyframe.add.isEnabled()


def export(canvas: WalkCanvas, path: Path, kind: str) -> None:
    canvas.film.kind.setCurrentIndex(canvas.film.kind.findText(kind))
    canvas.making.ask = lambda _suggestion: str(path)
    canvas.film.export.click()


def run_until(qtbot: QtBot, engine: Walking, done: Callable[[], bool]) -> None:
    def answered() -> bool:
        engine.answer()
        return done()

    qtbot.waitUntil(answered, timeout=20_000)


def test_frames_are_exported_as_they_are_rendered_and_open_the_walk_again(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, engine: Walking
) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    export(canvas, tmp_path / "frames", "PNG frames")
    with qtbot.waitSignal(studio.noticed, timeout=20_000) as noticed:
        run_until(qtbot, engine, lambda: not canvas.making.work.running)
    assert noticed.args[0].startswith("frames is in")
    paths = sorted((tmp_path / "frames").iterdir())
    assert len(paths) == 20
    for index, path in enumerate(paths):
        walk = WalkDocument.from_json(read_envelope(path).document)
        assert walk == canvas.editor.document.still(index)
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), pictures_of(walk.frames(SPACE, [walk.time]))[0])


@pytest.mark.parametrize(("kind", "name"), [("MP4", "a.mp4"), ("GIF", "a.gif")])
def test_films_are_exported(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, engine: Walking, kind: str, name: str
) -> None:
    if kind == "MP4":
        pytest.importorskip("av")
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    export(canvas, tmp_path / Path(name).stem, kind)
    with qtbot.waitSignal(studio.noticed, timeout=20_000) as noticed:
        run_until(qtbot, engine, lambda: not canvas.making.work.running)
    assert noticed.args[3] == "good"
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".mp4", ".gif")] == [name]
    if kind == "GIF":
        with Image.open(tmp_path / name) as image:
            assert (image.n_frames, image.size) == (20, (256, 256))


def test_an_export_given_up_leaves_nothing(canvas: WalkCanvas, qtbot: QtBot, tmp_path: Path, engine: Walking) -> None:
    folder = tmp_path / "films"
    engine.most = 3
    export(canvas, folder / "a.gif", "GIF")
    run_until(qtbot, engine, lambda: engine.films == 4)
    assert canvas.film.progress.bar.value() == 12
    canvas.film.cancel.click()
    assert not canvas.making.work.running
    assert canvas.film.export.isVisible()
    qtbot.waitUntil(lambda: list(folder.iterdir()) == [])
    engine.most = 10_000
    export(canvas, folder / "b.gif", "GIF")
    run_until(qtbot, engine, lambda: not canvas.making.work.running)
    assert [path.name for path in folder.iterdir()] == ["b.gif"]


def test_giving_up_while_frames_are_encoded_leaves_nothing(
    canvas: WalkCanvas, qtbot: QtBot, tmp_path: Path, engine: Walking
) -> None:
    folder = tmp_path / "films"
    engine.most = 1
    export(canvas, folder / "frames", "PNG frames")
    run_until(qtbot, engine, lambda: canvas.making.work._encoding)
    canvas.film.cancel.click()
    qtbot.waitUntil(lambda: not canvas.host.studio.jobs._jobs)
    assert list(folder.iterdir()) == []


def test_a_film_that_cannot_be_rendered_is_told(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, session: Any, tell: Callable[..., None]
) -> None:
    export(canvas, tmp_path / "films" / "a.gif", "GIF")

    qtbot.waitUntil(lambda: bool(film_requests(session)))
    [asked] = film_requests(session)
    with qtbot.waitSignal(studio.noticed) as noticed:
        tell(RenderFailed(asked.client, asked.serial, "The run is gone."))
    assert noticed.args[0] == "The run is gone."
    qtbot.waitUntil(lambda: list((tmp_path / "films").iterdir()) == [])


def film_requests(session: Any) -> list[commands.Render]:
    renders = [one for one in session.asked if isinstance(one, commands.Render)]
    return [one for one in renders if isinstance(one.request, ExactFrames)]


def test_a_film_made_while_the_run_trains_has_one_set_of_weights(
    canvas: WalkCanvas,
    qtbot: QtBot,
    studio: Any,
    session: Any,
    tell: Callable[..., None],
    tmp_path: Path,
    engine: Walking,
) -> None:
    tell(StateChanged(RunState.TRAINING, "run", "tiny", 100, 1000))
    export(canvas, tmp_path / "a.gif", "GIF")
    with qtbot.waitSignal(studio.noticed, timeout=20_000) as noticed:
        run_until(qtbot, engine, lambda: not canvas.making.work.running)
    assert "every frame is of step 100" in noticed.args[1]
    films = film_requests(session)
    assert {one.client for one in films} == {films[0].client}
    assert all(one.held for one in films)
    assert commands.Cancel(films[0].client) in session.asked
    assert not any(one.held for one in session.asked if isinstance(one, commands.Render) and one not in films)
    canvas.hide()


def test_a_film_of_two_sets_of_weights_is_not_written(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, engine: Walking
) -> None:
    export(canvas, tmp_path / "films" / "a.gif", "GIF")
    run_until(qtbot, engine, lambda: engine.films >= 2)
    engine.step = 140
    with qtbot.waitSignal(studio.noticed, timeout=20_000) as noticed:
        run_until(qtbot, engine, lambda: not canvas.making.work.running)
    assert "loaded anew" in noticed.args[0]
    qtbot.waitUntil(lambda: list((tmp_path / "films").iterdir()) == [])


def test_without_pyav_mp4_names_the_remedy(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk_making.importlib.util, "find_spec", lambda _name: None)
    with qtbot.waitSignal(studio.noticed) as noticed:
        export(canvas, tmp_path / "a.mp4", "MP4")
    assert "ganvas[video]" in noticed.args[1]
    assert not canvas.making.work.running


def test_a_saved_picture_carries_the_walk(
    canvas: WalkCanvas, qtbot: QtBot, studio: Any, tmp_path: Path, engine: Walking
) -> None:
    canvas.editor.go(1.24)
    engine.answer()
    canvas.keeper.ask = lambda _suggestion: str(tmp_path / "walk.png")
    with qtbot.waitSignal(studio.noticed):
        canvas.save()
        engine.answer()
    assert WalkDocument.from_json(read_envelope(tmp_path / "walk.png").document) == canvas.editor.document


def test_it_saves_itself_and_reopens_where_it_was(
    make: Callable[..., WalkCanvas], qtbot: QtBot, tmp_path: Path
) -> None:
    canvas = make(keep=tmp_path / "walk.json")
    canvas.editor.begin()
    canvas.editor.go(3.0)
    canvas.host.close()
    kept = read_envelope(tmp_path / "walk.json")
    assert make(document=kept.document).editor.document == canvas.editor.document


@pytest.mark.parametrize("document", [{"keyframes": "all"}, {}, []], ids=["damaged", "empty", "list"])
def test_what_does_not_fit_is_told_and_changes_nothing(
    make: Callable[..., WalkCanvas], studio: Any, qtbot: QtBot, document: Any
) -> None:
    canvas = make(document=document)
    assert canvas.editor.document == WalkDocument()
    with qtbot.waitSignal(studio.noticed):
        canvas.host.document_opened.emit(document)
    canvas.host.document_opened.emit(WALK.to_json())
    assert canvas.editor.document == WALK


def test_while_it_trains_the_keyframes_follow(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(engine.asked)
    canvas.host.moved.emit(120)
    canvas.thumbnails._rest.timeout.emit()
    engine.answer()
    assert any(len(wish.t) == 4 for wish in engine.asked[before:])
    canvas.hide()


def test_200_random_edits_undone_are_none(canvas: WalkCanvas, qtbot: QtBot) -> None:
    chance = random.Random(1)
    before, editor = canvas.editor.document.digest(), canvas.editor
    for _ in range(200):
        chance.choice(
            (
                editor.add_random,
                editor.duplicate,
                editor.remove,
                lambda: editor.select(chance.randrange(9)),
                lambda: editor.move(editor.selected, chance.randrange(6)),
                lambda: editor.last_for(editor.selected, chance.random()) if editor.keyframe else None,
                lambda: canvas.keyframe.nudge(0.1),
                canvas.keyframe.next_ease,
                canvas.keyframe.throw,
                canvas.transport.toggle_loop,
                lambda: canvas.way.path.activated.emit(chance.randrange(2)),
                lambda: canvas.way.fps.activated.emit(chance.randrange(6)),
            )
        )()
        editor.end_gesture()
    while canvas.host.undo_stack.canUndo():
        canvas.host.undo_stack.undo()
    assert editor.document.digest() == before


def test_every_control_has_a_name(make: Callable[..., WalkCanvas]) -> None:
    canvas = make(facts=replace(STYLED, labels=("cat", "dog")), document=WALK.to_json())
    nameless = [
        child
        for child in canvas.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.isVisible()
        and not child.accessibleName()
        and not getattr(child, "text", lambda: "")()
    ]
    assert nameless == []
    assert "4 keyframes. Keyframe 1, seed 1" in canvas.timeline.accessibleDescription()


def test_frames_are_rendered_ahead_and_then_play_without_asking(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: canvas.ahead.ready == b"\x01" * 20)
    asked = len(engine.asked)
    now = [0.0]
    monkeypatch.setattr(walk_player.time, "monotonic", lambda: now[0])
    canvas.player.play()
    for frame in range(20):
        now[0] = frame / 5
        canvas.player._tick()
        walk = canvas.editor.document
        assert walk.frame == frame
        assert np.array_equal(canvas.hero.pixels, pictures_of(walk.frames(SPACE, [walk.time]))[0])
    canvas.player.pause()
    assert len(engine.asked) == asked


def test_an_edit_keeps_the_frames_that_it_does_not_change(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    canvas.editor.select(2)
    canvas.keyframe.throw()
    assert not any(canvas.ahead.ready)
    asked = len(engine.asked)
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    assert len(engine.asked) - asked <= 9 + 2  # those around the keyframe, its thumbnail and the picture shown


def test_other_weights_make_frames_stale(canvas: WalkCanvas, qtbot: QtBot, engine: Walking) -> None:
    canvas.editor.edit(canvas.editor.document.with_fps(5), "")
    run_until(qtbot, engine, lambda: all(canvas.ahead.ready))
    engine.step = 200
    canvas.editor.edit(canvas.editor.document.with_keyframe(0, Keyframe(LatentPoint(99))), "")
    engine.answer()
    assert canvas.ahead.picture(canvas.editor.document.frames(SPACE, [2.0])) is None


def test_while_it_trains_nothing_is_rendered_ahead(
    canvas: WalkCanvas, qtbot: QtBot, engine: Walking, tell: Callable[..., None]
) -> None:
    tell(StateChanged(RunState.TRAINING, "run", "tiny", 100, 1000))
    asked = len(engine.asked)
    canvas.ahead._go_on()
    assert len(engine.asked) == asked
    canvas.hide()
