"""Every call of the system fails once, in every way, while something is saved: the old one stays, and it is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from studio.api import StudioError
from studio.edit.documents import EditEnvelope, read_envelope, write_envelope
from studio.edit.whole_files import sweep as sweep_documents
from studio.engine import atomic
from studio.engine.checkpoints import CheckpointStore
from studio.engine.runs import Run, RunRecord
from tests.reliability.faulty_disk import Fault, FaultyDisk

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="forks"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


@dataclass(frozen=True)
class Kept:
    """Something that is kept in a folder.

    Attributes:
        save: puts the version of a number there.
        read: the numbers of the versions that are there, whole.
        reopen: what the next start does before anything else.
        replaces: whether a new version takes the place of the old one.
    """

    save: Callable[[Path, int], object]
    read: Callable[[Path], list[int]]
    reopen: Callable[[Path], object]
    replaces: bool = True


def _save_checkpoint(folder: Path, version: int) -> None:
    state = {"weights": torch.full((3000,), float(version)), "version": version}
    CheckpointStore(folder).save(version, state)


def _save_pinned(folder: Path, version: int) -> None:
    _save_checkpoint(folder, version)
    CheckpointStore(folder).pin(version)


def _read_checkpoints(folder: Path) -> list[int]:
    found = []
    for checkpoint in CheckpointStore(folder).all():
        state = checkpoint.load()  # raises where it is torn
        assert state["weights"].eq(state["version"]).all()
        found.append(state["version"])
    return found


def _save_record(folder: Path, version: int) -> None:
    Run(folder, RunRecord(model="toy", data="x" * 5000)).update(step=version)


def _save_metrics(folder: Path, version: int) -> None:
    Run(folder, RunRecord(model="toy", data="")).add_metrics({"step": version, "loss": 0.5, "pad": "x" * 5000})


def _read_metrics(folder: Path) -> list[int]:
    return [row["step"] for row in Run(folder, RunRecord(model="toy", data="")).metrics()]


def _reopen_metrics(folder: Path) -> None:
    run = Run(folder, RunRecord(model="toy", data=""))
    run.update()
    run.rewind(2)


def _save_document(folder: Path, version: int) -> None:
    write_envelope(folder / "latent.json", EditEnvelope("latent", "run", version, {"points": "x" * 5000}))


KINDS = {
    "checkpoint": Kept(
        _save_checkpoint, _read_checkpoints, lambda folder: CheckpointStore(folder).sweep(), replaces=False
    ),
    "pinned checkpoint": Kept(
        _save_pinned, _read_checkpoints, lambda folder: CheckpointStore(folder).sweep(), replaces=False
    ),
    "run.json": Kept(_save_record, lambda folder: [Run.load(folder).record.step], atomic.sweep),
    "metrics": Kept(_save_metrics, _read_metrics, _reopen_metrics, replaces=False),
    "document": Kept(_save_document, lambda folder: [read_envelope(folder / "latent.json").step], sweep_documents),
}


@pytest.fixture(autouse=True)
def small_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several writes a file, although the files are small."""
    monkeypatch.setattr(atomic, "CHUNK", 4096)


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("name", KINDS)
def test_whatever_fails_while_saving_the_old_one_is_there(name: str, fault: Fault, tmp_path: Path) -> None:
    kind = KINDS[name]
    points = _calls(kind, tmp_path / "counted")
    assert points > 3
    for at in range(1, points + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        kind.save(folder, 1)
        disk = FaultyDisk(fault, at)
        saved = _in_a_child(disk, kind, folder) if fault is Fault.EXIT else _saved(disk, kind, folder)
        _check(kind, folder, saved, f"{fault} at call {at} of {points}")


def _calls(kind: Kept, folder: Path) -> int:
    """How many calls a saving makes that replaces another."""
    folder.mkdir()
    kind.save(folder, 1)
    disk = FaultyDisk()
    assert _saved(disk, kind, folder)
    return disk.seen


def _saved(disk: FaultyDisk, kind: Kept, folder: Path) -> bool:
    """Whether saving said that all is well."""
    with disk.mounted():
        try:
            kind.save(folder, 2)
        except StudioError as error:
            told = error
        else:
            return True
    assert "written" in told.message
    assert told.remedy
    return False


def _in_a_child(disk: FaultyDisk, kind: Kept, folder: Path) -> bool:
    child = os.fork()
    if child == 0:
        try:
            with disk.mounted():
                kind.save(folder, 2)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the child should have ended at the call"
    return False


def _check(kind: Kept, folder: Path, saved: bool, what: str) -> None:
    before = kind.read(folder)
    allowed = [[1, 2], [2]] if saved else [[1], [2], [1, 2]]
    assert before in allowed, what
    assert not saved or 2 in before, what
    assert kind.replaces or 1 in before, what
    kind.reopen(folder)
    assert not list(folder.glob(".*")), what
    kind.save(folder, 3)
    assert kind.read(folder)[-1] == 3, what
