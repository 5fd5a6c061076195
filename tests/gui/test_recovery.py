"""Runs that a crash cut off: offered at the start, gone on with by one click, not offered again once dismissed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.engine.commands import ResumeRun
from studio.engine.events import RunState
from studio.engine.runs import Run
from studio.gui.notices import NoticeStack
from studio.gui.recovery import Recovery, interrupted
from studio.gui.studio import Studio

MakeRun = Callable[..., Run]


@pytest.fixture
def notices(qtbot: QtBot) -> NoticeStack:
    over = QWidget()
    over.resize(800, 600)
    qtbot.addWidget(over)
    return NoticeStack(over)


@pytest.fixture
def cut_off(make_run: MakeRun) -> Callable[[int], Run]:
    """A run whose process died in training, with a checkpoint of a step."""

    def make(step: int) -> Run:
        run = make_run(status=RunState.TRAINING)
        (run.checkpoints.folder / f"step-{step:012d}.safetensors").touch()
        return run

    return make


def offered(studio: Studio, notices: NoticeStack, qtbot: QtBot) -> list[str]:
    """What a window that has just been opened offers."""
    looked: list[int] = []
    recovery = Recovery(studio, notices, notices)
    studio.jobs.run(recovery, lambda: 0, looked.append, lambda _error: None)
    qtbot.waitUntil(lambda: bool(looked) and recovery.parent() is notices)
    return [notice.message for notice in notices.notices()]


def buttons(notices: NoticeStack) -> dict[str, QPushButton]:
    (notice,) = notices.notices()
    return {button.text(): button for button in notice.findChildren(QPushButton) if button.text()}


def test_a_run_that_was_cut_off_goes_on_by_one_click(
    studio: Studio, session: Any, notices: NoticeStack, cut_off: Callable[[int], Run], make_run: MakeRun, qtbot: QtBot
) -> None:
    make_run(status=RunState.FINISHED)
    make_run(status=RunState.TRAINING)  # it died before its first checkpoint: there is nothing to go on from
    run = cut_off(40)
    Recovery(studio, notices, notices)
    qtbot.waitUntil(lambda: bool(notices.notices()))
    assert "It can go on from step 40 of 100." in notices.notices()[0].message
    with qtbot.waitSignal(studio.page_wanted, check_params_cb=lambda page: page == "train"):
        buttons(notices)["Resume"].click()
    assert session.last(ResumeRun).run == str(run.folder)
    assert notices.notices() == []


def test_several_are_shown_together_and_dismissed_together(
    studio: Studio, notices: NoticeStack, cut_off: Callable[[int], Run], qtbot: QtBot
) -> None:
    cut_off(40)
    cut_off(60)
    Recovery(studio, notices, notices)
    qtbot.waitUntil(lambda: bool(notices.notices()))
    assert "Show all 2 that were" in buttons(notices)
    notices.notices()[0].closed.emit()
    assert offered(studio, notices, qtbot) == []
    cut_off(80)
    Recovery(studio, notices, notices)
    qtbot.waitUntil(lambda: bool(notices.notices()))
    assert "from step 80" in notices.notices()[0].message


def test_a_run_in_training_is_not_one_that_was_cut_off(studio: Studio, cut_off: Callable[[int], Run]) -> None:
    run = cut_off(40)
    assert [one.name for one in interrupted(studio.store)] == [run.name]
    run.acquire()
    assert interrupted(studio.store) == []
    run.release()
