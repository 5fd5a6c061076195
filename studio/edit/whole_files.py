"""Files that are there whole or not at all: written beside, flushed to disk, then renamed."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

PART = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Puts `content` at `path`; whatever was there stays until the new content is safely on disk.

    Raises:
        OSError: it could not be written; nothing has changed.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def sweep(folder: Path) -> None:
    """Removes what a crash left half written in `folder`. Only for whoever alone writes there."""
    for leftover in folder.glob(f".*{PART}"):
        with suppress(OSError):
            leftover.unlink()
