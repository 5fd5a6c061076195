"""A folder of pictures, with the folders below it."""

from __future__ import annotations

import hashlib
import os
import stat
from functools import cached_property
from pathlib import Path, PurePosixPath

import numpy as np

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.decode import decode, original_size
from studio.data.files import ClassFolders, is_hidden, is_picture_name, no_pictures, readable, why_left_out
from studio.data.skipped import Skipped


class FolderSource:
    """Every picture in a folder and below, in the order of their paths. Links are followed, each folder once.

    Where all lie in at least two subfolders, these are the classes.
    """

    def __init__(self, folder: Path) -> None:
        """Lists the folder.

        Raises:
            StudioError: it may not be opened, or holds no pictures.
        """
        self._folder = folder
        self._paths, self._left_out = _listed(folder)
        if not self._paths:
            raise no_pictures(f"{self.name}/" if self.name else str(folder))
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
    def left_out(self) -> tuple[Skipped, ...]:
        """Files whose names promise no picture, and folders that may not be opened."""
        return self._left_out

    @cached_property
    def fingerprint(self) -> str:
        """Of every path, size and time of change."""
        digest = hashlib.sha256()
        for path in self._paths:
            try:
                facts = (self._folder / path).stat()
                told = f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
            except OSError:
                told = f"{path}\0gone\n"
            digest.update(told.encode(errors="surrogateescape"))
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._paths)

    def key(self, index: int) -> str:
        """The picture's path below the folder."""
        return readable(self._paths[index])

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


def _listed(folder: Path) -> tuple[list[PurePosixPath], tuple[Skipped, ...]]:
    """The pictures below a folder, by name, and what else is there."""
    pictures: list[PurePosixPath] = []
    left_out: list[Skipped] = []
    seen: set[tuple[int, int]] = set()

    def closed(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise StudioError(f"{folder} may not be opened.", "Choose a folder that you may read.") from error
        left_out.append(Skipped(readable(_below(folder, error.filename)), "It is a folder that may not be opened."))

    for place, folders, files in os.walk(folder, onerror=closed, followlinks=True):
        facts = Path(place).stat()
        if (facts.st_dev, facts.st_ino) in seen:
            folders.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        below = _below(folder, place)
        folders[:] = sorted(name for name in folders if not is_hidden(PurePosixPath(name)))
        for path in (below / name for name in files if not is_hidden(PurePosixPath(name))):
            if is_picture_name(path):
                pictures.append(path)
            else:
                left_out.append(Skipped(readable(path), why_left_out(path)))
    return sorted(pictures), tuple(sorted(left_out, key=lambda skipped: skipped.file))


def _below(folder: Path, place: str) -> PurePosixPath:
    return PurePosixPath(Path(place).relative_to(folder).as_posix())
