"""What leaves the walk canvas: frames, films, and a picture that carries the walk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from walk_kit import SPACE, Walking, canvas, engine, make, pictures_of, run_until

from studio.edit.documents import read_envelope
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import ExactFrames
from studio.engine import commands
from studio.engine.events import RenderFailed, RunState, StateChanged
from studio.gui.canvases import walk_making
from studio.gui.canvases.walk import WalkCanvas

__all__ = ["canvas", "engine", "make"]


def export(canvas: WalkCanvas, path: Path, kind: str) -> None:
    canvas.film.kind.setCurrentIndex(canvas.film.kind.findText(kind))
    canvas.making.ask = lambda _suggestion: str(path)
    canvas.film.export.click()


def film_requests(session: Any) -> list[commands.Render]:
    renders = [one for one in session.asked if isinstance(one, commands.Render)]
    return [one for one in renders if isinstance(one.request, ExactFrames)]


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
    assert "film" in canvas.host.loss
    canvas.film.cancel.click()
    assert not canvas.making.work.running
    assert canvas.host.loss == ""
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
