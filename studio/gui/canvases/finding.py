"""Edits on disk and the runs that they belong to. Runs off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, read_envelope
from studio.engine.starters import find_run
from studio.gui.canvases.autosave import read_kept
from studio.gui.canvases.place import edit_path

if TYPE_CHECKING:
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore


@dataclass(frozen=True)
class Found:
    """An edit, and the folder of the run that it was made with; empty where that run is not here."""

    envelope: EditEnvelope
    folder: str


def what_is_in(path: Path, store: RunStore, host: PluginHost) -> Found:
    """The edit in a file, and its run.

    Raises:
        StudioError: there is no edit in it.
    """
    return run_of(read_envelope(path), store, host)


def run_of(envelope: EditEnvelope, store: RunStore, host: PluginHost) -> Found:
    """An edit's run, looked for by its name among the runs of this home; a starter model's is made where it is not."""
    if not envelope.run or Path(envelope.run).name != envelope.run:
        return Found(envelope, "")
    try:
        return Found(envelope, str(find_run(store, lambda: host, envelope.run).folder))
    except StudioError:
        return Found(envelope, "")


def kept_documents(run: str, canvases: Iterable[str]) -> dict[str, EditEnvelope]:
    """What was on each canvas when the run was last open, by canvas id."""
    found = {canvas: read_kept(edit_path(run, canvas)) for canvas in canvases}
    return {canvas: envelope for canvas, envelope in found.items() if envelope is not None}
