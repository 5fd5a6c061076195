"""The device thread in a process of its own: the same runs to the bit, and a window that outlives whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.engine.commands import TrainPlan
from studio.engine.device import core_count
from studio.engine.endpoints import Endpoints
from studio.engine.engine_process import EngineProcess
from studio.engine.events import (
    CheckpointSaved,
    DeviceReady,
    Failed,
    Rendered,
    RenderFailed,
    RunOpened,
    RunState,
    SamplesReady,
    StateChanged,
    StepLogged,
)
from studio.engine.launching import attach, log_file_of
from studio.engine.places import ProcessOptions
from studio.engine.plugins import PluginHost
from studio.engine.runs import Run, RunStore
from studio.engine.session import TrainingSession
from studio.engine.state_tree import flatten
from studio.engine.worker import WorkerOptions
from tests.engine.conftest import Watcher
from tests.engine.plugin_shelf import shelf_on_path
from tests.engine.trapped import Shades

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

OPTIONS = WorkerOptions(leave_cores=core_count() - 1, nice=0)
HEARTBEAT = 4.0
TRAPPED = """
from studio.api import LatentSampling, hyper

class TrappedHyperparameters(Hyperparameters):
    lr: float = hyper(1e-3, "Learning rate.", gt=0, le=1, log=True, live=True)
    poison: int = hyper(0, "Unused.", ge=0)
    fail: int = hyper(0, "Unused.", ge=0)
    trap: str = hyper("", "A file of Python that is executed at step 5 of training, while it is there.")

