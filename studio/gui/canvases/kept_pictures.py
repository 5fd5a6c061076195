"""Pictures with a star, as files beside the run: each a PNG that carries its document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, load_pixels, read_envelope, save_picture
from studio.gui.canvases.history_model import HistoryEntry
from studio.gui.canvases.run_folder import make_edits

NAME = re.compile(r"\d{12}-[0-9a-f]{16}\.png")


def keep(folder: Path, entry: HistoryEntry, envelope: EditEnvelope) -> None:
    """Writes an entry's picture.

    Raises:
        StudioError: it cannot be written.
    """
    make_edits(folder.parent)
    save_picture(folder / entry.name, entry.pixels, envelope)


def let_go(folder: Path, entry: HistoryEntry) -> None:
    """Deletes an entry's picture."""
    (folder / entry.name).unlink(missing_ok=True)


def kept(folder: Path, canvas: str, entry_of: Callable[[EditEnvelope], HistoryEntry]) -> list[HistoryEntry]:
    """The pictures kept on a canvas, newest weights first; one that cannot be read is left out, and left alone.

    Args:
        folder: where they are.
        canvas: the canvas's id.
        entry_of: an entry without its pixels, from what a file carries; raises `StudioError` where it does not fit.
    """
    found = []
    paths = [path for path in folder.glob("*.png") if NAME.fullmatch(path.name)]
    for path in sorted(paths, reverse=True):
        try:
            envelope = read_envelope(path)
            if envelope.canvas == canvas:
                found.append(replace(entry_of(envelope), pixels=load_pixels(path), kept=True))
        except StudioError:
            continue
    return found
