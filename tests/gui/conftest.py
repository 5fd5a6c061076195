"""What every test of the window needs: a studio whose engine is a list, and guards against leftovers."""

from __future__ import annotations

import gc
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

import pydantic
import pytest
import shiboken6

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.api import DataKind, Hyperparameters, LatentSampling, ModelSpec, Preset, hookimpl, hyper
from studio.api.canvas import LongRequest, RenderRequest
from studio.api.capabilities import LatentSpace
from studio.engine import commands
from studio.engine.events import Event, ModelFacts, RunState, StateChanged
from studio.engine.mailbox import EventQueue
from studio.engine.plugins import PluginHost
from studio.engine.runs import Run, RunRecord, RunStore
from studio.gui.event_pump import EventPump
from studio.gui.jobs import Jobs
from studio.gui.studio import Studio
from studio.gui.theme import DARK, apply_theme

HERE = Path(__file__).parent
PATIENCE_MS = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says this of every window that has a minimum size, and of every menu."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


class PatientBot(QtBot):
    """Waits for as long as a busy machine may take: where a test passes, that costs nothing."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: object, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with more patience."""
    return PatientBot(request)


class TinyHyperparameters(Hyperparameters):
    """One hyperparameter of every kind."""

    lr: float = hyper(
        2e-3, "Adam's step.", source="a paper", ge=1e-6, le=1e-1, log=True, live=True, title="Learning rate"
    )
    smoothing: float = hyper(0.1, "How far below 1 the target is.", ge=0, le=0.5, live=True)
    width: int = hyper(32, "Channels of the finest layer.", ge=4, le=256)
    loss: Literal["bce", "hinge"] = hyper("bce", "What D minimises.")
    dropout: bool = hyper(True, "Whether D drops units.")
    note: str = hyper("", "Anything.", advanced=True)
    beta1: float = hyper(0.5, "Adam's memory.", ge=0, lt=1, advanced=True)

    @pydantic.model_validator(mode="after")
    def _hinge_has_no_targets(self) -> Self:
        if self.loss == "hinge" and self.smoothing:
            raise ValueError("Hinge has no targets to smooth.")
        return self


TINY = ModelSpec(
    id="tiny",
    title="Tiny",
    summary="A model for tests.",
    model="nowhere:Tiny",
    hyperparameters=TinyHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling,),
    presets={
        "quick": Preset("Seconds.", 100, {"resolution": 16, "lr": 1e-3}),
        "paper": Preset("Days.", 10_000, {}),
    },
    paper="Tiny Networks, 2026",
)


class TinyPlugin:
    """A plugin that offers `TINY` alone."""

    @hookimpl
    def studio_models(self) -> tuple[ModelSpec, ...]:
        return (TINY,)


class FakeSession:
    """A `TrainingSession` without an engine.

    Attributes:
        asked: every command, oldest first, as the engine would get it.
    """

    def __init__(self) -> None:
        self.asked: list[commands.Command] = []
        self.started = False
        self._events = EventQueue()
        self._serials = itertools.count(1)
        self._status = StateChanged(RunState.IDLE)

    @property
    def status(self) -> StateChanged:
        return self._status

    def tell(self, *events: Event) -> None:
        """Puts events in the queue, as the engine would."""
        for event in events:
            self._events.put(event)

    def last(self, kind: type[commands.Command]) -> Any:
        """The newest command of a kind."""
        return next(command for command in reversed(self.asked) if type(command) is kind)

    def start(self) -> None:
        self.started = True

    def train(self, plan: commands.TrainPlan) -> None:
        self.asked.append(plan)

    def resume(
        self, run: str, steps: int | None = None, device: str = "auto", changes: Mapping[str, Any] | None = None
    ) -> None:
        self.asked.append(commands.ResumeRun(run, steps, device, dict(changes or {})))

    def open(self, run: str, step: int | None = None, device: str = "auto") -> None:
        self.asked.append(commands.OpenRun(run, step, device))

    def pause(self) -> None:
        self.asked.append(commands.Pause())

    def proceed(self) -> None:
        self.asked.append(commands.Proceed())

    def stop(self) -> None:
        self.asked.append(commands.Stop())

    def set_hyperparameter(self, name: str, value: Any) -> None:
        self.asked.append(commands.SetHyperparameter(name, value))

    def render(self, client: str, run: str, request: RenderRequest, *, held: bool = False) -> int:
        serial = next(self._serials)
        self.asked.append(commands.Render(client, serial, run, request, 0.0, held))
        return serial

    def begin(self, client: str, run: str, request: LongRequest) -> int:
        serial = next(self._serials)
        self.asked.append(commands.Begin(client, serial, run, request))
        return serial

    def cancel(self, client: str) -> None:
        self.asked.append(commands.Cancel(client))

    def drain(self) -> list[Event]:
        events = self._events.drain()
        for event in events:
            if isinstance(event, StateChanged):
                self._status = event
        return events

    def close(self, timeout: float = 60.0) -> bool:
        self.asked.append(commands.Close())
        return True


