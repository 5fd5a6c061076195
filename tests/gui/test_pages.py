"""Start, Data, Runs and Plugins: what they show and where they lead."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.engine.commands import ResumeRun, TrainPlan
from studio.engine.events import RunState
from studio.engine.pictures import grid, save_png
from studio.engine.plugins import PluginHost, PluginStatus
from studio.engine.runs import Run
from studio.gui.pages.data import DataPage
from studio.gui.pages.plugins import PluginsPage
from studio.gui.pages.runs import RunsPage
from studio.gui.pages.start import StartPage
from studio.gui.studio import Studio
from studio.gui.widgets.notice import Notice
from studio.gui.widgets.tile import Tile

MakeRun = Callable[..., Run]


def texts(widget: QWidget) -> str:
    """Everything that a page says."""
    shown = [child for child in widget.findChildren(QWidget) if child.isVisible()]
    return "\n".join(str(getattr(child, "text", str)()) for child in shown)


def button(widget: QWidget, words: str) -> Any:
    return next(child for child in widget.findChildren(QWidget) if getattr(child, "text", str)() == words)


def heard(signal: Any) -> list[Any]:
    """What a signal says from now on."""
    said: list[Any] = []
    signal.connect(said.append)
    return said


def with_samples(run: Run, step: int = 40, resolution: int = 8) -> Run:
    pictures = np.random.default_rng(0).integers(0, 250, (48, resolution, resolution, 3), dtype=np.uint8)
    save_png(run.sample_path(step), grid(pictures))
    return run


@pytest.fixture
def kites(tmp_path: Path) -> Path:
    """Three pictures, and one that cannot be read."""
    folder = tmp_path / "kites"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.full((20, 30, 3), number * 50, np.uint8)).save(folder / f"{number}.png")
    (folder / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")
    return folder


def open_page(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()


class TestStart:
    def test_without_runs_it_leads_to_the_demo_and_the_plugins(
        self, qtbot: QtBot, studio: Studio, session: Any
    ) -> None:
        page = StartPage(studio)
        open_page(qtbot, page)
        assert "See one learn" in texts(page)
        assert "newest run" not in texts(page)
        wanted = heard(studio.page_wanted)
        button(page, "Show plugins").click()
        assert wanted == ["plugins"]

    def test_the_demo_needs_its_model(self, qtbot: QtBot, studio: Studio, session: Any) -> None:
        page = StartPage(studio)
        open_page(qtbot, page)
        with qtbot.waitSignal(studio.noticed) as caught:
            button(page, "Train on icons").click()
        assert caught.args is not None
        assert "gan" in caught.args[0]
        assert session.asked == []

    def test_newest_and_recent_runs_are_there_to_play_with(
        self, qtbot: QtBot, studio: Studio, make_run: MakeRun
    ) -> None:
        runs = [make_run(status=RunState.FINISHED, step=100, hyperparameters={"resolution": 8}) for _ in range(8)]
        with_samples(runs[-1])
        page = StartPage(studio)
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: len(page.findChildren(Tile)) == 6)
        assert "Icons · finished · 100 steps" in texts(page)
        wanted = heard(studio.play_wanted)
        button(page, "Play").click()
        page.findChildren(Tile)[1].click()
        assert wanted == [str(run.folder) for run in (studio.store.runs()[0], studio.store.runs()[1])]

    def test_only_as_many_tiles_as_fit_are_shown(self, qtbot: QtBot, studio: Studio, make_run: MakeRun) -> None:
        for _ in range(6):
            make_run()
        page = StartPage(studio)
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: len(page.findChildren(Tile)) == 6)
        page.resize(860, 700)
        assert sum(tile.isVisible() for tile in page.findChildren(Tile)) == 4


class TestData:
    def test_a_folder_is_shown_and_checked(self, qtbot: QtBot, studio: Studio, kites: Path) -> None:
        page = DataPage(studio)
        page.show_source(str(kites))
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: page.report is not None)
        assert page.grid.count() == 3
        assert page.facts() == "3 pictures · 30 × 20 · no labels"
        notice = page.notices.notice
        assert isinstance(notice, Notice)
        assert notice.message == "1 file cannot be read."
        assert "torn.png" in notice._detail.toPlainText()
        wanted = heard(studio.train_wanted)
        page.train.click()
        assert wanted == [""]

    def test_a_zip_works_alike(self, qtbot: QtBot, studio: Studio, kites: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "kites.zip", "w") as archive:
            for path in kites.glob("?.png"):
                archive.write(path, path.name)
        page = DataPage(studio)
        page.show_source(str(tmp_path / "kites.zip"))
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: page.report is not None)
        assert page.report is not None
        assert page.report.count == 3
        assert page.notices.notice is None

    def test_nothing_is_decoded_before_the_page_is_shown(self, qtbot: QtBot, studio: Studio, kites: Path) -> None:
        page = DataPage(studio)
        qtbot.addWidget(page)
        page.show_source(str(kites))
        assert not page._poll.isActive()

    def test_what_cannot_be_opened_is_explained_in_place(self, qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        page = DataPage(studio)
        page.show_source(str(empty))
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: page.notices.notice is not None)
        assert page.notices.notice is not None
        assert "no pictures" in page.notices.notice.message
        assert not page.train.isEnabled()

    def test_what_was_chosen_is_remembered(self, qtbot: QtBot, studio: Studio, kites: Path) -> None:
        page = DataPage(studio)
        open_page(qtbot, page)
        studio.data_chosen.emit(str(kites))
        qtbot.waitUntil(lambda: page.report is not None)
        again = DataPage(studio)
        open_page(qtbot, again)
        qtbot.waitUntil(lambda: again.report is not None)
        assert again.seen is not None
        assert again.seen.source == str(kites)
        assert "kites" in [again.sources.list.item(row).text() for row in range(again.sources.list.count())]

    def test_the_newest_choice_wins(self, qtbot: QtBot, studio: Studio, kites: Path) -> None:
        page = DataPage(studio)
        open_page(qtbot, page)
        studio.data_chosen.emit("demo:icons")
        studio.data_chosen.emit(str(kites))
        qtbot.waitUntil(lambda: page.report is not None)
        assert page.seen is not None
        assert page.seen.name == "kites"

    def test_looking_can_be_cancelled(self, qtbot: QtBot, studio: Studio) -> None:
        page = DataPage(studio)
        open_page(qtbot, page)
        page.cancel.click()
        qtbot.waitUntil(lambda: not page._poll.isActive())
        assert page.facts() == "Cancelled"

    def test_a_choice_in_the_list_is_told_to_all(self, qtbot: QtBot, studio: Studio) -> None:
        page = DataPage(studio)
        open_page(qtbot, page)
        chosen = heard(studio.data_chosen)
        page.sources.list.itemClicked.emit(page.sources.list.item(0))
        assert chosen == ["demo:icons"]


class TestRuns:
    @pytest.fixture
    def page(self, qtbot: QtBot, studio: Studio, make_run: MakeRun) -> RunsPage:
        for step, status in ((30, RunState.STOPPED), (100, RunState.FINISHED), (7, RunState.FAILED)):
            with_samples(make_run(status=status, step=step, hyperparameters={"resolution": 8}))
        made = RunsPage(studio)
        open_page(qtbot, made)
        qtbot.waitUntil(lambda: made.model.rowCount() == 3)
        return made

    def column(self, page: RunsPage, column: int) -> list[str]:
        model = page.table.model()
        return [model.index(row, column).data() for row in range(model.rowCount())]

    def test_without_runs_it_says_how_to_get_one(self, qtbot: QtBot, studio: Studio) -> None:
        page = RunsPage(studio)
        open_page(qtbot, page)
        qtbot.waitUntil(lambda: "There are no runs yet" in texts(page))

    def test_runs_are_listed_newest_first_and_sorted_by_a_column(self, page: RunsPage) -> None:
        assert self.column(page, 3) == ["Failed", "Finished", "Stopped"]
        page.table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
        assert self.column(page, 4) == ["7 of 100", "30 of 100", "100 of 100"]

    def test_a_double_click_plays(self, studio: Studio, page: RunsPage) -> None:
        wanted = heard(studio.play_wanted)
        page.table.setCurrentIndex(page.table.model().index(1, 0))
        page.table.activated.emit(page.table.currentIndex())
        assert wanted == [str(studio.store.runs()[1].folder)]

    def test_only_what_is_unfinished_can_be_gone_on_with(self, page: RunsPage, studio: Studio, session: Any) -> None:
        page.table.setCurrentIndex(page.table.model().index(1, 0))
        assert not page.resume.isEnabled()
        page.table.setCurrentIndex(page.table.model().index(2, 0))
        page.resume.trigger()
        assert session.last(ResumeRun).run == str(studio.store.runs()[2].folder)

    def test_a_run_found_by_a_word(self, qtbot: QtBot, page: RunsPage) -> None:
        qtbot.keyClicks(page._filter, "finish")
        assert self.column(page, 3) == ["Finished"]

    def test_a_run_goes_to_the_bin_and_comes_back(self, qtbot: QtBot, page: RunsPage, studio: Studio) -> None:
        name = studio.store.runs()[0].name
        let_go: list[tuple[str, bool]] = []
        studio.run_leaving.connect(lambda run: let_go.append((Path(run).name, Path(run).exists())))
        page.delete.trigger()
        assert let_go == [(name, True)]
        qtbot.waitUntil(lambda: page.model.rowCount() == 2)
        assert name not in self.column(page, 0)
        notice = page.notices.notice
        assert notice is not None
        button(notice, "Undo").click()
        qtbot.waitUntil(lambda: page.model.rowCount() == 3)
        assert name in self.column(page, 0)

    def test_every_run_that_was_deleted_comes_back_the_last_first(self, qtbot: QtBot, page: RunsPage) -> None:
        names = self.column(page, 0)
        for left in (2, 1):
            page.delete.trigger()
            qtbot.waitUntil(lambda left=left: page.model.rowCount() == left)
        notice = page.notices.notice
        assert notice is not None
        assert "Undo again for 1 more run." in notice.accessibleName()
        for rows in (2, 3):
            assert page.notices.notice is not None
            button(page.notices.notice, "Undo").click()
            qtbot.waitUntil(lambda rows=rows: page.model.rowCount() == rows)
        assert self.column(page, 0) == names
        assert page.notices.notice is None

    def test_a_run_in_training_is_kept(self, qtbot: QtBot, page: RunsPage, studio: Studio) -> None:
        run = studio.store.runs()[0]
        run.acquire()
        page.refresh()
        qtbot.waitUntil(lambda: page.selected() is not None and page.selected().owned)  # type: ignore[union-attr]
        page.delete.trigger()
        run.release()
        assert run.folder.exists()
        assert page.notices.notice is not None
        assert "being trained" in page.notices.notice.message


class TestPlugins:
    def test_models_are_described_and_can_be_trained(self, qtbot: QtBot, studio: Studio) -> None:
        page = PluginsPage(studio)
        open_page(qtbot, page)
        said = texts(page)
        for part in ("Tiny", "A model for tests.", "Tiny Networks, 2026", "Apache-2.0", "make pictures from z"):
            assert part in said
        wanted = heard(studio.train_wanted)
        button(page, "Train").click()
        assert wanted == ["tiny"]

    def test_a_failed_plugin_says_why_and_what_to_do(self, qtbot: QtBot, studio: Studio, host: PluginHost) -> None:
        failed = PluginStatus("warp", False, "ganvas-warp", "1.0", error="It needs warp_core.", detail="Traceback")
        host.plugins = (*host.plugins, failed)
        page = PluginsPage(studio)
        open_page(qtbot, page)
        notice = page.findChild(Notice)
        assert notice.message == "warp (ganvas-warp 1.0) cannot be used."
        assert "It needs warp_core. Update or reinstall ganvas-warp" in notice.accessibleName()
        assert notice._detail.toPlainText() == "Traceback"
        assert "1 cannot be used" in texts(page)


def test_the_demo_trains_the_quick_preset(studio: Studio, session: Any, host: PluginHost, tiny: Any) -> None:
    import dataclasses

    from studio.gui import demo

    models = {"gan": dataclasses.replace(tiny, id="gan")}
    host.model = models.__getitem__  # type: ignore[method-assign]
    demo.begin_demo(studio)
    assert session.last(TrainPlan) == TrainPlan(
        "gan", "demo:icons", {"resolution": 16, "lr": 1e-3}, steps=100, preset="quick"
    )
