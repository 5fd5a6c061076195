"""The files in a folder and below."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

from studio.api.errors import StudioError
from studio.data.files import is_hidden, readable
from studio.data.skipped import Skipped


class FolderFiles:
    """Every file in a folder and below. Links are followed, each folder once."""

    def __init__(self, folder: Path, only: str = "") -> None:
        """Lists the folder; or takes one file in it, by name, and looks at nothing else.

        Raises:
            StudioError: it may not be opened.
        """
        self._folder = folder
        self._paths, self._closed = ([PurePosixPath(only)], ()) if only else _listed(folder)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self._folder.resolve().name

    @property
    def title(self) -> str:
        """The folder's name with a slash."""
        return f"{self.name}/" if self.name else str(self._folder)

    @property
    def paths(self) -> list[PurePosixPath]:
        """The files, sorted."""
        return self._paths

    @property
    def closed(self) -> tuple[Skipped, ...]:
        """Folders that may not be opened."""
        return self._closed

    def told(self, path: PurePosixPath) -> str:
        """The file's size and time of change, and whether it may not be read: a later look at it is a new one."""
        place = self._folder / path
        try:
            facts = place.stat()
        except OSError:
            return "gone"
        closed = "" if os.access(place, os.R_OK) else "\0closed"
        return f"{facts.st_size}\0{facts.st_mtime_ns}{closed}"

    def open(self, path: PurePosixPath) -> Path:
        """The file's own path."""
        place = self._folder / path
        try:
            mode = place.stat().st_mode
        except OSError as error:
            raise StudioError("It is no longer there, or may not be read.") from error
        if not stat.S_ISREG(mode):
            raise StudioError("It is not a file.")  # opening a pipe would wait for ever
        return place


def _listed(folder: Path) -> tuple[list[PurePosixPath], tuple[Skipped, ...]]:
    """The files below a folder, and the folders that may not be opened."""
    paths: list[PurePosixPath] = []
    closed: list[Skipped] = []
    seen: set[tuple[int, int]] = set()

    def refused(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise StudioError(f"{folder} may not be opened.", "Choose a folder that you may read.") from error
        closed.append(Skipped(readable(_below(folder, error.filename)), "It is a folder that may not be opened."))

    for place, folders, files in os.walk(folder, onerror=refused, followlinks=True):
        try:
            facts = Path(place).stat()
        except OSError as error:
            refused(error)
            continue
        if (facts.st_dev, facts.st_ino) in seen:
            folders.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        below = _below(folder, place)
        folders[:] = sorted(name for name in folders if not is_hidden(PurePosixPath(name)))
        paths += [below / name for name in files if not is_hidden(PurePosixPath(name))]
    return sorted(paths), tuple(closed)


def _below(folder: Path, place: str) -> PurePosixPath:
    return PurePosixPath(Path(place).relative_to(folder).as_posix())
