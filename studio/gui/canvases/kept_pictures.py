"""Pictures with a star, as files beside the run: each a PNG that carries its document."""

from __future__ import annotations

import re
from pathlib import Path

from studio.api.capabilities import LatentSpace
from studio.api.errors import StudioError
from studio.edit.documents import EditEnvelope, load_pixels, read_envelope, save_picture
from studio.edit.latent import LatentDocument
from studio.gui.canvases.history_model import HistoryEntry

NAME = re.compile(r"\d{12}-[0-9a-f]{16}\.png")


def look(document: LatentDocument, space: LatentSpace) -> bytes:
    """All of a document that decides its picture.

    Raises:
        StudioError: it was made with a model of another z.
    """
    return document.z(space).tobytes() + repr((document.psi, document.label)).encode()


def keep(folder: Path, entry: HistoryEntry, envelope: EditEnvelope) -> None:
    """Writes an entry's picture.

    Raises:
        StudioError: it cannot be written.
    """
    save_picture(folder / entry.name, entry.pixels, envelope)


def let_go(folder: Path, entry: HistoryEntry) -> None:
    """Deletes an entry's picture."""
    (folder / entry.name).unlink(missing_ok=True)


def kept(folder: Path, space: LatentSpace) -> list[HistoryEntry]:
    """The pictures that were kept, newest weights first; one that cannot be read is left out, and left alone."""
    found = []
    paths = [path for path in folder.glob("*.png") if NAME.fullmatch(path.name)]
    for path in sorted(paths, reverse=True):
        try:
            envelope = read_envelope(path)
            document = LatentDocument.from_json(envelope.document)
            found.append(HistoryEntry(document, look(document, space), load_pixels(path), envelope.step, kept=True))
        except StudioError:
            continue
    return found