@hookimpl
def studio_models():
    return [spec("trapped", model="tests.engine.trapped:Trapped", hyperparameters=TrappedHyperparameters,
                 capabilities=(LatentSampling,))]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose plugins have been found: they are the installed ones, and a model that falls into traps."""
    home = tmp_path_factory.mktemp("process") / "home"
    with shelf_on_path(home / "shelf") as shelf:
        shelf.add("trapped", TRAPPED)
        PluginHost.discover(home)
        yield home


def new_session(home: Path, process: ProcessOptions | None = None) -> TrainingSession:
    place = partial(EngineProcess, process=process or ProcessOptions(heartbeat=HEARTBEAT))
    return TrainingSession(PluginHost.of({}), RunStore(home), OPTIONS, place)


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Watcher]:
    """One session for all tests that follow; its process may change under it."""
    before = shared_memory()
    session = new_session(home)
    session.start()
    watcher = Watcher(session)
    watcher.until_kind(DeviceReady)
    yield watcher
    assert session.close()
    assert not list((home / "engines").iterdir())
    assert shared_memory() == before


@pytest.fixture
def away(running: Watcher) -> Watcher:
    """A session whose device thread lives elsewhere, with nothing remembered of the tests before."""
    running.events.clear()
    return running


@pytest.fixture
def plan(pictures: Path, tmp_path: Path) -> Callable[..., TrainPlan]:
    (tmp_path / "trap.py").write_text("")

    def make(steps: int = 12) -> TrainPlan:
        values = {"resolution": 8, "batch": 4, "log_every": 1, "checkpoint_every": 3}
        values["trap"] = str(tmp_path / "trap.py")
        return TrainPlan("trapped", str(pictures), values, steps=steps, seed=3, device="cpu")

    return make


def shared_memory() -> set[str]:
    folder = Path("/dev/shm")
    return {path.name for path in folder.glob("ganvas-*")} if folder.is_dir() else set()


def tensors_of(run: str) -> dict[str, torch.Tensor]:
    _, state, _ = Run.load(Path(run)).checkpoints.load_newest()
    del state["elapsed"]
    return flatten(state)[0]


def assert_same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> None:
    assert left.keys() == right.keys()
    for name, tensor in left.items():
        assert torch.equal(tensor, right[name]), name


def at_home(home: Path, plan: TrainPlan) -> tuple[Watcher, str]:
    """The same run in this process."""
    watcher = Watcher(TrainingSession(PluginHost.discover(home), RunStore(home), OPTIONS))
    watcher.session.start()
    watcher.session.train(plan)
    run = watcher.until_state(RunState.FINISHED).run
    assert watcher.session.close()
    return watcher, run


def gist(watcher: Watcher) -> list[object]:
    """What was told, without what depends on the clock and on the folder."""
    states = [(event.state, event.step, event.steps, event.model) for event in watcher.of_kind(StateChanged)]
    logged = [(event.step, event.images, event.metrics) for event in watcher.of_kind(StepLogged)]
    opened = [(event.facts, event.live, event.step) for event in watcher.of_kind(RunOpened)][:1]
    saved = [event.step for event in watcher.of_kind(CheckpointSaved)][-1:]
    pictures = [event.pictures.tobytes() for event in watcher.of_kind(SamplesReady) if event.step in (1, 12)]
    return [states, logged, opened, saved, pictures]


def test_a_run_is_the_same_as_in_this_process_to_the_bit(
    away: Watcher, home: Path, plan: Callable[..., TrainPlan]
) -> None:
    away.session.train(plan())
    run = away.until_state(RunState.FINISHED).run
    here, same = at_home(home, plan())
    assert gist(away) == gist(here)
    assert_same(tensors_of(run), tensors_of(same))


def test_pause_proceed_stop_and_resume_lose_nothing(away: Watcher, home: Path, plan: Callable[..., TrainPlan]) -> None:
    away.session.train(plan(steps=60))
    away.until(lambda event: isinstance(event, StepLogged) and event.step == 2)
    away.session.pause()
    paused = away.until_state(RunState.PAUSED)
    away.session.proceed()
    away.until(lambda event: isinstance(event, StepLogged) and event.step > paused.step)
    away.session.stop()
    stopped = away.until_state(RunState.STOPPED, RunState.FINISHED)
    away.session.resume(stopped.run, steps=61)
    away.until_state(RunState.FINISHED)
    assert_same(tensors_of(stopped.run), tensors_of(at_home(home, plan(steps=61))[1]))


def test_pictures_come_back_whole_whether_they_fit_the_shared_memory_or_not(
    away: Watcher, plan: Callable[..., TrainPlan]
) -> None:
    away.session.train(plan())
    run = away.until_state(RunState.FINISHED).run
    sides = [
        8,
        256,
        3000,
        *[1024] * 12,
    ]  # in the message, in the ring, too large for it, and more than it holds at a time
    for first, side in enumerate(sides):
        away.session.render("canvas", run, Shades(side, first))
        pictures = away.until_kind(Rendered).pictures
        assert pictures.shape == (1, side, side, 3)
        assert pictures.flags.writeable
        shades = ((np.arange(side) + first) % 256).astype(np.uint8)
        assert (pictures == shades[None, :, None, None]).all()


def test_what_cannot_be_sent_or_answered_is_said(away: Watcher) -> None:
    serial = away.session.render("canvas", "nowhere", Shades(8))
    assert away.until_kind(RenderFailed).serial == serial
    away.session.render("canvas", "nowhere", lambda: None)  # type: ignore[arg-type]  # that is the point
    assert "cannot be sent" in away.until_kind(RenderFailed).message
    away.session.open("nowhere")
    assert "no run called nowhere" in away.until_kind(Failed).message


def set_off(away: Watcher, plan: TrainPlan, file: Path, trap: str) -> None:
    """Trains into a trap, which is sprung at step 5 as soon as the checkpoint of step 3 is on disk."""
    file.unlink()
    away.session.train(plan)
    away.until(lambda event: isinstance(event, StepLogged) and event.step == 5)
    if not away.of_kind(CheckpointSaved):
        away.until_kind(CheckpointSaved)
    beside = file.with_suffix(".part")
    beside.write_text(trap)
    beside.replace(file)


@pytest.mark.parametrize(
    ("trap", "words"),
    [
        ("import ctypes; ctypes.string_at(0)", "was ended by signal 11 (a crash in native code) while training at"),
        ("import os; os._exit(3)", "was ended with exit code 3 while training at step 5"),
        ("import threading; threading.Event().wait()", "was ended because it hung: it has waited for something for"),
        pytest.param(
            "import ctypes; ctypes.PyDLL(None).sleep(1000)", "because it had not answered", marks=pytest.mark.slow
        ),
        pytest.param("import os; os.kill(os.getpid(), 9)", "when memory ran out", marks=pytest.mark.slow),
    ],
    ids=["segfaults", "exits", "waits for ever", "never lets Python go", "killed"],
)
def test_a_model_that_ends_its_process_leaves_the_session_alive_and_the_run_resumable(
    away: Watcher, home: Path, plan: Callable[..., TrainPlan], tmp_path: Path, trap: str, words: str
) -> None:
    set_off(away, plan(), tmp_path / "trap.py", trap)
    interrupted = away.until_state(RunState.INTERRUPTED, RunState.FINISHED)
    assert (interrupted.state, interrupted.step, interrupted.steps) == (RunState.INTERRUPTED, 3, 12)
    failed = away.of_kind(Failed) or [away.until_kind(Failed)]
    assert words in failed[0].message
    assert failed[0].remedy == "Resume goes on from the checkpoint of step 3."
    record = Run.load(Path(interrupted.run)).record
    assert (record.status, record.message) == (RunState.INTERRUPTED, failed[0].message)
    (tmp_path / "trap.py").write_text("")
    away.session.resume(interrupted.run)
    away.until_state(RunState.FINISHED)
    assert_same(tensors_of(interrupted.run), tensors_of(at_home(home, plan())[1]))


def until_left(log: Path) -> None:
    """Waits until the engine has noticed that its window has gone."""
    end = time.monotonic() + 30
    while "The window has gone." not in log.read_text():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


def test_a_lost_gpu_ends_the_process_in_good_order_and_another_goes_on(
    away: Watcher, home: Path, plan: Callable[..., TrainPlan], tmp_path: Path
) -> None:
    trap = "import torch; raise torch.AcceleratorError('CUDA error: unspecified launch failure')"
    set_off(away, plan(), tmp_path / "trap.py", trap)
    failed = away.until_state(RunState.FAILED)
    assert [event.message for event in away.of_kind(Failed)] == [
        "The GPU was lost (CUDA error: unspecified launch failure)."
    ]
    (tmp_path / "trap.py").write_text("")
    away.until_kind(DeviceReady)  # it has started again, and has said no more
    assert len(away.of_kind(Failed)) == 1
    away.session.resume(failed.run)
    away.until_state(RunState.FINISHED)
    assert_same(tensors_of(failed.run), tensors_of(at_home(home, plan())[1]))


OWNER = """
import sys
from pathlib import Path
from studio.engine.commands import TrainPlan
from studio.engine.engine_process import EngineProcess
from studio.engine.events import CheckpointSaved
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession

