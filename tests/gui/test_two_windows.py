"""Two windows on one run: the one that changed something first keeps it, the other is told who that is."""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope
from studio.edit.latent import LatentDocument
from studio.engine.ownership import Ownership
from studio.gui.canvases import autosave
from studio.gui.canvases.autosave import Autosave, read_kept
from studio.gui.canvases.history_model import HistoryEntry
from studio.gui.canvases.kept_pictures import keep
from studio.gui.studio import Studio


def _hold(lock: Path, ready: multiprocessing.synchronize.Event) -> None:
    ownership = Ownership(lock, shared=True)
    ownership.take("", "")
    ready.set()
    multiprocessing.Event().wait()


@pytest.fixture
def other_window(tmp_path: Path) -> Iterator[multiprocessing.process.BaseProcess]:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "edits.lock", ready))
    other.start()
    assert ready.wait(60)
    yield other
    other.kill()
    other.join()


def _edit(seed: int) -> EditEnvelope:
    return EditEnvelope("latent", "run", 1, {"seed": seed})


def test_the_second_window_keeps_nothing_names_the_first_and_takes_over_when_it_was_killed(
    studio: Studio,
    other_window: multiprocessing.process.BaseProcess,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(autosave, "REST_MS", 1)
    told: list[tuple[str, ...]] = []
    studio.noticed.connect(lambda *words: told.append(words))
    saving = Autosave(studio, tmp_path / "edits" / "latent.json")
    saving.save(_edit(1))
    qtbot.waitUntil(lambda: saving.refusals == 1)
    assert f"is being changed in another Ganvas (process {other_window.pid} on " in told[0][0]
    assert told[0][1] == "Changes here are not kept until it is closed there."
    assert not saving.path.exists()
    other_window.kill()
    other_window.join()
    saving.save(_edit(2))
    qtbot.waitUntil(saving.path.exists)
    kept = read_kept(saving.path)
    assert kept is not None
    assert kept.document == {"seed": 2}
    saving.close()
    assert not Ownership(tmp_path / "edits.lock").taken()


def test_canvases_of_one_window_share_a_run(studio: Studio, tmp_path: Path) -> None:
    first, second = (Autosave(studio, tmp_path / "edits" / name) for name in ("latent.json", "mixing.json"))
    for saving in (first, second):
        saving.save(_edit(1))
        saving.flush()
        assert saving.path.exists()
    first.close()
    assert Ownership(tmp_path / "edits.lock").taken()
    second.close()
    assert not Ownership(tmp_path / "edits.lock").taken()


def test_a_hand_that_never_rests_is_kept_too(
    studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "REST_MS", 60_000)
    monkeypatch.setattr(autosave, "LONGEST_SECONDS", 0.0)
    saving = Autosave(studio, tmp_path / "edits" / "latent.json")
    saving.save(_edit(1))
    qtbot.waitUntil(saving.path.exists)
    saving.close()


def test_what_a_crash_left_half_written_is_swept(studio: Studio, tmp_path: Path) -> None:
    leftover = tmp_path / "edits" / ".latent.json.0123abcd.part"
    leftover.parent.mkdir()
    leftover.write_text("{")
    saving = Autosave(studio, tmp_path / "edits" / "latent.json")
    saving.save(_edit(1))
    saving.close()
    assert [path.name for path in leftover.parent.iterdir()] == ["latent.json"]


def test_a_run_that_was_deleted_or_renamed_is_not_made_anew(
    studio: Studio, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "REST_MS", 1)
    run, elsewhere = tmp_path / "run", tmp_path / "renamed"
    starred = HistoryEntry(LatentDocument(), b"", "Seed 0", np.zeros((2, 2, 3), np.uint8), 1)
    run.mkdir()
    saving = Autosave(studio, run / "edits" / "latent.json")
    saving.save(_edit(1))
    qtbot.waitUntil(saving.path.exists)
    run.rename(elsewhere)
    with qtbot.waitSignal(studio.noticed) as told:
        saving.save(_edit(2))
    assert "The run run is not where it was." in told.args[0]
    with pytest.raises(StudioError, match="not where it was"):
        keep(run / "edits" / "kept", starred, _edit(2))
    assert not run.exists()
    elsewhere.rename(run)
    saving.save(_edit(3))
    saving.close()
    kept = read_kept(saving.path)
    assert kept is not None
    assert kept.document == {"seed": 3}
