"""What keeps the event loop whole: garbage collected on its own thread, signals turned into calls, jobs handed back."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.garbage import GarbageCollector
from studio.gui.jobs import Jobs
from studio.gui.signals import SignalCatcher
from studio.gui.widgets.basics import Chip
from studio.gui.widgets.picture_grid import PictureGrid
from studio.gui.widgets.slider import ValueSlider


class Cycle:
    """Garbage that only the collector can find."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    made = GarbageCollector()
    made.start()
    yield made
    made.stop()


def test_garbage_is_collected_by_the_gui_thread_alone(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    gone = weakref.ref(Cycle())
    litter = [Cycle() for _ in range(2000)]
    litter.clear()
    assert gone() is not None
    collector.collect()
    assert gone() is None
    collector.stop()
    assert gc.isenabled()


def test_jobs_end_on_the_gui_thread(qtbot: QtBot) -> None:
    jobs, owner = Jobs(), QObject()
    where: list[threading.Thread] = []
    results: list[object] = []
    jobs.run(
        owner,
        lambda: where.append(threading.current_thread()),
        lambda _: results.append(threading.current_thread()),
        raise_,
    )
    jobs.run(owner, lambda: 1 / 0, raise_, results.append)
    qtbot.waitUntil(lambda: len(results) == 2)
    assert where[0] is not threading.main_thread()
    assert any(one is threading.main_thread() for one in results)
    assert any(isinstance(one, ZeroDivisionError) for one in results)
    jobs.close()
    assert jobs.closing.is_set()


def test_what_has_been_deleted_hears_of_no_job(qtbot: QtBot) -> None:
    jobs, gone, there = Jobs(), QObject(), QObject()
    done: list[int] = []
    heard: list[object] = []
    jobs.run(gone, lambda: done.append(1), raise_, raise_)
    jobs.run(gone, lambda: 1 / 0, raise_, raise_)
    shiboken6.delete(gone)
    jobs.run(there, lambda: None, heard.append, raise_)
    qtbot.waitUntil(lambda: bool(heard))
    assert done
    jobs.close()


def raise_(unexpected: object) -> None:
    raise AssertionError(unexpected)


@pytest.mark.skipif(sys.platform == "win32", reason="signals to oneself")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_becomes_a_call_on_the_gui_thread(qtbot: QtBot, number: signal.Signals) -> None:
    said: list[str] = []
    before = signal.getsignal(number)
    catcher = SignalCatcher(lambda: said.append("asked"), lambda: said.append("insisted"))
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: said == ["asked"])
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: said == ["asked", "insisted"])
    catcher.close()
    assert signal.getsignal(number) is before


@pytest.fixture
def hang_up() -> Iterator[Callable[..., None]]:
    """What SIGHUP does before, whatever pytest itself was started with."""

    def ours(*_: object) -> None:
        """A process that is told of a closed terminal without this is ended."""

    before = signal.signal(signal.SIGHUP, ours)
    yield ours
    signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGHUP")
def test_a_closed_terminal_asks_and_never_insists(qtbot: QtBot, hang_up: Callable[..., None]) -> None:
    said: list[str] = []
    catcher = SignalCatcher(lambda: said.append("asked"), lambda: said.append("insisted"))
    assert signal.getsignal(signal.SIGHUP) is not hang_up
    os.kill(os.getpid(), signal.SIGHUP)
    qtbot.waitUntil(lambda: said == ["asked"])
    os.kill(os.getpid(), signal.SIGHUP)
    for _ in range(20):
        QCoreApplication.processEvents()
    assert said == ["asked"]
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: said == ["asked", "insisted"])
    catcher.close()
    assert signal.getsignal(signal.SIGHUP) is hang_up


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGHUP")
def test_a_closed_terminal_that_is_ignored_stays_so(hang_up: Callable[..., None]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    catcher = SignalCatcher(lambda: None, lambda: None)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    catcher.close()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal")
def test_repaints_drop_no_references_to_none(qtbot: QtBot) -> None:
    """PySide6 6.12 on Python < 3.12 drops one with every void call, and dies within seconds of a live plot."""
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    grid, slider, chip = PictureGrid(), ValueSlider(0, 1, 0.5), Chip("Training", "good")
    for part in (grid, slider, chip):
        column.addWidget(part)
    grid.set_pictures(np.zeros((12, 16, 16, 3), np.uint8))
    page.resize(400, 300)
    page.show()
    page.grab()
    before = sys.getrefcount(None)
    for number in range(300):
        chip.set_state(f"step {number}", "good")
        slider.set_value(number / 300)
        page.repaint()
    assert abs(sys.getrefcount(None) - before) < 150
