"""What folders and zips of pictures have in common: which files count, classes by folder, words for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.decode import NO_PICTURE, READS, SUFFIXES

ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"})
SYSTEM_FILES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


class ClassFolders:
    """Labels of pictures by their paths.

    Below the folder that holds everything, each picture must lie in one of at least two folders: these are the classes.
    """

    def __init__(self, paths: Sequence[PurePosixPath]) -> None:
        self._depth = _shared_depth(paths)
        firsts = {path.parts[self._depth] for path in paths if len(path.parts) > self._depth + 1}
        classed = len(firsts) > 1 and all(len(path.parts) > self._depth + 1 for path in paths)
        self.labels: tuple[str, ...] = tuple(sorted(firsts)) if classed else ()
        self._index = {name: index for index, name in enumerate(self.labels)}

    @property
    def kind(self) -> DataKind:
        """Labelled where there are classes."""
        return DataKind.LABELLED if self.labels else DataKind.UNLABELLED

    def label(self, path: PurePosixPath) -> int:
        """The label of the picture at `path`; 0 where there are no classes."""
        return self._index[path.parts[self._depth]] if self.labels else 0


def is_picture_name(path: PurePosixPath) -> bool:
    """Whether a file's name promises a picture."""
    return path.suffix.lower() in SUFFIXES


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a path is one that people do not see: it is neither read nor reported."""
    return any(part.startswith(".") or part.lower() in SYSTEM_FILES for part in path.parts)


def why_left_out(path: PurePosixPath) -> str:
    """The reason to report for a file whose name promises no picture."""
    if not path.suffix:
        return "Its name does not say what it is, as .png or .jpg would."
    return "It is an archive, and is not opened here." if path.suffix.lower() in ARCHIVES else NO_PICTURE


def readable(path: PurePosixPath) -> str:
    """A path as text that can be printed, whatever bytes the file's name is made of."""
    return str(path).encode(errors="surrogateescape").decode(errors="replace")


def no_pictures(name: str) -> StudioError:
    """What to say of a place without pictures."""
    return StudioError(f"There are no pictures in {name}.", READS)


def _shared_depth(paths: Sequence[PurePosixPath]) -> int:
    """How many folders all the paths begin with."""
    if not paths:
        return 0
    first, last = min(path.parent.parts for path in paths), max(path.parent.parts for path in paths)
    return next(
        (depth for depth, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )
