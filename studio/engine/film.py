"""Films: what can become one, which kinds there are, and how many times larger a small picture is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from studio.api.errors import StudioError
from studio.engine.film_writers import FilmWriter, FrameFolder, GifFile, Mp4File

if TYPE_CHECKING:
    from studio.api.canvas import RenderRequest
    from studio.api.model import GanModel

AT_ONCE = 4
GIF_FPS = 50

_WRITERS: Mapping[str, type[FilmWriter]] = {".mp4": Mp4File, ".gif": GifFile}
_WATCHABLE = {".mp4": 512, ".gif": 256}
_OTHERS = (".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".apng")


@runtime_checkable
class FilmDocument(Protocol):
    """A document whose pictures make a film.

    Attributes:
        fps: frames a second.
        frame_count: how many frames there are.
        loop: whether the last frame leads back to the first.
    """

    @property
    def fps(self) -> int: ...

    @property
    def frame_count(self) -> int: ...

    @property
    def loop(self) -> bool: ...

    def film(self, model: GanModel, first: int, stop: int) -> RenderRequest:
        """The request for frames `first` to `stop` - 1, which look the same whatever others are asked for."""
        ...

    def still(self, index: int) -> Self:
        """The document whose picture is that frame."""
        ...

    def to_json(self) -> Mapping[str, Any]:
        """JSON-ready values."""
        ...


def stretches(document: FilmDocument) -> Iterator[tuple[int, int]]:
    """A film's frames, a few at a time: the first, and one past the last."""
    count = document.frame_count
    return ((first, min(first + AT_ONCE, count)) for first in range(0, count, AT_ONCE))


def is_film_file(path: Path) -> bool:
    """Whether a path's ending asks for a film in one file."""
    return path.suffix.lower() in _WRITERS


def watchable_scale(path: Path, resolution: int) -> int:
    """How many whole times larger pictures of that many pixels should be, for a film that one can watch.

    As large as fits into 512 pixels for MP4 and 256 for GIF; frames in a folder are left as they are.
    """
    return max(1, _WATCHABLE.get(path.suffix.lower(), 0) // resolution)


def film_writer(path: Path, fps: int, *, scale: int = 1, loop: bool = True) -> FilmWriter:
    """What writes a film to `path`: MP4 or GIF by its ending, a folder of PNGs otherwise.

    Raises:
        StudioError: it cannot be written there, or what writes it is not installed.
    """
    suffix = path.suffix.lower()
    if suffix in _OTHERS:
        raise StudioError(
            f"{path.name} is no kind of film that Ganvas writes.", "Use .mp4 or .gif, or name a folder for PNG frames."
        )
    if suffix == ".gif" and fps > GIF_FPS:
        raise StudioError(
            f"A GIF shows at most {GIF_FPS} frames a second, and this film has {fps}.",
            f"Set {GIF_FPS} or fewer, or write an MP4.",
        )
    return _WRITERS.get(suffix, FrameFolder)(path, fps, scale=scale, loop=loop)
