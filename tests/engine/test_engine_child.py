"""What the engine's process does about windows: one at a time, up to date at once, and no life without a purpose."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client, Listener
from pathlib import Path

import numpy as np
import pytest

from studio.edit.direction_search import DirectionSearch
from studio.engine import commands
from studio.engine.child import Child
from studio.engine.endpoints import Endpoint
from studio.engine.events import (
    DeviceReady,
    Event,
    Failed,
    ModelFacts,
    RunOpened,
    RunState,
    SamplesReady,
    StateChanged,
    StepLogged,
)
from studio.engine.mailbox import EventQueue
from studio.engine.places import ProcessOptions
from studio.engine.previews import SeedsRequest
from studio.engine.vitals import Pulse
from studio.engine.wire import Beat, Leaving, RefusalError, Wire, call

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its sockets are files")

KEY = "ab" * 32
LINGER = 1.5
FACTS = ModelFacts("toy", "Toy", 8, ())
TRAINING = StateChanged(RunState.TRAINING, "run", "toy", 0, 100)


class FakeWorker:
    """A device thread that does nothing but remember what it was asked."""

    def __init__(self) -> None:
        self.pulses = Pulse(), Pulse()
        self.asked: list[commands.Command] = []
        self.heard = threading.Condition()
        self._ended = threading.Event()

    def start(self) -> None: ...

    def submit(self, command: commands.Command) -> None:
        with self.heard:
            self.asked.append(command)
            self.heard.notify_all()
        if isinstance(command, commands.Close):
            self._ended.set()

    def join(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def until(self, asked: list[commands.Command]) -> None:
        with self.heard:
            assert self.heard.wait_for(lambda: self.asked == asked, 5), self.asked


class Running:
    """A child on a thread of this process."""

    def __init__(self, folder: Path) -> None:
        self.worker, self.events = FakeWorker(), EventQueue()
        address = str(folder / "socket")
        endpoint = Endpoint("name", 1, "here", address, KEY, "0", safe_mode=False)
        options = ProcessOptions(linger=LINGER, heartbeat=1.0)
        child = Child(endpoint, self.worker, self.events, options)
        self.listener = Listener(address)
        self.thread = threading.Thread(target=child.run, args=(self.listener,), daemon=True)
        self.thread.start()

    def window(self) -> Wire:
        """Comes as a window."""
        wire, _ = call(Client(self.listener.address), bytes.fromhex(KEY))
        return wire

    def happens(self, *events: Event) -> None:
        for event in events:
            self.events.put(event)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.worker.submit(commands.Close())
    running.thread.join(60)
    assert not running.thread.is_alive()
    running.listener.close()


def hear(wire: Wire, count: int) -> list[Event]:
    """That many events."""
    heard: list[Event] = []
    while len(heard) < count:
        assert wire.poll(5)
        message = wire.receive()
        if not isinstance(message, Beat | Leaving):
            heard.append(message)
    return heard


def test_a_window_that_comes_late_hears_what_holds(running: Running) -> None:
    first, pictures = running.window(), np.zeros((2, 8, 8, 3), np.uint8)
    device, opened = DeviceReady("cpu", "CPU"), RunOpened("run", FACTS, True, 0)
    logged = StepLogged("run", 7, 28, 1.0, {"loss": 1.0}, 30.0, None)
    running.happens(device, opened, TRAINING, Failed("Once."), logged, SamplesReady("run", 5, 0, pictures))
    hear(first, 6)
    first.close()
    running.worker.until([])
    late = come(running)
    heard = hear(late, 4)
    assert heard[:3] == [device, opened, StateChanged(RunState.TRAINING, "run", "toy", 7, 100)]
    assert isinstance(heard[3], SamplesReady)
    assert np.array_equal(heard[3].pictures, pictures)
    late.send(commands.Pause())
    running.worker.until([commands.Pause()])
    late.close()
    running.happens(StateChanged(RunState.FINISHED, "run"))


def come(running: Running) -> Wire:
    """Comes as soon as the window before is known to have gone."""
    while True:
        try:
            return running.window()
        except RefusalError:
            pass


def test_a_second_window_is_refused(running: Running) -> None:
    first = running.window()
    running.happens(TRAINING)
    hear(first, 1)
    with pytest.raises(RefusalError):
        running.window()
    first.close()
    come(running).close()


def test_alone_it_ends_soon_unless_it_trains(running: Running) -> None:
    window = running.window()
    running.happens(TRAINING)
    hear(window, 1)
    window.close()
    running.thread.join(2 * LINGER)
    assert running.thread.is_alive()
    assert running.worker.asked == []
    running.happens(StateChanged(RunState.FINISHED, "run"))
    running.thread.join(60)
    assert running.worker.asked == [commands.Close()]


def test_a_paused_run_does_not_keep_it_alive(running: Running) -> None:
    window = running.window()
    running.happens(StateChanged(RunState.PAUSED, "run"))
    hear(window, 1)
    window.close()
    running.thread.join(60)
    assert running.worker.asked == [commands.Close()]


def test_with_its_window_it_stays(running: Running) -> None:
    window = running.window()
    running.thread.join(2 * LINGER)
    assert running.thread.is_alive()
    window.close()


@pytest.mark.parametrize(
    "work",
    [
        commands.Begin("canvas", 1, "run", DirectionSearch("z")),
        commands.Render("canvas", 1, "run", SeedsRequest(0, 1), 0.0, held=True),
    ],
    ids=["a search", "a film"],
)
def test_long_work_of_a_window_that_has_gone_is_left(running: Running, work: commands.Command) -> None:
    window = running.window()
    window.send(work)
    running.worker.until([work])
    running.happens(TRAINING)
    hear(window, 1)
    window.close()
    running.worker.until([work, commands.Cancel("canvas")])
    running.happens(StateChanged(RunState.FINISHED, "run"))


def test_to_close_before_torch_has_loaded_needs_no_device_thread(running: Running) -> None:
    window = running.window()
    window.send(commands.Close())
    running.thread.join(60)
    assert not running.thread.is_alive()
    assert running.worker.asked == []
    window.close()
