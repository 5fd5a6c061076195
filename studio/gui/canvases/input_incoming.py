"""What comes to a canvas from outside: files, folders, a picture from the clipboard, examples of the run's own data.

Runs off the GUI thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.api.data import DataKind, PictureSource, SidedSource
from studio.api.errors import StudioError
from studio.edit.documents import read_envelope
from studio.edit.embedded import Picture
from studio.edit.translation import MOST_INPUTS, TranslationInput, ends

if TYPE_CHECKING:
    from studio.api.data import DatasetSpec

EXAMPLES = 8
SEED = 4
CARRIES = (".png", ".json")


@dataclass(frozen=True)
class Incoming:
    """What was found.

    Attributes:
        inputs: pictures, decoded; at most as many as were wanted.
        more: how many pictures beyond those were not looked at.
        refused: why others cannot be read, a sentence each.
        edit: a saved edit that came in their place.
    """

    inputs: tuple[TranslationInput, ...] = ()
    more: int = 0
    refused: tuple[str, ...] = ()
    edit: Path | None = None


class Reading:
    """How far the reading of files is; told on one thread, looked at and stopped on another.

    Attributes:
        done: files that were opened.
        total: how many there are; 0 while nobody knows.
        stopped: set by whoever has seen enough; what was read until then counts.
    """

    def __init__(self) -> None:
        self.done = self.total = 0
        self.stopped = threading.Event()


def bring_in(paths: Sequence[Path], resolution: int, reading: Reading, most: int = MOST_INPUTS) -> Incoming:
    """At most so many pictures in files, folders and zips, square at `resolution`; or the edit that a file carries."""
    if len(paths) == 1 and _carries_edit(paths[0]):
        return Incoming(edit=paths[0])
    inputs: list[TranslationInput] = []
    refused: list[str] = []
    more = 0
    found = list(_pictures(paths))
    reading.total = min(len(found), most)
    for reading.done, one in enumerate(found):
        if reading.stopped.is_set():
            break
        if isinstance(one, StudioError):
            refused.append(f"{one.message} {one.remedy}".strip())
        elif len(inputs) == most:
            more += 1
        else:
            try:
                inputs.append(TranslationInput(one.name, Picture.of(one.read(resolution))))
            except StudioError as error:
                refused.append(f"{one.name}: {error.message}")
    return Incoming(tuple(inputs), more, tuple(refused))


def pasted(pixels: np.ndarray, resolution: int) -> Incoming:
    """A picture from the clipboard, uint8 (H, W, 3), squared as a file would be."""
    from studio.data.decode import decode

    file = BytesIO()
    Image.fromarray(pixels).save(file, "BMP")
    file.seek(0)
    try:
        picture = Picture.of(decode(file, resolution))
    except StudioError as error:
        return Incoming(refused=(f"The clipboard's picture cannot be read. {error.message}",))
    return Incoming((TranslationInput("Pasted", picture),))


def examples(
    run: str, offered: Sequence[DatasetSpec], directions: Sequence[str], resolution: int
) -> tuple[TranslationInput, ...]:
    """A few pictures of every domain that the run's model translates from, by chance but always the same.

    Raises:
        StudioError: the run's data is not there any more.
    """
    from studio.data.sources import BUILT_IN, open_source
    from studio.engine.runs import Run

    record = Run.load(Path(run)).record
    wanted = DataKind(record.data_info["kind"]) if record.data_info.get("kind") else None
    source = open_source(record.data, (*BUILT_IN, *offered), wanted)
    sides = dict(zip(source.domains, source.sides, strict=True)) if isinstance(source, SidedSource) else {}
    starts = tuple(dict.fromkeys(ends(direction)[0] for direction in directions))
    found: list[TranslationInput] = []
    for domain in starts:
        side = sides.get(domain) if isinstance(source, SidedSource) else source
        found += _some(side, domain, resolution) if side is not None else ()
    return tuple(found)


def _some(side: PictureSource, domain: str, resolution: int) -> Iterator[TranslationInput]:
    count = 0
    for index in np.random.default_rng(SEED).permutation(len(side)):
        if count == EXAMPLES:
            return
        try:
            picture = Picture.of(side.picture(int(index), resolution))
        except StudioError:
            continue
        count += 1
        yield TranslationInput(_short(side.key(int(index))), picture, domain=domain)


@dataclass(frozen=True)
class _Found:
    name: str
    read: Callable[[int], np.ndarray]


def _pictures(paths: Sequence[Path]) -> Iterator[_Found | StudioError]:
    """Every picture, not yet opened; or why a place has none."""
    from studio.data.decode import decode
    from studio.data.file_stack import FileStack
    from studio.data.folder import FolderFiles
    from studio.data.zipped import ZipFiles

    for path in paths:
        if not path.is_dir() and path.suffix.lower() != ".zip":
            yield _Found(_short(path.name), partial(decode, path))
            continue
        try:
            stack = FileStack(FolderFiles(path) if path.is_dir() else ZipFiles(path))
        except StudioError as error:
            yield error
            continue
        for index in range(len(stack)):
            yield _Found(_short(stack.key(index)), partial(stack.picture, index))


def _carries_edit(path: Path) -> bool:
    if path.suffix.lower() not in CARRIES:
        return False
    try:
        read_envelope(path)
    except StudioError:
        return False
    return True


def _short(key: str) -> str:
    return Path(key).stem or key