session = TrainingSession(PluginHost.of({}), RunStore(Path(sys.argv[1])), None, EngineProcess)
session.start()
values = {"resolution": 8, "batch": 4, "log_every": 1, "checkpoint_every": 3}
session.train(TrainPlan("trapped", sys.argv[2], values, steps=10**6, seed=3, device="cpu"))
while True:
    session.wait()
    for event in session.drain():
        if isinstance(event, CheckpointSaved):
            print("torch" in sys.modules, flush=True)
"""


def test_training_outlives_the_window_and_the_next_one_takes_over(home: Path, pictures: Path) -> None:
    others = Endpoints(home).all()
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home), str(pictures)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"False\n"  # torch is the engine's alone
        (endpoint,) = (one for one in Endpoints(home).all() if one not in others)
        assert attach(home, ProcessOptions()) is None
        owner.send_signal(signal.SIGKILL)
    until_left(log_file_of(home, endpoint.name))
    watcher = Watcher(new_session(home, ProcessOptions()))
    watcher.session.start()
    training = watcher.until_state(RunState.TRAINING)
    assert attach(home, ProcessOptions()) is None  # the engine is not taken from the window that has it
    assert isinstance(watcher.until_kind(StepLogged), StepLogged)
    assert [event.live for event in watcher.of_kind(RunOpened)] == [True]
    assert watcher.of_kind(DeviceReady)
    assert watcher.of_kind(SamplesReady)
    watcher.session.stop()
    assert watcher.until_state(RunState.STOPPED).step > training.step
    assert watcher.session.close()
    assert not endpoint.running
    assert Endpoints(home).read(endpoint.name) is None
