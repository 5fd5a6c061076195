"""kill -9 of a window in the middle of editing: what is kept is whole and seconds old, and the next window goes on."""

from __future__ import annotations

import itertools
import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from pytestqt.qtbot import QtBot

from studio.edit.documents import EditEnvelope
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.gui.canvases import autosave
from studio.gui.canvases.autosave import Autosave, read_kept
from studio.gui.event_pump import EventPump
from studio.gui.jobs import Jobs
from studio.gui.studio import Studio

LONGEST_SECONDS = 0.3  # the window's ten seconds, in small
WRITING_SECONDS = 10.0  # a machine may be very busy; what is promised leaves a minute
EDIT_EVERY_MS = 3
PADDING = "x" * 50_000


def _edit(number: int) -> EditEnvelope:
    return EditEnvelope("latent", "run", 1, {"number": number, "padding": PADDING})


def _edit_for_ever(home: Path, path: Path, tell: Connection[Any, Any]) -> None:
    """A hand that never rests."""
    autosave.LONGEST_SECONDS = LONGEST_SECONDS
    app = QCoreApplication([])
    settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
    studio = Studio(PluginHost.of({}), RunStore(home), None, EventPump(list), Jobs(), settings)  # type: ignore[arg-type]
    saving, numbers, hand = Autosave(studio, path), itertools.count(1), QTimer()

    def edit() -> None:
        number = next(numbers)
        saving.save(_edit(number))
        tell.send((number, time.monotonic()))

    hand.timeout.connect(edit)
    hand.start(EDIT_EVERY_MS)
    app.exec()


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_while_a_hand_edits_loses_moments_and_nothing_that_was_kept(
    kills: int, studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    chance = random.Random(kills)
    lost = []
    for number in range(kills):
        run = tmp_path / str(number)
        run.mkdir()
        path = run / "edits" / "latent.json"
        lost.append(_seconds_lost(path, 3.0 * (number + chance.random()) / kills, kept=number == kills - 1))
        _go_on(studio, path, qtbot)
    print(f"at most {max(lost):.2f} s of edits lost")
    assert max(lost) < LONGEST_SECONDS + WRITING_SECONDS


def _seconds_lost(path: Path, after: float, *, kept: bool) -> float:
    """Kills a window; the time from the first edit that is lost to its death.

    Args:
        path: what it writes.
        after: how many seconds after its first edit it is killed.
        kept: not before something is kept, which may take as long as what may be lost.
    """
    context = multiprocessing.get_context("spawn")
    heard, tell = context.Pipe(duplex=False)
    window = context.Process(target=_edit_for_ever, args=(path.parents[1], path, tell))
    window.start()
    tell.close()
    told = dict([heard.recv()])
    begun = time.monotonic()
    try:
        while time.monotonic() < begun + after or (kept and not path.exists()):
            told |= dict([heard.recv()])
            assert time.monotonic() < begun + LONGEST_SECONDS + WRITING_SECONDS, "nothing is ever kept"
    finally:
        window.kill()
        window.join()
    died = time.monotonic()
    try:
        while True:
            told |= dict([heard.recv()])
    except (EOFError, OSError):
        heard.close()
    found = read_kept(path)
    assert found is not None or not path.exists(), "it was torn"
    newest = 0 if found is None else found.document["number"]
    return max((died - moment for number, moment in told.items() if number > newest), default=0.0)


def _go_on(studio: Studio, path: Path, qtbot: QtBot) -> None:
    """As the next window does."""
    saving = Autosave(studio, path)
    saving.save(_edit(10**9))
    qtbot.waitUntil(lambda: (kept := read_kept(path)) is not None and kept.document["number"] == 10**9)
    assert saving.refusals == 0
    assert list(path.parent.glob(".*")) == []
    saving.close()
