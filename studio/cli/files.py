"""Files that a person has named."""

from __future__ import annotations

from pathlib import Path

from studio.engine.atomic import disk_errors, write_atomically


def write_file(path: Path, content: bytes) -> None:
    """Writes a file atomically, and the folders above it where they are missing.

    Raises:
        DiskError: it cannot be written there, and why.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, [content])
