"""A folder of pictures, with the folders below it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.decode import decode, original_size
from studio.data.files import ClassFolders, is_hidden, is_picture_name, no_pictures


class FolderSource:
    """Every picture in a folder and below, in the order of their paths. Links are followed, each folder once.

    Where all lie in at least two subfolders, these are the classes.
    """

    def __init__(self, folder: Path) -> None:
        """Lists the folder.

        Raises:
            StudioError: it holds no pictures.
        """
        self._folder = folder
        self._paths = sorted(set(_pictures(folder)))
        if not self._paths:
            raise no_pictures(f"{folder.name}/" if folder.name else str(folder))
        self._classes = ClassFolders(self._paths)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self._folder.resolve().name

    @property
    def kind(self) -> DataKind:
        """Labelled where there are class folders."""
        return self._classes.kind

    @property
    def labels(self) -> tuple[str, ...]:
        """The class folders."""
        return self._classes.labels

    @property
    def fingerprint(self) -> str:
        """Of every path, size and time of change."""
        digest = hashlib.sha256()
        for path in self._paths:
            try:
                facts = (self._folder / path).stat()
                digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode(errors="surrogateescape"))
            except OSError:
                digest.update(f"{path}\0gone\n".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._paths)

    def key(self, index: int) -> str:
        """The picture's path below the folder."""
        return str(self._paths[index])

    def label(self, index: int) -> int:
        """The picture's class."""
        return self._classes.label(self._paths[index])

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """The picture, decoded; see `studio.data.decode.decode`."""
        return decode(self._regular_file(index), resolution)

    def size(self, index: int) -> tuple[int, int]:
        """Width and height of the file's picture."""
        return original_size(self._regular_file(index))

    def _regular_file(self, index: int) -> Path:
        path = self._folder / self._paths[index]
        try:
            mode = path.stat().st_mode
        except OSError as error:
            raise StudioError("It is no longer there, or may not be read.") from error
        if not stat.S_ISREG(mode):
            raise StudioError("It is not a file.")  # opening a pipe would wait for ever
        return path


def _pictures(folder: Path) -> Iterator[PurePosixPath]:
    seen: set[tuple[int, int]] = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        facts = Path(place).stat()
        if (facts.st_dev, facts.st_ino) in seen:
            folders.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        below = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders[:] = sorted(name for name in folders if not is_hidden(PurePosixPath(name)))
        yield from (below / name for name in files if is_picture_name(PurePosixPath(name)))
