"""What comes to the walk canvas from others: pictures, points and looks of the latent canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from walk_kit import SPACE, STYLED, WALK, Walking, at, canvas, engine, make, seeds

from studio.api.capabilities import LatentSpace
from studio.edit.directions import Directions
from studio.edit.documents import EditEnvelope, save_picture, write_envelope
from studio.edit.keyframes import MOST_KEYFRAMES, Keyframe
from studio.edit.latent import LatentDocument
from studio.edit.mixing import MixDocument
from studio.edit.walk import WalkDocument
from studio.gui.canvases.walk import WalkCanvas
from studio.gui.canvases.walk_arrivals import latent_offers
from tests.gui.dropping import carried, drop, files

__all__ = ["canvas", "engine", "make"]

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


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
