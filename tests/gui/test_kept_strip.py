"""The checkpoints below the runs: which there are, and what a pin does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.api import MetricSpec
from studio.engine.events import CheckpointSaved, RunState
from studio.engine.pictures import grid, save_png
from studio.engine.runs import Run
from studio.gui.pages.kept_strip import HINT, NONE_YET, KeptStrip
from studio.gui.pages.runs import RunsPage
from studio.gui.studio import Studio

MakeRun = Callable[..., Run]


def with_checkpoints(run: Run, *steps: int) -> Run:
    for step in steps:
        run.checkpoints.save_arrays(step, {"step": step})
    pictures = np.random.default_rng(0).integers(0, 250, (9, 8, 8, 3), dtype=np.uint8)
    save_png(run.sample_path(20), grid(pictures))
    return run


def pinned(run: Run) -> list[int]:
    return [checkpoint.step for checkpoint in run.checkpoints.all() if checkpoint.pinned]


def steps_in(strip: KeptStrip) -> list[int]:
    return [tile.kept.step for tile in strip.tiles]


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return with_checkpoints(make_run(status=RunState.STOPPED, hyperparameters={"resolution": 8}), 10, 20, 30)


@pytest.fixture
def page(qtbot: QtBot, studio: Studio, run: Run) -> RunsPage:
    page = RunsPage(studio)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitUntil(lambda: len(page.kept.tiles) == 3)
    return page


def test_they_are_there_newest_first_with_pictures_of_about_their_step(page: RunsPage) -> None:
    assert steps_in(page.kept) == [30, 20, 10]
    assert page.kept._hint.text() == HINT
    assert [len(tile.kept.pictures) for tile in page.kept.tiles] == [4, 4, 4]
    assert "Pictures of step 20" in page.kept.tiles[0].toolTip()
    assert "Pictures of" not in page.kept.tiles[1].toolTip()


def test_a_click_pins_and_another_lets_go(qtbot: QtBot, page: RunsPage, run: Run) -> None:
    tile = page.kept.tiles[1]
    tile.click()
    qtbot.waitUntil(lambda: tile.kept.pinned)
    assert pinned(run) == [20]
    assert tile.isChecked()
    assert tile.accessibleName() == "Step 20, pinned"
    assert "Kept for good" in tile.toolTip()
    tile.click()
    qtbot.waitUntil(lambda: not tile.kept.pinned)
    assert pinned(run) == []
    assert page.kept.tiles[1] is tile


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_the_keyboard_pins_and_its_delete_is_not_for_the_run(
    qtbot: QtBot, page: RunsPage, run: Run, key: Qt.Key
) -> None:
    tile = page.kept.tiles[2]
    tile.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tile, key)
    qtbot.waitUntil(lambda: tile.kept.pinned)
    assert pinned(run) == [10]
    QTest.keyClick(tile, Qt.Key.Key_Delete)
    assert run.folder.exists()


def test_the_keyboard_finds_what_is_out_of_sight(qtbot: QtBot, page: RunsPage, run: Run) -> None:
    for step in range(100, 112):
        run.checkpoints.save_arrays(step, {"step": step})
        run.checkpoints.pin(step)
    page.kept.refresh()
    qtbot.waitUntil(lambda: len(page.kept.tiles) > 12)
    last = page.kept.tiles[-1]
    qtbot.waitUntil(lambda: last.visibleRegion().isEmpty())
    last.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: not last.visibleRegion().isEmpty())


def test_one_that_is_gone_is_said_and_is_there_no_longer(
    qtbot: QtBot, studio: Studio, page: RunsPage, run: Run
) -> None:
    run.checkpoints.at(10).path.unlink()
    with qtbot.waitSignal(studio.noticed) as said:
        page.kept.tiles[2].click()
    assert said.args is not None
    assert said.args[0] == "There is no checkpoint of step 10."
    qtbot.waitUntil(lambda: steps_in(page.kept) == [30, 20])


def test_what_is_saved_and_pinned_elsewhere_shows(
    qtbot: QtBot, page: RunsPage, run: Run, tell: Callable[..., None]
) -> None:
    path = run.checkpoints.save_arrays(31, {"step": 31})
    run.checkpoints.pin(30)
    tell(CheckpointSaved(str(run.folder), 31, str(path), 0.1))
    qtbot.waitUntil(lambda: steps_in(page.kept) == [31, 30, 20, 10])
    assert [tile.isChecked() for tile in page.kept.tiles] == [False, True, False, False]


def test_another_run_shows_its_own(qtbot: QtBot, page: RunsPage, run: Run, make_run: MakeRun) -> None:
    other, empty = with_checkpoints(make_run(), 7), make_run()
    page.refresh()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    page.select(str(other.folder))
    qtbot.waitUntil(lambda: steps_in(page.kept) == [7])
    page.select(str(empty.folder))
    qtbot.waitUntil(lambda: page.kept._hint.text() == NONE_YET)
    assert page.kept.tiles == []
    page.select(str(run.folder))
    qtbot.waitUntil(lambda: steps_in(page.kept) == [30, 20, 10])


def test_without_runs_there_is_no_strip(qtbot: QtBot, studio: Studio, session: Any) -> None:
    page = RunsPage(studio)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 0)
    assert page.kept.isHidden()


SHARP = MetricSpec("sharp", "Sharpness", False, "m:f")


def test_the_best_has_a_star_and_every_score_is_told(qtbot: QtBot, page: RunsPage, run: Run) -> None:
    tiles = page.kept.tiles
    assert not any(tile._star.isVisible() for tile in tiles)
    for step, value in ((10, 0.5), (20, 0.75)):
        run.scores.add(SHARP, step, value, images=9, data="d")
    page.kept.refresh()
    qtbot.waitUntil(lambda: tiles[1].kept.best)
    assert [tile.kept.score for tile in page.kept.tiles] == ["", "Sharpness 0.75, the best", "Sharpness 0.5"]
    assert [tile._star.isVisible() for tile in page.kept.tiles] == [False, True, False]
    assert page.kept.tiles[1] is tiles[1]
    assert tiles[1].accessibleName() == "Step 20, not pinned, Sharpness 0.75, the best"
    assert "Kept while it is the best. Click to keep it for good" in tiles[1].toolTip()
    run.scores.add(SHARP, 10, 0.9, images=9, data="d")
    page.kept.refresh()
    qtbot.waitUntil(tiles[2]._star.isVisible)
    assert not tiles[1]._star.isVisible()
