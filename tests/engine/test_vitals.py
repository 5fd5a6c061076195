"""A thread that hangs is told from one that is slow or has nothing to do."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from studio.engine.vitals import Pulse, Watch

PATIENCE = 0.3


@pytest.fixture
def alive() -> Iterator[Callable[[Callable[[Pulse, threading.Event], None]], Pulse]]:
    """Runs something on a thread that has a pulse, until the test is over."""
    over, threads = threading.Event(), []

    def run(work: Callable[[Pulse, threading.Event], None]) -> Pulse:
        pulse, begun = Pulse(), threading.Event()

        def main() -> None:
            pulse.begin()
            begun.set()
            work(pulse, over)

        threads.append(threading.Thread(target=main))
        threads[-1].start()
        begun.wait()
        return pulse

    yield run
    over.set()
    for thread in threads:
        thread.join()


def verdict(watch: Watch, seconds: float) -> str:
    """What it says first, within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if said := watch.hangs():
            return said
        time.sleep(0.01)
    return ""


def wait(_pulse: Pulse, over: threading.Event) -> None:
    over.wait()


def compute(_pulse: Pulse, over: threading.Event) -> None:
    while not over.is_set():
        pass


def rest(pulse: Pulse, over: threading.Event) -> None:
    with pulse.rest():
        over.wait()


@pytest.mark.parametrize(
    ("work", "said"),
    [(wait, "it has waited for something"), (compute, "it has computed without an end"), (rest, "")],
)
def test_what_is_said_of_a_thread(
    alive: Callable[[Callable[[Pulse, threading.Event], None]], Pulse],
    work: Callable[[Pulse, threading.Event], None],
    said: str,
) -> None:
    pulse = alive(work)
    found = verdict(Watch(pulse, PATIENCE, long=2 * PATIENCE), 60 if said else 4 * PATIENCE)
    assert found.startswith(said) if said else not found


def test_nothing_is_said_of_a_thread_that_gets_further_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=0.9 * PATIENCE)
    monkeypatch.setattr("studio.engine.vitals.time.monotonic", lambda: next(clock))
    pulse = Pulse()
    pulse.begin()
    watch = Watch(pulse, PATIENCE)
    for _ in range(20):
        pulse.beat()
        assert [watch.hangs(), watch.hangs()] == ["", ""]
    assert watch.hangs().startswith("it has waited for something")


def test_one_that_computes_gets_longer_than_one_that_waits(
    alive: Callable[[Callable[[Pulse, threading.Event], None]], Pulse],
) -> None:
    assert verdict(Watch(alive(compute), PATIENCE, long=60.0), 3 * PATIENCE) == ""


def test_nothing_is_said_of_a_thread_that_has_not_begun() -> None:
    assert verdict(Watch(Pulse(), PATIENCE), 2 * PATIENCE) == ""
