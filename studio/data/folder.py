"""A folder of pictures."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from studio.api.data import DataKind
from studio.api.errors import StudioError

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif"}


class FolderSource:
    """Every picture in a folder and the folders below it."""

    kind = DataKind.UNLABELLED
    labels: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._folder = folder
        self._files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
        if not self._files:
            raise StudioError(f"There are no pictures in {folder}.", "Ganvas reads PNG, JPEG, WebP, BMP, TIFF and GIF.")

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in self._files:
            stat = path.stat()
            digest.update(f"{path.relative_to(self._folder)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._files)

    def key(self, index: int) -> str:
        return str(self._files[index].relative_to(self._folder))

    def label(self, index: int) -> int:
        return 0

    def picture(self, index: int, resolution: int) -> np.ndarray:
        try:
            with Image.open(self._files[index]) as image:
                return np.asarray(image.convert("RGB").resize((resolution, resolution)))
        except OSError as error:
            raise StudioError(f"It cannot be read: {error}.") from error
