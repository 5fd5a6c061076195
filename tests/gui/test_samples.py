"""The sample grid: live, looking back, seeds, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.api import StudioError
from studio.engine.events import SamplesReady
from studio.engine.pictures import grid, save_png
from studio.engine.runs import Run
from studio.gui.studio import Studio
from studio.gui.training.sample_history import read_grid
from studio.gui.training.samples import SamplesPanel

SIZE = 16


def pictures(level: int, count: int = 48) -> np.ndarray:
    """Pictures that tell their step by their red and their index by their green."""
    made = np.zeros((count, SIZE, SIZE, 3), np.uint8)
    made[..., 0] = level
    made[..., 1] = np.arange(count)[:, None, None]
    return made


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    run = make_run(seed=7, hyperparameters={"resolution": SIZE})
    for step in (1, 100, 200):
        save_png(run.sample_path(step), grid(pictures(step), 6))
    return run


@pytest.fixture
def panel(qtbot: QtBot, studio: Studio) -> Iterator[SamplesPanel]:
    panel = SamplesPanel(studio.jobs)
    qtbot.addWidget(panel)
    panel.resize(388, 760)
    panel.show()
    yield panel
    panel.clear()
    panel.hide()


def shown_step(panel: SamplesPanel) -> int:
    """The step of what is in the grid, told by its red; -1 while it is empty."""
    return panel.grid.image(0).pixelColor(0, 0).red() if panel.grid.count() else -1


def test_before_the_first_samples_their_room_is_kept(panel: SamplesPanel) -> None:
    assert panel.grid.count() == 0
    assert panel.grid.height() > 300
    assert not panel.scrubber.slider.isEnabled()


def test_a_run_opens_at_its_newest_samples(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    assert panel.grid.count() == 48
    assert panel.scrubber.is_live
    assert panel._title.text() == "Samples, seed 7"
    assert panel._step.text() == "step 200"


def test_new_samples_are_shown_as_they_come(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    panel.take(SamplesReady(str(run.folder), 250, 7, pictures(250)))
    assert shown_step(panel) == 250


def test_looking_back_stays_back_while_new_samples_come(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    panel.scrubber.go_to(100)
    qtbot.waitUntil(lambda: shown_step(panel) == 100)
    save_png(run.sample_path(250), grid(pictures(250), 6))
    panel.take(SamplesReady(str(run.folder), 250, 7, pictures(250)))
    qtbot.waitUntil(lambda: panel.scrubber.slider.maximum() == 4)
    assert shown_step(panel) == 100
    assert panel._step.text() == "step 100"
    panel.scrubber.go_live()
    assert shown_step(panel) == 250


def test_samples_of_another_run_are_left_alone(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    panel.take(SamplesReady("/elsewhere", 9, 0, pictures(9)))
    assert shown_step(panel) == 200


def test_a_fast_hand_gets_the_last_step_it_wished_for(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    for step in (1, 100, 1, 100, 1):
        panel.scrubber.go_to(step)
    qtbot.waitUntil(lambda: shown_step(panel) == 1)


def test_the_scrubber_goes_by_keys_and_by_mouse(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    slider = panel.scrubber.slider
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown_step(panel) == 1)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown_step(panel) == 100)
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert panel.scrubber.is_live
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(3, 10))
    qtbot.waitUntil(lambda: shown_step(panel) == 1)


def test_the_right_end_is_live_only_while_training(panel: SamplesPanel) -> None:
    panel.scrubber.set_training(True)
    assert panel.scrubber._last.text() == "live"
    panel.scrubber.set_training(False)
    assert panel.scrubber._last.text() == "end"


def test_a_click_asks_for_the_seed_of_the_picture(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: panel.grid.count() == 48)
    with qtbot.waitSignal(panel.seed_wanted) as asked:
        qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=panel.grid.cell_rect(8).center())
    assert asked.args == [15]


def test_samples_of_pictures_lead_to_the_run_and_not_to_a_seed(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run, of_seeds=False)
    qtbot.waitUntil(lambda: panel.grid.count() == 48)
    assert panel._title.text() == "Samples"
    with qtbot.waitSignal(panel.play_wanted), qtbot.assertNotEmitted(panel.seed_wanted):
        qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=panel.grid.cell_rect(8).center())
    assert panel.menu_for(3).actions()[0].text() == "Play with this run"
    panel.take(SamplesReady(str(run.folder), 250, None, pictures(250)))
    assert panel.seed_of(3) is None


def test_the_menu_plays_copies_and_saves(panel: SamplesPanel, run: Run, qtbot: QtBot, tmp_path: Path) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: panel.grid.count() == 48)
    menu = panel.menu_for(3)
    assert [action.text() for action in menu.actions()] == ["Play with seed 10", "Copy picture", "Save picture…"]
    with qtbot.waitSignal(panel.seed_wanted) as asked:
        menu.actions()[0].trigger()
    assert asked.args == [10]
    menu.actions()[1].trigger()
    assert QApplication.clipboard().image().pixelColor(0, 0).green() == 3
    QApplication.clipboard().clear()
    panel.save(3, tmp_path / "three.png")
    assert (tmp_path / "three.png").stat().st_size > 0
    with pytest.raises(StudioError, match="could not be written"):
        panel.save(3, tmp_path / "nowhere" / "three.png")
    menu.deleteLater()


def test_a_damaged_grid_is_said_and_the_rest_still_works(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    run.sample_path(100).write_bytes(b"not a picture")
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    with qtbot.waitSignal(panel.failed) as said:
        panel.scrubber.go_to(100)
    assert isinstance(said.args[0], StudioError)
    panel.scrubber.go_to(1)
    qtbot.waitUntil(lambda: shown_step(panel) == 1)


def test_leaving_a_run_leaves_nothing_of_it(panel: SamplesPanel, run: Run, qtbot: QtBot) -> None:
    panel.show_run(run)
    qtbot.waitUntil(lambda: shown_step(panel) == 200)
    panel.scrubber.go_to(1)
    panel.clear()
    assert panel.grid.count() == 0
    assert panel._step.text() == ""


def test_a_kept_grid_comes_back_as_its_pictures(tmp_path: Path) -> None:
    save_png(tmp_path / "grid.png", grid(pictures(9, 20), 6))
    np.testing.assert_array_equal(read_grid(tmp_path / "grid.png", SIZE), pictures(9, 20))


def test_a_grid_of_another_size_is_refused(tmp_path: Path) -> None:
    save_png(tmp_path / "grid.png", pictures(9, 1)[0])
    with pytest.raises(StudioError, match="no grid of 64 px pictures"):
        read_grid(tmp_path / "grid.png", 64)