@pytest.fixture(scope="session", autouse=True)
def dark(qapp: QApplication) -> None:
    """The window's look, once for all tests."""
    apply_theme(qapp, DARK)


@pytest.fixture
def tiny() -> ModelSpec:
    """A model with one hyperparameter of every kind."""
    return TINY


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def host() -> PluginHost:
    """A host with one plugin; nothing installed is looked at."""
    return PluginHost.of({"tiny": TinyPlugin()})


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "home")


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """What the window remembers, in a file of this test's own."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def studio(
    qapp: QApplication, session: FakeSession, host: PluginHost, store: RunStore, settings: QSettings
) -> Iterator[Studio]:
    """A whole studio over a fake session. Its pump is not started: call `tell`."""
    jobs = Jobs()
    pump = EventPump(session.drain)
    yield Studio(host, store, session, pump, jobs, settings)  # type: ignore[arg-type] # a fake session
    pump.stop()
    jobs.close()


@pytest.fixture
def tell(studio: Studio, session: FakeSession) -> Callable[..., None]:
    """Events from the engine, delivered now."""

    def deliver(*events: Event) -> None:
        session.tell(*events)
        studio.pump.pump()

    return deliver


@pytest.fixture
def facts() -> ModelFacts:
    """What a canvas knows of `TINY`."""
    return ModelFacts("tiny", "Tiny", 16, ("LatentSampling",), latent_space=LatentSpace(8))


@pytest.fixture
def make_run(store: RunStore) -> Callable[..., Run]:
    """Makes a run on disk; takes fields of its record."""

    def make(**fields: Any) -> Run:
        record = RunRecord(**{"model": "tiny", "data": "demo:icons", "steps": 100, **fields})
        run = store.create(record)
        run.release()
        return run

    return make


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a thread, a window or a running timer."""
    threads = set(threading.enumerate())
    gc.freeze()  # what is older than the test is not its litter, and need not be looked through
    yield
    QGuiApplication.clipboard().clear()  # offscreen Qt would delete what was copied when Python has ended: a crash
    _delete_what_waits()
    left = [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon]
    assert not left, f"threads left: {left}"
    windows = [widget for widget in QApplication.topLevelWidgets() if _is_ours(widget)]
    assert not windows, f"windows left: {windows}"
    timers = [one for one in gc.get_objects() if type(one) is QTimer and shiboken6.isValid(one) and one.isActive()]
    assert not timers, f"timers left running: {[timer.parent() for timer in timers]}"


def _delete_what_waits() -> None:
    """Carries out `deleteLater` and collects what Python alone still holds."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def _is_ours(widget: Any) -> bool:
    return shiboken6.isValid(widget) and widget.parent() is None and type(widget).__module__.startswith("studio.")
