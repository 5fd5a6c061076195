"""Where pictures made on the command line go: one picture with all of them, or a folder with one file each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.api.errors import StudioError

if TYPE_CHECKING:
    import numpy as np

FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
MOST_IN_A_GRID = 4096


def is_one_picture(path: Path) -> bool:
    """Whether `--out PATH` means one picture rather than a folder: its suffix says so."""
    return path.suffix.lower() in FORMATS


def check_target(path: Path, count: int) -> None:
    """Finds out beforehand whether `count` pictures can go to `path`.

    Raises:
        StudioError: they cannot.
    """
    if is_one_picture(path):
        if path.is_dir():
            raise StudioError(f"{path} is a folder, and its ending asks for one picture.", "Choose another name.")
        if count > MOST_IN_A_GRID:
            raise StudioError(
                f"{count:,} pictures do not fit into one.", f"Ask for {MOST_IN_A_GRID:,} at most, or name a folder."
            )
    elif path.exists() and not path.is_dir():
        raise StudioError(
            f"{path} is a file, and its ending does not ask for a picture.", f"Name a folder, or {path.stem}.png."
        )


def write_pictures(path: Path, chunks: Iterator[np.ndarray]) -> str:
    """Writes pictures, uint8 (n, H, W, 3) a chunk, and returns a sentence that says what was written.

    Raises:
        StudioError: the disk is full, or may not be written.
    """
    return _write_grid(path, chunks) if is_one_picture(path) else _write_each(path, chunks)


def save(path: Path, picture: np.ndarray) -> None:
    """Writes one picture, uint8 (H, W, 3), atomically, in the format of the file's suffix."""
    from PIL import Image

    from studio.cli.files import write_file

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, FORMATS[path.suffix.lower()])
    write_file(path, buffer.getvalue())


def _write_grid(path: Path, chunks: Iterator[np.ndarray]) -> str:
    import numpy as np

    from studio.engine.pictures import grid

    pictures = np.concatenate(list(chunks))
    existed = path.exists()
    save(path, grid(pictures))
    many = f"{len(pictures)} pictures as one" if len(pictures) > 1 else "1 picture"
    return f"Wrote {many} to {path}{', in place of an older file' if existed else ''}."


def _write_each(path: Path, chunks: Iterator[np.ndarray]) -> str:
    count = replaced = 0
    for chunk in chunks:
        for picture in chunk:
            file = path / f"{count:06}.png"
            replaced += file.exists()
            save(file, picture)
            count += 1
    instead = f", {replaced} of them in place of older files" if replaced else ""
    return f"Wrote {count} {'picture' if count == 1 else 'pictures'} to {path}{instead}."
