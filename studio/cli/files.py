"""Files that a person has named."""

from __future__ import annotations

from pathlib import Path

from studio.api.errors import StudioError
from studio.engine.atomic import disk_errors, write_atomically


def write_file(path: Path, content: bytes) -> None:
    """Writes a file atomically, and the folders above it where they are missing.

    Raises:
        StudioError: it cannot be written there, and why.
    """
    try:
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, [content])
    except OSError as error:
        raise StudioError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
