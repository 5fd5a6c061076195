"""Pictures in files: a stack of those in one place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np

from studio.api.data import DataKind
from studio.data.decode import Part, decode, original_size
from studio.data.files import Files, is_picture_name, left_out, no_pictures, readable, shared_depth
from studio.data.skipped import Skipped


class FileStack:
    """Pictures of a folder or a zip, in the order of their paths."""

    def __init__(
        self, files: Files, paths: Sequence[PurePosixPath] | None = None, part: Part = Part.MIDDLE, *, name: str = ""
    ) -> None:
        """Takes the pictures without opening one.

        Args:
            files: where they are.
            paths: which; every picture where None. These may be classes, see `ClassFolders`.
            part: which part of each picture is used.
            name: what a person calls them; as the place where empty.

        Raises:
            StudioError: there are none.
        """
        self._files = files
        self._paths = [path for path in files.paths if is_picture_name(path)] if paths is None else list(paths)
        if not self._paths:
            raise no_pictures(files.title)
        self._part = part
        self._name = name or files.name
        self._classes = ClassFolders(self._paths if paths is None else ())
        self._whole = paths is None

    @property
    def name(self) -> str:
        """The place's name."""
        return self._name

    @property
    def kind(self) -> DataKind:
        """Labelled where there are class folders."""
        return DataKind.LABELLED if self.labels else DataKind.UNLABELLED

    @property
    def labels(self) -> tuple[str, ...]:
        """The class folders."""
        return self._classes.labels

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """Files whose names promise no picture, and what cannot be looked into; of a whole place."""
        return left_out(self._files) if self._whole else ()

    @cached_property
    def fingerprint(self) -> str:
        """Of every path and of what tells that a file has changed."""
        digest = hashlib.sha256(f"{self._part}\n".encode() if self._part is not Part.MIDDLE else b"")
        for path in self._paths:
            digest.update(f"{path}\0{self._files.told(path)}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._paths)

    def key(self, index: int) -> str:
        """The picture's path below the place."""
        return readable(self._paths[index])

    def label(self, index: int) -> int:
        """The picture's class."""
        return self._classes.label(self._paths[index])

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """The picture, decoded; see `studio.data.decode.decode`."""
        return decode(self._files.open(self._paths[index]), resolution, self._part)

    def size(self, index: int) -> tuple[int, int]:
        """Width and height of the file's picture."""
        return original_size(self._files.open(self._paths[index]))


class ClassFolders:
    """Labels of pictures by their paths.

    Below the folder that holds everything, each picture must lie in one of at least two folders: these are the classes.
    """

    def __init__(self, paths: Sequence[PurePosixPath]) -> None:
        self._depth = shared_depth(paths)
        firsts = {path.parts[self._depth] for path in paths if len(path.parts) > self._depth + 1}
        classed = len(firsts) > 1 and all(len(path.parts) > self._depth + 1 for path in paths)
        self.labels: tuple[str, ...] = tuple(sorted(firsts)) if classed else ()
        self._index = {name: index for index, name in enumerate(self.labels)}

    def label(self, path: PurePosixPath) -> int:
        """The label of the picture at `path`; 0 where there are no classes."""
        return self._index[path.parts[self._depth]] if self.labels else 0
