"""What folders and zips have in common: files by name, which of them count, words for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from studio.api.errors import StudioError
from studio.data.decode import NO_PICTURE, READS, SUFFIXES
from studio.data.skipped import Skipped

ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"})
SYSTEM_FILES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


class Files(Protocol):
    """A place with files in it: a folder, or a zip."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def title(self) -> str:
        """How its name is written where it is reported: `kites/`, `kites.zip`."""
        ...

    @property
    def paths(self) -> Sequence[PurePosixPath]:
        """Every file that people see, below the place, sorted."""
        ...

    @property
    def closed(self) -> tuple[Skipped, ...]:
        """What could not be looked into."""
        ...

    def open(self, path: PurePosixPath) -> Path | IO[bytes]:
        """What to read the file from.

        Raises:
            StudioError: it cannot be read; the message is the reason.
        """
        ...

    def told(self, path: PurePosixPath) -> str:
        """A text that changes when the file does."""
        ...


def is_picture_name(path: PurePosixPath) -> bool:
    """Whether a file's name promises a picture."""
    return path.suffix.lower() in SUFFIXES


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a path is one that people do not see: it is neither read nor reported."""
    return any(part.startswith(".") or part.lower() in SYSTEM_FILES for part in path.parts)


def left_out(files: Files, used: Sequence[PurePosixPath] = ()) -> tuple[Skipped, ...]:
    """What in a place is neither a picture nor in `used`, and why."""
    known = frozenset(used)
    odd = (path for path in files.paths if not is_picture_name(path) and path not in known)
    found = [*files.closed, *(Skipped(readable(path), _why(path)) for path in odd)]
    return tuple(sorted(found, key=lambda skipped: skipped.file))


def readable(path: PurePosixPath) -> str:
    """A path as text that can be printed, whatever bytes the file's name is made of."""
    return str(path).encode(errors="surrogateescape").decode(errors="replace")


def no_pictures(title: str) -> StudioError:
    """What to say of a place without pictures."""
    return StudioError(f"There are no pictures in {title}.", READS)


def shared_depth(paths: Sequence[PurePosixPath]) -> int:
    """How many folders all the paths begin with."""
    if not paths:
        return 0
    first, last = min(path.parent.parts for path in paths), max(path.parent.parts for path in paths)
    return next(
        (depth for depth, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )


def _why(path: PurePosixPath) -> str:
    if not path.suffix:
        return "Its name does not say what it is, as .png or .jpg would."
    return "It is an archive, and is not opened here." if path.suffix.lower() in ARCHIVES else NO_PICTURE
