"""What folders and zips of pictures have in common: classes by first folder, and words for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.decode import READS, SUFFIXES


class ClassFolders:
    """Labels of pictures by their paths: the first folder, where every picture lies in one of at least two."""

    def __init__(self, paths: Sequence[PurePosixPath]) -> None:
        firsts = sorted({path.parts[0] for path in paths if len(path.parts) > 1})
        classed = len(firsts) > 1 and all(len(path.parts) > 1 for path in paths)
        self.labels: tuple[str, ...] = tuple(firsts) if classed else ()
        self._index = {name: index for index, name in enumerate(self.labels)}

    @property
    def kind(self) -> DataKind:
        """Labelled where there are classes."""
        return DataKind.LABELLED if self.labels else DataKind.UNLABELLED

    def label(self, path: PurePosixPath) -> int:
        """The label of the picture at `path`; 0 where there are no classes."""
        return self._index[path.parts[0]] if self.labels else 0


def is_picture_name(path: PurePosixPath) -> bool:
    """Whether a file's name promises a picture. What a system keeps for itself does not count."""
    return path.suffix.lower() in SUFFIXES and not is_hidden(path)


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a path is one that people do not see."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def no_pictures(name: str) -> StudioError:
    """What to say of a place without pictures."""
    return StudioError(f"There are no pictures in {name}.", READS)
