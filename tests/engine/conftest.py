"""A home with pictures in it, a host that knows the toy model, and a session that is always closed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.api import GanModel, ModelSpec, StudioError
from studio.engine.commands import TrainPlan
from studio.engine.device import core_count
from studio.engine.events import Event, Failed, RunState, StateChanged
from studio.engine.plugin_status import PluginStatus
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import WorkerOptions
from tests import toys

SPECS = {spec.id: spec for spec in (toys.TOY, toys.PAIRS, toys.DOMAINS, toys.PAINTER)}


class ToyHost:
    """Stands in for discovery, which has tests of its own."""

    plugins: tuple[PluginStatus, ...] = ()

    def __init__(self) -> None:
        self.finished: list[tuple[Path, str]] = []

    def models(self) -> dict[str, ModelSpec]:
        return SPECS

    def model(self, model_id: str) -> ModelSpec:
        if model_id not in SPECS:
            raise StudioError(f"There is no model {model_id}.")
        return SPECS[model_id]

    def load_model(self, model_id: str) -> type[GanModel]:
        found: type[GanModel] = getattr(toys, SPECS[model_id].model.partition(":")[2])
        return found

    def plugin_of(self, model_id: str) -> PluginStatus:
        return PluginStatus("toys", True, "tests", "1.0", ("toy",), "", "")

    def datasets(self) -> tuple[()]:
        return ()

    def run_finished(self, run: Path, outcome: str) -> None:
        self.finished.append((run, outcome))


class Watcher:
    """A session with its events kept, and ways to wait for them."""

    def __init__(self, session: TrainingSession) -> None:
        self.session = session
        self.events: list[Event] = []
        self._unread: deque[Event] = deque()

    def until(self, wanted: Callable[[Event], bool], timeout: float = 60.0) -> Event:
        """Waits for an event that has not been looked at yet; those that came with it stay to be looked at."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            while self._unread:
                event = self._unread.popleft()
                if isinstance(event, Failed) and event.detail:
                    print(event.detail)
                if wanted(event):
                    return event
            self.session.wait(0.5)
            drained = self.session.drain()
            self.events += drained
            self._unread += drained
        raise AssertionError(f"Nothing of the kind in {self.events[-5:]}")

    def until_state(self, *states: RunState) -> StateChanged:
        event = self.until(lambda event: isinstance(event, StateChanged) and event.state in states)
        assert isinstance(event, StateChanged)
        return event

    def until_kind(self, kind: type[Any]) -> Any:
        return self.until(lambda event: isinstance(event, kind))

    def of_kind(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def host() -> ToyHost:
    return ToyHost()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for index in range(10):
        Image.fromarray(random.integers(0, 255, (8, 8, 3), np.uint8)).save(folder / f"{index}.png")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "home")


@pytest.fixture
def new_session(host: ToyHost, store: RunStore) -> Iterator[Callable[[], Watcher]]:
    sessions: list[TrainingSession] = []

    def make() -> Watcher:
        session = TrainingSession(host, store, WorkerOptions(leave_cores=core_count() - 1, nice=0))  # type: ignore[arg-type]  # it is enough of a host
        session.start()
        sessions.append(session)
        return Watcher(session)

    yield make
    assert all(session.close() for session in sessions)


@pytest.fixture
def watcher(new_session: Callable[[], Watcher]) -> Watcher:
    return new_session()


@pytest.fixture
def plan(pictures: Path) -> Callable[..., TrainPlan]:
    def make(steps: int = 20, **values: Any) -> TrainPlan:
        hyperparameters = {"resolution": 8, "batch": 4, "log_every": 1, **values}
        return TrainPlan("toy", str(pictures), hyperparameters, steps=steps, seed=3, device="cpu")

    return make
