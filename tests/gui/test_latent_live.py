"""A canvas beside training: it follows the weights while it is seen, and asks for nothing while it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from play_kit import FACTS, Engine
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from studio.edit.direction_search import DirectionSearch
from studio.edit.documents import EditEnvelope
from studio.edit.latent import LatentDocument
from studio.engine.events import StepLogged
from studio.engine.previews import SeedsRequest
from studio.gui.canvases import autosave
from studio.gui.canvases.autosave import read_kept
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.latent import LatentCanvas


@pytest.fixture
def engine(session, tell) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def canvas(studio, engine, qtbot: QtBot) -> Iterator[LatentCanvas]:
    host = CanvasHost(studio, "run", FACTS, "test")
    made = LatentCanvas(host, compact=True)
    qtbot.addWidget(made)
    made.show()
    engine.answer()
    yield made
    host.close()


def logged(step: int, run: str = "run") -> StepLogged:
    return StepLogged(run, step, step * 8, 1.0, {}, 10.0, None)


def test_without_training_it_asks_once(canvas, engine):
    assert engine.pending() == []
    assert not canvas.host.asking


def test_while_training_it_follows_the_weights(canvas, engine, qtbot):
    engine.train("run")
    steps = []
    canvas.host.rendered.connect(lambda _pictures, _milliseconds, step: steps.append(step))
    for step in (101, 102, 103):
        engine.step = step
        qtbot.waitUntil(lambda: bool(engine.answer()))
    assert steps == [101, 102, 103]
    assert canvas.panel.status.text().startswith("Following the newest weights") or canvas.panel.status._rest.isActive()


def test_training_of_another_run_is_none_of_its_business(canvas, engine):
    engine.train("another")
    assert not canvas.host.live
    assert engine.pending() == []
    assert not canvas.host.asking


def test_a_hidden_canvas_asks_for_nothing_and_goes_on_when_shown(canvas, engine, qtbot):
    engine.train("run")
    qtbot.waitUntil(lambda: bool(engine.answer()))
    canvas.hide()
    engine.answer()
    canvas.panel.point.choose_seed(4)
    assert engine.pending() == []
    assert not canvas.host.asking
    canvas.show()
    assert engine.answer() >= 1
    assert canvas.editor.document.seed == 4


def test_when_training_ends_the_last_weights_are_shown_and_it_rests(canvas, engine, qtbot):
    engine.train("run")
    qtbot.waitUntil(lambda: bool(engine.answer()))
    engine.step = 500
    engine.stop("run")
    engine.answer()
    assert canvas.host.step == 500
    assert not canvas.host.live
    assert engine.pending() == []
    assert not canvas.host.asking


def test_a_resumed_run_is_followed_again(canvas, engine, qtbot):
    engine.stop("run")
    engine.answer()
    engine.train("run")
    qtbot.waitUntil(lambda: bool(engine.answer()))


def test_moved_is_told_at_most_four_times_a_second(canvas, engine, tell, qtbot):
    told = []
    canvas.host.moved.connect(told.append)
    for step in range(50):
        tell(logged(step))
        engine.answer()
    tell(logged(60, "another"))
    assert told == [0]


def test_a_closed_host_leaves_no_subscription(studio, session, tell, engine):
    before = {kind: len(callbacks) for kind, callbacks in studio.pump._subscribers.items()}
    host = CanvasHost(studio, "run", FACTS, "closing")
    host.channel("more")
    host.close()
    assert {kind: len(callbacks) for kind, callbacks in studio.pump._subscribers.items() if callbacks} == {
        kind: count for kind, count in before.items() if count
    }


def test_what_a_late_job_asks_of_a_closed_host_is_neither_sent_nor_kept(studio, session, engine, tmp_path):
    host = CanvasHost(studio, "run", FACTS, "closed", keep=tmp_path / "latent.json")
    host.close()
    before = sum(len(callbacks) for callbacks in studio.pump._subscribers.values())
    host.channel("late").request(SeedsRequest(1, 1))
    host.undertaking("late").begin(DirectionSearch("z"))
    host.for_keeps(LatentDocument(), lambda _pictures: pytest.fail("there is nobody to take them"))
    host.save(LatentDocument().to_json())
    assert session.asked == []
    assert sum(len(callbacks) for callbacks in studio.pump._subscribers.values()) == before
    assert not list(tmp_path.iterdir())
    assert not host.findChild(QTimer).isActive()


def test_documents_are_saved_shortly_after_they_rest(studio, engine, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "REST_MS", 1)
    path = tmp_path / "edits" / "latent.json"
    host = CanvasHost(studio, "run", FACTS, "saving", keep=path)
    for seed in (1, 2, 3):
        host.save(LatentDocument().with_seed(seed).to_json())
    qtbot.waitUntil(path.exists)
    assert LatentDocument.from_json(read_kept(path).document).seed == 3
    host.save(LatentDocument().with_seed(4).to_json())
    host.close()
    assert LatentDocument.from_json(read_kept(path).document).seed == 4
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_told_once(studio, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "REST_MS", 1)
    (tmp_path / "edits").write_text("in the way")
    told = []
    studio.noticed.connect(lambda *words: told.append(words))
    saving = autosave.Autosave(studio, tmp_path / "edits" / "latent.json")
    envelope = EditEnvelope("latent", "run", 1, LatentDocument().to_json())
    for attempt in (1, 2):
        saving.save(envelope)
        qtbot.waitUntil(lambda attempt=attempt: saving.refusals == attempt)
    assert len(told) == 1
    assert told[0][0].startswith("This edit is not being saved.")


def test_what_could_not_be_written_is_tried_again_without_another_change(studio, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "REST_MS", 1)
    monkeypatch.setattr(autosave, "AGAIN_MS", 1)
    (tmp_path / "edits").write_text("in the way")
    saving = autosave.Autosave(studio, tmp_path / "edits" / "latent.json")
    saving.save(EditEnvelope("latent", "run", 1, LatentDocument().to_json()))
    qtbot.waitUntil(lambda: saving.refusals > 1)
    with qtbot.waitSignal(studio.noticed) as told:
        (tmp_path / "edits").unlink()
    assert told.args[0] == "This edit is saved again."
    assert read_kept(saving.path) is not None
    saving.close()


def test_what_could_not_be_written_is_tried_again_as_the_canvas_closes(studio, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "REST_MS", 1)
    (tmp_path / "edits").write_text("in the way")
    saving = autosave.Autosave(studio, tmp_path / "edits" / "latent.json")
    saving.save(EditEnvelope("latent", "run", 1, LatentDocument().to_json()))
    qtbot.waitUntil(lambda: saving.refusals == 1)
    (tmp_path / "edits").unlink()
    saving.close()
    assert read_kept(saving.path) is not None
