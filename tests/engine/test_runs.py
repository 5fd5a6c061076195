"""Runs on disk: found by name, folder or `latest`; owned by one process; readable when half of them is gone."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from studio.api import StudioError
from studio.engine.atomic import DiskError
from studio.engine.events import RunState
from studio.engine.runs import Change, Run, RunRecord, RunStore

RECORD = RunRecord(model="toy", data="demo:icons", steps=10)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def test_a_run_is_found_by_name_folder_and_latest(store: RunStore) -> None:
    first, second = store.create(RECORD), store.create(RECORD)
    assert first.name != second.name
    assert store.find(first.name).folder == first.folder
    assert store.find(str(first.folder)).folder == first.folder
    assert store.find("latest").folder == second.folder
    assert [run.name for run in store.runs()] == [second.name, first.name]


def test_a_run_that_is_not_there_is_said_with_a_remedy(store: RunStore) -> None:
    with pytest.raises(StudioError, match="no run called nothing.*ganvas runs"):
        store.find("nothing")
    with pytest.raises(StudioError, match="no runs yet.*ganvas train"):
        store.find("latest")


def test_a_half_deleted_run_says_what_is_missing(store: RunStore) -> None:
    run = store.create(RECORD)
    shutil.rmtree(run.folder / "checkpoints")
    with pytest.raises(StudioError, match="no usable checkpoint"):
        Run.load(run.folder).checkpoints.load_newest()
    shutil.rmtree(run.folder / "samples")
    assert Run.load(run.folder).samples() == []
    (run.folder / "run.json").write_text('{"model": "toy", "da')
    with pytest.raises(StudioError, match="damaged"):
        Run.load(run.folder)
    assert store.runs() == []
    (run.folder / "run.json").unlink()
    with pytest.raises(StudioError, match=r"has no run\.json"):
        Run.load(run.folder)


def test_a_run_whose_folder_is_gone_says_so(store: RunStore) -> None:
    run = store.create(RECORD)
    shutil.rmtree(run.folder)
    writes: list[Callable[[], object]] = [
        lambda: run.add_metrics({"step": 1}),
        lambda: run.note("step 1"),
        lambda: run.update(step=1),
        lambda: run.checkpoints.save_arrays(1, {"w": np.ones(2, np.float32)}),
    ]
    for write in writes:
        with pytest.raises(
            DiskError, match=rf"The folder {re.escape(str(run.folder))} is gone, and .* could not be written\. Put it"
        ):
            write()
    assert not run.folder.exists()
    run.release()


def test_a_folder_that_holds_a_run_is_not_overwritten(store: RunStore, tmp_path: Path) -> None:
    store.create(RECORD, str(tmp_path / "mine"))
    with pytest.raises(StudioError, match="a run in .*mine already"):
        store.create(RECORD, str(tmp_path / "mine"))


def test_metrics_survive_a_row_cut_short_and_bytes_gone_bad(store: RunStore) -> None:
    run = store.create(RECORD)
    run.add_metrics({"step": 1, "loss": 0.5})
    run.add_metrics({"step": 2, "loss": 0.25})
    with (run.folder / "metrics.jsonl").open("ab") as file:
        file.write(b"[" * 100_000 + b'\n\xff\xfe\n{"step": 3, "lo')
    assert [row["step"] for row in run.metrics()] == [1, 2]


def test_rewinding_forgets_what_came_later(store: RunStore) -> None:
    run = store.create(RECORD)
    for step in (1, 2, 3):
        run.add_metrics({"step": step})
        run.sample_path(step).write_bytes(b"")
    run.update(changes=(Change(step=3, name="lr", old=1, new=2),))
    run = Run.load(run.folder)
    run.rewind(2)
    assert [row["step"] for row in run.metrics()] == [1, 2]
    assert [step for step, _ in run.samples()] == [1, 2]
    assert run.record.changes == ()


def _hold(folder: Path, ready: multiprocessing.synchronize.Event) -> None:
    run = Run.load(folder)
    run.acquire()
    run.update(status=RunState.TRAINING)
    ready.set()
    multiprocessing.Event().wait()


def test_one_process_owns_a_run_until_it_dies(store: RunStore) -> None:
    run = store.create(RECORD)
    run.release()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    owner = context.Process(target=_hold, args=(run.folder, ready))
    owner.start()
    assert ready.wait(60)
    other = Run.load(run.folder)
    assert other.record.status is RunState.TRAINING
    with pytest.raises(StudioError, match=rf"by another Ganvas \(process {owner.pid} on .+, since \d\d:\d\d\)"):
        other.acquire()
    owner.kill()
    owner.join()
    survivor = Run.load(run.folder)
    assert survivor.record.status is RunState.INTERRUPTED
    survivor.acquire()
    survivor.release()


def test_a_run_that_others_look_at_can_be_taken(store: RunStore) -> None:
    run = store.create(RECORD)
    run.release()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            run.owned_by_another()

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(look)
        try:
            for _ in range(100):
                run.acquire()
                run.release()
        finally:
            done.set()
