"""kill -9 in the middle of saving: what was said to be saved is there, whole, and nothing else is left."""

from __future__ import annotations

import os
import random
import signal
import struct
import sys
import threading
from pathlib import Path

import pytest
import torch

from studio.engine.events import RunState
from studio.engine.runs import Run, RunRecord, RunStore

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="forks"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]

WEIGHTS = 1_000_000
LONGEST = 0.12
STEP = struct.Struct("<q")


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_while_saving_loses_nothing_that_was_acknowledged(kills: int, tmp_path: Path) -> None:
    chance = random.Random(kills)
    for number in range(kills):
        run = RunStore(tmp_path / str(number)).create(RunRecord(model="toy", data="", status=RunState.TRAINING))
        run.release()
        acknowledged = _killed_after(chance.random() * LONGEST, run.folder)
        _check(run.folder, acknowledged)


def _killed_after(seconds: float, folder: Path) -> int:
    """Kills a process that saves as fast as it can, `seconds` after its first checkpoint; the last step it told."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _save_for_ever(folder, tell)
        finally:
            os._exit(1)
    os.close(tell)
    first = os.read(told, STEP.size)
    threading.Event().wait(seconds)
    os.kill(child, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    with os.fdopen(told, "rb") as rest:
        steps = first + rest.read()
    return STEP.unpack(steps[-STEP.size :])[0]  # type: ignore[no-any-return]


def _save_for_ever(folder: Path, tell: int) -> None:
    run = Run.load(folder)
    run.acquire()
    step = 0
    while True:
        step += 1
        run.add_metrics({"step": step})
        run.update(step=step)
        run.checkpoints.save(step, {"weights": torch.full((WEIGHTS,), float(step)), "step": step})
        os.write(tell, STEP.pack(step))


def _check(folder: Path, acknowledged: int) -> None:
    run = Run.load(folder)
    newest, state, passed_over = run.checkpoints.load_newest()
    assert newest >= acknowledged
    assert passed_over == []
    assert state["weights"].eq(newest).all()
    assert run.record.status is RunState.INTERRUPTED
    assert [row["step"] for row in run.metrics()][:acknowledged] == list(range(1, acknowledged + 1))
    run.acquire()  # as the next start does
    assert [path.name for path in folder.rglob(".*")] == []
    run.release()
