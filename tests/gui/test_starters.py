"""Starter models on the Start page, the canvas that they open on, and models dropped on the window."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from play_kit import FACTS, Engine
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import studio_canvases
import studio_resources
from studio.api import CanvasSpec, ImporterSpec, LatentSampling, StudioError, hookimpl
from studio.edit.documents import EditEnvelope
from studio.engine.checkpoints import seal_arrays
from studio.engine.plugins import PluginHost
from studio.engine.portable import KEY
from studio.engine.runs import Run, RunStore
from studio.gui import model_import
from studio.gui.canvases.finding import run_of
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.page import PlayPage
from studio.gui.model_import import import_model, imported_apart, may_be_a_model
from studio.gui.pages.start import StartPage
from studio.gui.pages.starters import Starters
from studio.gui.studio import Studio
from studio.gui.widgets.starter_card import StarterCard

ABOUT = {
    "model": "tiny",
    "hyperparameters": {"resolution": 16},
    "data": {"kind": "unlabelled", "count": 10, "resolution": 16},
    "step": 40,
}
WORDS = {"data": "demo:icons", "credit": "Nobody's pictures.", "cell": 8}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two starters: one of a model that is here, one of a model that is not."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for order, (name, model, canvas) in enumerate((("shapes", "tiny", "second"), ("lost", "gone", "latent"))):
        about = {**ABOUT, "model": model}
        (folder / f"{name}.safetensors").write_bytes(seal_arrays({"G.w": np.ones(2, np.float32)}, KEY, about))
        words = {**WORDS, "model": model, "title": name.title(), "sentence": "Play with it.", "canvas": canvas}
        (folder / f"{name}.json").write_text(json.dumps({**words, "order": order}))
        Image.fromarray(np.full((16, 24, 3), 90, np.uint8)).save(folder / f"{name}.png")
    starters = studio_resources.starters(folder)
    monkeypatch.setattr(studio_resources, "starters", lambda: starters)
    return folder


@pytest.fixture
def row(qtbot: QtBot, shelf: Path, studio: Studio) -> Starters:
    made = Starters(studio)
    qtbot.addWidget(made)
    made.show()
    return made


def heard(signal: Any) -> list[Any]:
    said: list[Any] = []
    signal.connect(lambda *given: said.append(given))
    return said


def test_only_models_that_are_here_are_offered(row: Starters, qtbot: QtBot) -> None:
    assert list(row.cards) == ["shapes"]
    card = row.cards["shapes"]
    assert card.accessibleName() == "Play with Shapes. Play with it."
    assert card.toolTip() == "Nobody's pictures."
    qtbot.waitUntil(lambda: len(card._face._images) == 6)


def test_one_click_makes_the_run_and_asks_for_its_canvas(row: Starters, qtbot: QtBot, studio: Studio) -> None:
    folder = str(studio.store.folder / "starter-shapes")
    for _ in range(2):
        with qtbot.waitSignal(studio.canvas_wanted) as wanted:
            qtbot.mouseClick(row.cards["shapes"], Qt.MouseButton.LeftButton)
            assert not row.cards["shapes"].isEnabled()
        assert wanted.args == [folder, "second"]
        assert row.cards["shapes"].isEnabled()
    [run] = studio.store.runs()
    assert run.record.step == 40
    assert [step for step, _path in run.samples()] == [40]


def test_what_cannot_be_opened_is_said(row: Starters, shelf: Path, qtbot: QtBot, studio: Studio) -> None:
    (shelf / "shapes.safetensors").write_bytes(b"torn")
    with qtbot.waitSignal(studio.noticed) as noticed:
        row.cards["shapes"].click()
    assert noticed.args is not None
    assert "shapes.safetensors is damaged" in noticed.args[0]
    assert row.cards["shapes"].isEnabled()


def test_the_start_page_has_the_row_only_where_something_was_shipped(
    qtbot: QtBot, studio: Studio, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = StartPage(studio)
    qtbot.addWidget(page)
    page.show()
    assert [card.text() for card in page.findChildren(StarterCard)] == ["Shapes"]
    monkeypatch.setattr(studio_resources, "starters", list)
    bare = StartPage(studio)
    qtbot.addWidget(bare)
    bare.show()
    assert not bare.findChildren(StarterCard)
    assert all(row.isHidden() for row in bare.findChildren(Starters))


def test_an_edit_of_a_starter_brings_the_starter_along(row: Starters, studio: Studio) -> None:
    for named in ("starter:shapes", "starter-shapes"):
        found = run_of(EditEnvelope("latent", named, 40, {}), studio.store, studio.host)
        assert found.folder == str(studio.store.folder / "starter-shapes")
    assert [run.name for run in studio.store.runs()] == ["starter-shapes"]
    assert run_of(EditEnvelope("latent", "starter:gone", 40, {}), studio.store, studio.host).folder == ""


@pytest.mark.parametrize(("run", "named"), [("starter-shapes", "starter:shapes"), ("starter-mine", "starter-mine")])
def test_an_edit_names_the_starter_it_was_made_with(shelf: Path, studio: Studio, run: str, named: str) -> None:
    host = CanvasHost(studio, str(studio.store.folder / run), FACTS, "latent")
    assert host.envelope({}).run == named
    host.close()


class SecondCanvas:
    """A plugin with another canvas for the same models."""

    @hookimpl
    def studio_canvases(self) -> tuple[CanvasSpec, ...]:
        return (CanvasSpec("second", "Second", (LatentSampling,), "PySide6.QtWidgets:QLabel"),)


class TestCanvas:
    @pytest.fixture
    def host(self) -> PluginHost:
        return PluginHost.of({"canvases": studio_canvases, "second": SecondCanvas()})

    def test_play_brings_the_wanted_canvas_to_the_front(
        self, qtbot: QtBot, studio: Studio, session: Any, tell: Callable[..., None], make_run: Callable[..., Run]
    ) -> None:
        page = PlayPage(studio)
        qtbot.addWidget(page)
        engine, run = Engine(session, tell), str(make_run().folder)
        page.open_run(run, "second")
        engine.open(run, FACTS)
        qtbot.waitUntil(lambda: bool(page.places))
        assert page.places[page.tabs.currentIndex()].spec.id == "second"
        page.open_run(run, "latent")
        assert page.places[page.tabs.currentIndex()].spec.id == "latent"
        page.open_run(run, "nowhere")
        assert page.places[page.tabs.currentIndex()].spec.id == "latent"
        page.close_canvases()


class TestDrop:
    def test_one_file_of_a_models_ending_may_be_one(self, tmp_path: Path) -> None:
        for name in ("a.safetensors", "b.PKL", "c.pt", "d.png"):
            (tmp_path / name).write_bytes(b"")
        assert [may_be_a_model([path]) for path in sorted(tmp_path.iterdir())] == [True, True, True, False]
        assert not may_be_a_model([tmp_path / "gone.pkl"])
        assert not may_be_a_model(list(tmp_path.iterdir()))

    def test_what_a_plugin_reads_may_be_one_unless_it_is_data(self, tmp_path: Path) -> None:
        readers = [ImporterSpec("kites", "Kites", (".kite", ".zip", ".tar.kites"), "m:f")]
        for name in ("a.KITE", "b.tar.kites", "c.zip", "d.kites"):
            (tmp_path / name).write_bytes(b"")
        found = [may_be_a_model([path], readers) for path in sorted(tmp_path.iterdir())]
        assert found == [True, True, False, False]
        assert not may_be_a_model([tmp_path / "a.KITE"])

    def test_what_was_made_of_it_is_played(
        self, qtbot: QtBot, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(model_import, "imported_apart", lambda path, home, _closing: f"{home}/{path.name}")
        noticed = heard(studio.noticed)
        with qtbot.waitSignal(studio.play_wanted) as wanted:
            import_model(studio, tmp_path / "kites.safetensors")
        assert wanted.args == [f"{studio.store.home}/kites.safetensors"]
        assert noticed[0][0].startswith("Reading kites.safetensors")

    def test_why_there_is_no_run_is_said_in_the_commands_own_words(self, tmp_path: Path, store: RunStore) -> None:
        with pytest.raises(StudioError, match=r"There is no file .*kites\.safetensors"):
            imported_apart(tmp_path / "kites.safetensors", store.home, threading.Event())

    def test_closing_the_window_gives_it_up(
        self, tmp_path: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import sys

        monkeypatch.setattr(model_import, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
        closing = threading.Event()
        closing.set()
        with pytest.raises(RuntimeError, match="the import ended with -9"):
            imported_apart(tmp_path / "kites.safetensors", store.home, closing)
