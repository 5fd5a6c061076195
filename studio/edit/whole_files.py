"""Files that are there whole or not at all: written beside, flushed to disk, then renamed."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from studio.data.replacing import replaceable

PART = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Puts `content` at `path`; whatever was there stays until the new content is safely on disk.

    Through a link the file is replaced that it leads to.

    Raises:
        OSError: it could not be written, or there is something at `path` that is no file; nothing has changed.
    """
    place = replaceable(path)
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}{PART}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def sweep(folder: Path) -> None:
    """Removes what a crash left half written in `folder`. Only for whoever alone writes there."""
    for leftover in folder.glob(f".*{PART}"):
        with suppress(OSError):
            leftover.unlink()
