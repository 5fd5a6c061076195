"""The Train page: from the form to a run, through it, and back to it tomorrow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from studio.api import DataKind
from studio.engine import commands
from studio.engine.events import (
    DeviceReady,
    Failed,
    HyperparameterChanged,
    ModelFacts,
    RunOpened,
    RunState,
    SamplesReady,
    StateChanged,
    StepLogged,
    TaskProgress,
)
from studio.engine.pictures import grid, save_png
from studio.engine.plugins import PluginHost
from studio.engine.runs import Change, Origin, Run
from studio.gui.studio import Studio
from studio.gui.training.outcome import outcome_words
from studio.gui.training.page import TrainPage
from tests.gui.small_window import ROOM

Tell = Callable[..., None]
MakeRun = Callable[..., Run]

VALUES = {"resolution": 16, "lr": 1e-3}


class Said:
    """What the window was told to say."""

    def __init__(self, studio: Studio) -> None:
        self.messages: list[str] = []
        studio.noticed.connect(lambda message, *_: self.messages.append(message))


@pytest.fixture
def pages(qtbot: QtBot, studio: Studio) -> Iterator[Callable[[], TrainPage]]:
    made: list[TrainPage] = []

    def make() -> TrainPage:
        page = TrainPage(studio)
        qtbot.addWidget(page)
        page.resize(1380, 820)
        page.show()
        made.append(page)
        qtbot.waitUntil(lambda: page.setup.data.summary is not None)
        return page

    yield make
    for page in made:
        page.detach()
        page.hide()


@pytest.fixture
def page(pages: Callable[[], TrainPage]) -> TrainPage:
    return pages()


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    run = make_run(steps=100, seed=3, hyperparameters=VALUES, status=RunState.TRAINING, preset="quick")
    for step in range(1, 6):
        run.add_metrics({"step": step, "images": step * 8, "elapsed": step * 0.5, "loss/D": 1.0, "loss/G": 2.0})
    return run


def logged(run: Run, step: int) -> StepLogged:
    return StepLogged(str(run.folder), step, step * 8, step * 0.5, {"loss/D": 0.5, "loss/G": 1.5}, 30.0, 60.0)


def state(run: Run, state: RunState, step: int = 5) -> StateChanged:
    return StateChanged(state, str(run.folder), "tiny", step, run.record.steps)


def opened(run: Run, facts: ModelFacts) -> RunOpened:
    return RunOpened(str(run.folder), facts, True, 5)


@pytest.fixture
def training(page: TrainPage, run: Run, facts: ModelFacts, tell: Tell, qtbot: QtBot) -> TrainPage:
    """The page, with a run in training and its history loaded."""
    tell(opened(run, facts), state(run, RunState.TRAINING))
    qtbot.waitUntil(lambda: not page.pane.is_empty)
    return page


def steps_of(page: TrainPage) -> list[int]:
    return [int(step) for step in page.pane.plots.curves["loss/D"].x("step")]  # type: ignore[arg-type]


def button(page: TrainPage, words: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == words and one.isVisible())


def test_in_the_smallest_window_no_pane_lies_over_another(page: TrainPage) -> None:
    assert page.minimumSizeHint().width() <= ROOM
    page.resize(ROOM, 560)
    [form] = [area.widget() for area in page.setup.findChildren(QScrollArea)]
    assert form.minimumSizeHint().width() <= page.setup.minimumWidth()


def test_the_first_sight_can_be_started_at_once(page: TrainPage, session: Any) -> None:
    assert page.setup.model.preset == "quick"
    assert page.setup.data.source == "demo:icons"
    assert "Icons" in page.setup.data.button.text()
    assert "16 × 16" in page.setup.data.button.text()
    assert page.setup.data.thumbnails.count() == 16
    assert page.pane.is_empty
    page.start_training()
    plan = session.last(commands.TrainPlan)
    assert (plan.model, plan.data, plan.preset, plan.steps, plan.seed, plan.device) == (
        "tiny", "demo:icons", "quick", 100, 0, "auto",
    )  # fmt: skip
    assert dict(plan.hyperparameters) == VALUES


def test_button_and_keyboard_start(page: TrainPage, session: Any, qtbot: QtBot, tell: Tell) -> None:
    qtbot.mouseClick(page.setup.bar.start, Qt.MouseButton.LeftButton)
    assert len(session.asked) == 1
    assert not page.setup.start_action.isEnabled()
    tell(StateChanged(RunState.IDLE))
    page.setup.start_action.trigger()
    assert len(session.asked) == 2


def test_preparing_shows_how_far_and_can_be_cancelled(page: TrainPage, session: Any, qtbot: QtBot, tell: Tell) -> None:
    page.start_training()
    assert page.setup.bar.progress.isVisible()
    tell(StateChanged(RunState.PREPARING), TaskProgress("Preparing pictures", 1500, 3000))
    assert page.setup.bar._task.text() == "Preparing pictures, 1,500 of 3,000"
    assert page.setup.bar.progress.value() == page.setup.bar.progress.maximum() // 2
    qtbot.mouseClick(page.setup.bar.cancel, Qt.MouseButton.LeftButton)
    assert session.last(commands.Stop)
    tell(StateChanged(RunState.IDLE))
    assert page.setup.bar.start.isVisible()


def test_a_start_that_is_refused_can_be_tried_again(page: TrainPage, tell: Tell) -> None:
    page.start_training()
    tell(Failed("There is nothing there.", "Choose something else."))
    assert page.setup.bar.start.isEnabled()
    assert page.setup.form.editor("width").widget.isEnabled()


def test_a_form_that_cannot_be_taken_cannot_be_started(page: TrainPage, studio: Studio, session: Any) -> None:
    said = Said(studio)
    page.setup.form.editor("loss").set_value("hinge")
    page.setup.form.editor("loss").edited.emit()
    assert not page.setup.bar.start.isEnabled()
    assert "Hinge has no targets" in page.setup.bar.start.toolTip()
    page.start_training()
    assert session.asked == []
    assert "Hinge has no targets" in said.messages[0]


def test_a_second_start_is_refused_in_words(training: TrainPage, studio: Studio, session: Any) -> None:
    said = Said(studio)
    training.start_training()
    assert said.messages == ["A run is in training already."]
    assert not any(isinstance(command, commands.TrainPlan) for command in session.asked)


def test_what_goes_wrong_with_samples_is_told_with_its_detail(page: TrainPage, studio: Studio, qtbot: QtBot) -> None:
    with qtbot.waitSignal(studio.noticed) as noticed:
        page.samples.failed.emit(ValueError("odd"))
    assert noticed.args == ["That could not be read or saved.", "", "ValueError: odd", "bad"]


def test_while_training_only_what_may_change_can_be_edited(training: TrainPage, run: Run, tell: Tell) -> None:
    form = training.setup.form
    assert form.editor("lr").widget.isEnabled()
    assert not form.editor("width").widget.isEnabled()
    assert not training.setup.model.isEnabled()
    assert not training.setup.run.isEnabled()
    assert training.setup.bar.hint == "Learning rate and Smoothing can change while training."
    assert training.setup.run.seed() == 3
    tell(state(run, RunState.STOPPED))
    assert form.editor("width").widget.isEnabled()


def test_a_live_change_goes_to_the_engine_and_is_marked(
    training: TrainPage, run: Run, session: Any, tell: Tell
) -> None:
    training.setup.form.editor("lr").slider.committed.emit(2e-4)  # type: ignore[attr-defined]
    assert session.last(commands.SetHyperparameter) == commands.SetHyperparameter("lr", 2e-4)
    tell(HyperparameterChanged(str(run.folder), 5, "lr", 1e-3, 2e-4))
    lines = training.pane.plots.view.marks._lines
    assert [line.label.toPlainText() for line in lines] == ["lr 1e-3 → 2e-4"]


def test_a_change_from_elsewhere_is_shown_in_the_form(training: TrainPage, run: Run, tell: Tell) -> None:
    tell(HyperparameterChanged(str(run.folder), 5, "lr", 1e-3, 5e-4))
    assert training.setup.form.editor("lr").value() == 5e-4


def test_a_change_that_is_refused_is_taken_back(training: TrainPage, run: Run, session: Any, tell: Tell) -> None:
    tell(state(run, RunState.TRAINING))
    training.setup.form.editor("lr").set_value(0.05)
    tell(Failed("lr cannot be 0.05."))
    assert training.setup.form.editor("lr").value() == 1e-3


def test_what_a_run_has_logged_before_comes_first_and_once(
    page: TrainPage, run: Run, facts: ModelFacts, tell: Tell, qtbot: QtBot
) -> None:
    tell(opened(run, facts), state(run, RunState.TRAINING))
    tell(logged(run, 4), logged(run, 5), logged(run, 6))
    tell(HyperparameterChanged(str(run.folder), 6, "lr", 1e-3, 2e-4))
    tell(SamplesReady(str(run.folder), 6, 3, np.zeros((48, 16, 16, 3), np.uint8)))
    qtbot.waitUntil(lambda: not page.pane.is_empty)
    assert page.samples.grid.count() == 48
    tell(logged(run, 7))
    assert steps_of(page) == [1, 2, 3, 4, 5, 6, 7]
    assert page.pane.plots.curves["loss/D"].raw.tolist() == [1, 1, 1, 0.5, 0.5, 0.5, 0.5]
    assert len(page.pane.plots.view.marks._lines) == 1


def test_resuming_forgets_what_the_run_lives_through_again(
    training: TrainPage, run: Run, tell: Tell, qtbot: QtBot
) -> None:
    tell(state(run, RunState.STOPPED))
    run.rewind(3)
    tell(StateChanged(RunState.PREPARING), state(run, RunState.TRAINING, 3))
    qtbot.waitUntil(lambda: steps_of(training) == [1, 2, 3])
    tell(logged(run, 4))
    assert steps_of(training) == [1, 2, 3, 4]
    assert training.pane.notice is None


def test_a_pause_changes_nothing_of_what_is_shown(training: TrainPage, run: Run, tell: Tell) -> None:
    tell(logged(run, 6), state(run, RunState.PAUSED), state(run, RunState.TRAINING), logged(run, 7))
    assert steps_of(training) == [1, 2, 3, 4, 5, 6, 7]


def test_points_of_another_run_are_left_out(training: TrainPage, run: Run, tell: Tell) -> None:
    tell(StepLogged("/elsewhere", 99, 1, 1.0, {"loss/D": 9.0}, 1.0, None))
    assert steps_of(training) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("status", "step", "words", "actions"),
    [
        (RunState.FINISHED, 100, "Finished 100 steps in under a minute.", {"Play with it"}),
        (RunState.STOPPED, 5, "Stopped at step 5 of 100.", {"Resume", "Play with it"}),
        (RunState.STOPPED, 0, "Stopped before the first checkpoint.", set()),
        (RunState.FAILED, 5, "Training failed.", {"Resume", "Play with it"}),
        (RunState.FAILED, 0, "Training failed.", set()),
    ],
)
def test_how_a_run_ended_is_said_with_the_ways_on(
    training: TrainPage, run: Run, tell: Tell, qtbot: QtBot, status: RunState, step: int, words: str, actions: set[str]
) -> None:
    run.update(status=status, step=step, message="loss/G became nan.")
    tell(state(run, status))
    qtbot.waitUntil(lambda: training.pane.notice is not None)
    notice = training.pane.notice
    assert notice is not None
    assert notice.message == words
    ways = {"Resume", "Play with it"}
    assert {one.text() for one in notice.findChildren(QPushButton)} & ways == actions


@pytest.mark.parametrize(("step", "words"), [(4000, "Trained elsewhere, 4,000 steps."), (0, "Trained elsewhere.")])
def test_an_imported_run_is_not_said_to_have_been_quick(make_run: Callable[..., Run], step: int, words: str) -> None:
    origin = Origin(source="kites.safetensors", sha256="0")
    run = make_run(status=RunState.FINISHED, step=step, origin=origin)
    assert outcome_words(run.record, 0.0) == (words, "")


def test_resume_and_play_from_the_notice(
    training: TrainPage, run: Run, studio: Studio, session: Any, tell: Tell, qtbot: QtBot
) -> None:
    run.update(status=RunState.STOPPED, step=5)
    tell(state(run, RunState.STOPPED))
    qtbot.waitUntil(lambda: training.pane.notice is not None and training.pane.notice.isVisible())
    with qtbot.waitSignal(studio.play_wanted) as wanted:
        button(training, "Play with it").click()
    assert wanted.args == [str(run.folder)]
    button(training, "Resume").click()
    assert session.last(commands.ResumeRun).run == str(run.folder)


def test_what_was_on_screen_yesterday_is_on_screen_today(
    pages: Callable[[], TrainPage], run: Run, qtbot: QtBot
) -> None:
    save_png(run.sample_path(5), grid(np.full((48, 16, 16, 3), 9, np.uint8), 6))
    run.update(changes=(Change(step=2, name="lr", old=1e-3, new=5e-4),))
    page = pages()
    qtbot.waitUntil(lambda: not page.pane.is_empty and page.samples.grid.count() == 48)
    assert steps_of(page) == [1, 2, 3, 4, 5]
    assert len(page.pane.plots.view.marks._lines) == 1
    assert page.pane.notice is not None
    assert "interrupted" in page.pane.notice.message
    assert page.setup.bar.start.isVisible()


def test_what_was_typed_yesterday_is_there_today(pages: Callable[[], TrainPage], qtbot: QtBot) -> None:
    first = pages()
    first.set_model("tiny", "paper")
    first.setup.form.editor("width").set_value(48)
    first.setup.form.editor("width").edited.emit()
    first.setup.run.set_values({"seed": 11, "steps": 77})
    first.setup.run.edited.emit()
    plan = first.setup.plan()
    assert pages().setup.plan() == plan
    assert (plan.preset, plan.seed, plan.steps) == ("paper", 11, 77)


@pytest.mark.parametrize(
    "stored",
    ["nonsense", "[1]", json.dumps({"model": "gone"}), json.dumps({"model": "tiny", "values": {"width": -1, "no": 2}})],
)
def test_a_damaged_memory_is_forgotten(studio: Studio, pages: Callable[[], TrainPage], stored: str) -> None:
    studio.settings.setValue("train/setup", stored)
    assert pages().setup.problem() == ""


def test_choosing_a_preset_puts_everything_at_its_values(page: TrainPage, session: Any) -> None:
    page.setup.form.editor("width").set_value(48)
    page.setup.model.presets.setCurrentIndex(page.setup.model.presets.findData("paper"))
    page.setup.model.presets.activated.emit(1)
    assert page.setup.plan().hyperparameters == {}
    assert page.setup.run.steps() == 10_000


def test_chosen_data_is_looked_at(page: TrainPage, studio: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "kites"
    folder.mkdir()
    for index in range(5):
        Image.new("RGB", (40, 30), (index * 40, 90, 10)).save(folder / f"{index}.png")
    studio.data_chosen.emit(str(folder))
    assert "looking…" in page.setup.data.button.text()
    qtbot.waitUntil(lambda: page.setup.data.summary is not None)
    assert "kites, 5 pictures" in page.setup.data.button.text()
    assert page.setup.data.thumbnails.count() == 5
    assert page.setup.plan().data == str(folder)


def test_named_data_brings_a_model_that_can_use_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, pages: Callable[[], TrainPage]
) -> None:
    tiny = studio.host.models()["tiny"]
    translator = replace(tiny, id="translator", title="Translator", data=DataKind.PAIRED)
    monkeypatch.setattr(studio.host, "models", lambda: {"tiny": tiny, "translator": translator})
    page = pages()
    assert page.setup.model.spec is tiny
    studio.data_chosen.emit("demo:icons-paired")
    assert page.setup.model.spec is translator
    assert page.setup.plan().data == "demo:icons-paired"
    studio.data_chosen.emit("demo:icons-labelled")
    assert page.setup.model.spec is tiny


def test_data_that_is_not_there_is_said_below_its_name(page: TrainPage, studio: Studio, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.setup.data.looked):
        studio.data_chosen.emit("/no/such/kites")
    assert page.setup.data._problem.isVisible()
    assert "/no/such/kites" in page.setup.data._problem.text()


def test_data_chosen_while_training_waits_for_the_next_run(
    training: TrainPage, studio: Studio, run: Run, tell: Tell, tmp_path: Path
) -> None:
    studio.data_chosen.emit(str(tmp_path))
    assert training.setup.data.source == "demo:icons"
    tell(state(run, RunState.STOPPED))
    assert training.setup.data.source == str(tmp_path)


def test_the_data_menu_offers_what_fits_and_ones_own(page: TrainPage, studio: Studio, qtbot: QtBot) -> None:
    menu = page.setup.data.menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[0] == "Icons"
    assert texts[-3:] == ["A folder of pictures…", "A zip of pictures…", "Look through the data"]
    with qtbot.waitSignal(studio.page_wanted) as wanted:
        menu.actions()[-1].trigger()
    assert wanted.args == ["data"]
    menu.deleteLater()


def test_a_wish_to_train_a_model_shows_it(page: TrainPage, studio: Studio) -> None:
    page.set_model("tiny", "paper")
    studio.train_wanted.emit("")
    assert page.setup.model.preset == "paper"
    studio.train_wanted.emit("tiny")
    assert page.setup.model.preset == "quick"


def test_a_picture_goes_to_the_live_canvas(
    training: TrainPage, run: Run, tell: Tell, studio: Studio, qtbot: QtBot
) -> None:
    tell(SamplesReady(str(run.folder), 6, 3, np.zeros((48, 16, 16, 3), np.uint8)))
    qtbot.waitUntil(lambda: training.samples.grid.count() == 48)
    training.samples.grid.clicked.emit(4)
    canvas = training.pane.live.canvas
    assert canvas is not None
    assert canvas.editor.document.seed == 7


def test_without_a_canvas_a_picture_leads_to_play(
    pages: Callable[[], TrainPage], run: Run, studio: Studio, qtbot: QtBot
) -> None:
    page = pages()
    qtbot.waitUntil(lambda: not page.pane.is_empty)
    with qtbot.waitSignal(studio.play_wanted) as wanted:
        page.samples.seed_wanted.emit(5)
    assert wanted.args == [str(run.folder)]


def test_a_model_without_z_has_no_small_canvas(page: TrainPage, run: Run, tell: Tell) -> None:
    tell(RunOpened(str(run.folder), ModelFacts("tiny", "Tiny", 16, ("ImageTranslation",)), True, 0))
    assert page.pane.live.canvas is None
    assert not page.pane.live.isVisible()


def test_the_device_is_offered_by_what_the_machine_has(page: TrainPage, tell: Tell) -> None:
    tell(DeviceReady("cuda", "Some GPU"))
    box = page.setup.run.device_box
    assert [box.itemData(index) for index in range(box.count())] == ["auto", "cpu", "cuda"]
    assert box.itemText(0) == "Auto (GPU)"
    box.setCurrentIndex(1)
    assert page.setup.plan().device == "cpu"


def test_panes_keep_their_sizes(pages: Callable[[], TrainPage]) -> None:
    first = pages()
    first._panes.setSizes([400, 600, 380])
    first._panes.splitterMoved.emit(400, 1)
    sizes = first._panes.sizes()
    assert pages()._panes.sizes() == sizes


def test_without_a_model_there_is_nothing_to_start(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "host", PluginHost.of({}))
    page = TrainPage(studio)
    qtbot.addWidget(page)
    assert not page.setup.bar.start.isEnabled()
    assert "No plugin offers a model." in page.setup.problem()
    page.detach()


def test_every_control_has_a_name(training: TrainPage) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox

    for kind in (QAbstractButton, QComboBox, QAbstractSlider):
        for control in training.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                named = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
                assert named, f"{control} has no name"
