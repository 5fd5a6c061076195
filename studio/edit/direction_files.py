"""Directions that were found once are not looked for again: they are kept beside the run's edits, with their names."""

from __future__ import annotations

import json
from pathlib import Path

from studio.api.errors import StudioError
from studio.edit.directions import Directions
from studio.edit.whole_files import write_whole

MOST_FILES = 8


def store(folder: Path, directions: Directions, label: int | None) -> None:
    """Keeps directions, found with a class, without how far along them a picture is; the newest eight of a run stay.

    Raises:
        OSError: they cannot be written.
    """
    for made in (folder.parent, folder):  # never the run's own folder: it may have been deleted
        made.mkdir(exist_ok=True)
    path = folder / _name(directions.step, label)
    write_whole(path, (json.dumps(directions.reset().to_json()) + "\n").encode())
    files = sorted(folder.glob("step-*.json"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for old in files[MOST_FILES:]:
        old.unlink(missing_ok=True)


def stored(folder: Path, step: int, label: int | None) -> Directions | None:
    """What was kept of the weights of a step, and of a class; None where there is nothing that can be read."""
    try:
        return Directions.from_json(json.loads((folder / _name(step, label)).read_bytes()))
    except (OSError, ValueError, StudioError):
        return None


def _name(step: int, label: int | None) -> str:
    return f"step-{step:012d}{'' if label is None else f'-class-{label}'}.json"
