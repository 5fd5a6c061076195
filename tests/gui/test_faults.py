"""Whatever goes wrong unforeseen is logged and said once, in plain words."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from studio.api import StudioError
from studio.engine.events import Failed
from studio.gui.faults import KEPT_LOGS, Faults


@pytest.fixture
def faults(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Faults]:
    with Faults(tmp_path / "logs") as made:
        yield made
    caplog.get_records("call").clear()


def error(text: str = "broken") -> RuntimeError:
    try:
        raise RuntimeError(text)
    except RuntimeError as caught:
        return caught


def test_an_exception_that_nobody_caught_is_logged_and_said(faults: Faults) -> None:
    sys.excepthook(RuntimeError, error(), None)
    (event,) = faults.drain()
    assert isinstance(event, Failed)
    assert event.message == "Something in Ganvas went wrong."
    assert "RuntimeError: broken" in event.detail
    assert str(faults.file) in event.detail
    assert "RuntimeError: broken" in faults.file.read_text()


def test_an_exception_in_a_thread_is_too(faults: Faults) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in str(faults.drain())


def test_the_same_error_is_said_once_but_logged_each_time(faults: Faults) -> None:
    for _ in range(100):
        faults.report(error())
    faults.report(error("otherwise"))
    assert len(faults.drain()) == 2
    assert faults.drain() == []
    assert faults.file.read_text().count("RuntimeError: broken") == 100


def test_what_a_person_can_mend_is_said_without_a_traceback(faults: Faults) -> None:
    faults.report(StudioError("The disk is full.", "Free 2 GB."))
    assert faults.drain() == [Failed("The disk is full.", "Free 2 GB.")]


def test_what_qt_says_goes_to_the_log(faults: Faults) -> None:
    qWarning("a strange thing")
    assert "a strange thing" in faults.file.read_text()


def test_everything_is_put_back(tmp_path: Path) -> None:
    before = (sys.excepthook, threading.excepthook, list(logging.getLogger().handlers))
    with Faults(tmp_path):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook, list(logging.getLogger().handlers)) == before


def test_only_the_newest_logs_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT_LOGS + 5):
        (tmp_path / f"20200101-0000{number:02}.txt").touch()
    with Faults(tmp_path) as faults:
        kept = sorted(tmp_path.glob("*.txt"))
    assert len(kept) == KEPT_LOGS
    assert kept[-1] == faults.file


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "logs").touch()
    with Faults(tmp_path / "logs") as faults:
        faults.report(error())
        assert len(faults.drain()) == 1
    caplog.clear()
