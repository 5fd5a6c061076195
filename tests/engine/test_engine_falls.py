"""An engine that ends again and again, or does not start at all, is told of and left in peace until it is wanted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from studio.edit.direction_search import DirectionSearch
from studio.engine import commands, engine_process
from studio.engine.engine_process import FALLS, NOT_RUNNING, EngineProcess
from studio.engine.events import DeviceReady, Event, Failed, RenderFailed
from studio.engine.launching import LaunchError, how_it_ended
from studio.engine.mailbox import EventQueue
from studio.engine.plugins import PluginHost
from studio.engine.previews import SeedsRequest
from studio.engine.runs import RunStore
from studio.engine.wire import Wire
from studio.engine.worker import WorkerOptions


class FakeEngine:
    """A process that hears commands and ends when it is told to.

    Attributes:
        heard: what it was asked.
    """

    def __init__(self) -> None:
        ours, theirs = Pipe()
        self.wire = Wire(ours)
        self._there = Wire(theirs)
        self.heard: list[commands.Command] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def tell(self, event: Event) -> None:
        self._there.send(event)

    def bury(self) -> str:
        self.wire.close()
        self._thread.join()
        return "by signal 11 (a crash in native code)"

    def last_lines(self) -> str:
        return "the end of its log"

    def _listen(self) -> None:
        try:
            while True:
                command = self._there.receive()
                self.heard.append(command)
                if isinstance(command, commands.Stop | commands.Close):
                    break
        finally:
            self._there.close()


class Studio:
    """An engine process whose processes are made up."""

    def __init__(self, home: Path) -> None:
        self.events = EventQueue()
        self.engines: list[FakeEngine] = []
        self.broken = False
        self.launched = threading.Condition()
        self.place = EngineProcess(PluginHost.of({}), RunStore(home), self.events, WorkerOptions())

    def launch(self, *_args: object) -> Any:
        with self.launched:
            if self.broken:
                raise LaunchError(": it ended with exit code 1", "a traceback")
            self.engines.append(FakeEngine())
            self.launched.notify_all()
            return self.engines[-1]

    def until_launched(self, count: int) -> None:
        with self.launched:
            assert self.launched.wait_for(lambda: len(self.engines) == count, 60)

    def until(self, kind: type[Any]) -> Any:
        while self.events.wait(60):
            for event in self.events.drain():
                if isinstance(event, kind):
                    return event
        raise AssertionError(f"no {kind.__name__}")

    def fall(self, times: int) -> None:
        for _ in range(times):
            count = len(self.engines)
            self.place.submit(commands.Stop())
            assert "signal 11" in self.until(Failed).message
            if count < FALLS:
                self.until_launched(count + 1)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    monkeypatch.setattr(engine_process, "attach", lambda *_args: None)
    monkeypatch.setattr(engine_process, "launch", studio.launch)
    yield studio
    studio.place.submit(commands.Close())
    assert studio.place.join(60)


def render(serial: int, *, held: bool = False) -> commands.Render:
    return commands.Render("canvas", serial, "run", SeedsRequest(0, 1), 0.0, held)


def test_it_starts_again_by_itself(studio: Studio) -> None:
    studio.place.start()
    studio.until_launched(1)
    studio.fall(1)
    studio.until_launched(2)
    studio.engines[1].tell(DeviceReady("cpu", "CPU"))
    assert studio.until(DeviceReady).name == "CPU"


def test_after_three_falls_it_waits_until_a_person_asks_for_something(studio: Studio) -> None:
    studio.place.start()
    studio.until_launched(1)
    studio.fall(FALLS)
    studio.place.submit(render(1))
    refused = studio.until(RenderFailed)
    assert (refused.serial, refused.message) == (1, NOT_RUNNING)
    assert len(studio.engines) == FALLS
    studio.place.submit(commands.OpenRun("run"))
    studio.until_launched(FALLS + 1)


def test_one_that_does_not_start_is_told_of_with_its_log(studio: Studio) -> None:
    studio.broken = True
    studio.place.start()
    failed = studio.until(Failed)
    assert failed.message == "The engine could not be started: it ended with exit code 1."
    assert failed.detail == "a traceback"
    studio.broken = False
    plan = commands.TrainPlan("toy", "demo:icons")
    studio.place.submit(plan)
    studio.until_launched(1)


@pytest.mark.parametrize(
    "work",
    [
        commands.Begin("canvas", 7, "run", DirectionSearch("z")),
        render(7, held=True),
        render(7),
    ],
    ids=["a search", "a film", "a picture, for keeping perhaps"],
)
def test_what_was_under_way_when_the_engine_ended_is_answered(studio: Studio, work: commands.Command) -> None:
    studio.place.start()
    studio.place.submit(work)
    studio.place.submit(commands.Stop())
    assert studio.until(RenderFailed).serial == 7


def test_of_a_clients_requests_that_wait_for_an_engine_only_the_newest_is_sent(studio: Studio) -> None:
    plan = commands.TrainPlan("toy", "demo:icons")
    for command in (render(1), plan, render(2), render(3), commands.Stop()):
        studio.place.submit(command)
    studio.place.start()
    studio.until(Failed)
    assert studio.engines[0].heard == [render(3), plan, commands.Stop()]


def test_one_that_is_closed_before_it_has_begun_does_not_begin(studio: Studio) -> None:
    studio.place.submit(commands.Close())
    studio.place.start()
    assert studio.place.join(60)
    assert studio.engines == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(3, "with exit code 3"), (-11, "by signal 11 (a crash in native code)"), (-64, "by signal 64")],
)
def test_how_it_ended(code: int, words: str) -> None:
    assert how_it_ended(code) == words
