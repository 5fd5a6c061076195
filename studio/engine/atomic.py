"""Files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from studio.api.errors import StudioError
from studio.data.replacing import NoFileError, replaceable

CHUNK = 8 * 1024 * 1024
TEMPORARY = ".part"

# A file where a folder should be is EEXIST to whoever makes folders, and ENOTDIR to whoever opens files.
_NOT_HERE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENOENT,
    errno.EEXIST,
)


class DiskError(StudioError):
    """The disk is full, or may not be written."""


class DiskFullError(DiskError):
    """There is no room left. Once there is, what failed can be done again."""


def write_atomically(path: Path, chunks: Iterable[bytes | memoryview]) -> None:
    """Writes beside, flushes to the disk, then renames over `path`; a crash leaves the old file or the new one.

    Through a link the file is replaced that it leads to.

    Raises:
        DiskError: the disk is full or read-only, or there is something at `path` that is no file.
    """
    with disk_errors(path):
        place = replaceable(path)
        temporary = place.with_name(f".{place.name}.{os.getpid()}{TEMPORARY}")
        temporary.unlink(missing_ok=True)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                for chunk in chunks:
                    _write_all(descriptor, memoryview(chunk).cast("B"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(place.parent)


def append_line(path: Path, text: str) -> None:
    """Adds a line to a file that only grows: the whole line, or nothing where that cannot be. A crash may cut it short.

    Raises:
        DiskError: the disk is full or read-only.
    """
    with disk_errors(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            before = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, memoryview(f"{text}\n".encode()))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, before)
                raise
        finally:
            os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Writes `value` as indented JSON, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    write_atomically(path, [f"{text}\n".encode()])


def sync_folder(folder: Path) -> None:
    """Makes renames in `folder` survive a power cut, where the system has a way."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def need_space(folder: Path, size: int) -> None:
    """Checks that twice `size` bytes are free, before anything is written.

    Raises:
        DiskFullError: they are not.
    """
    free = shutil.disk_usage(folder).free
    if free < 2 * size:
        megabytes = f"{free / 1e6:,.0f} MB are free, {2 * size / 1e6:,.0f} MB are needed"
        raise DiskFullError(f"The disk that holds {folder} is full: {megabytes}.", "Free some space, then go on.")


def sweep(folder: Path) -> None:
    """Removes what a crash left half written in `folder`."""
    for leftover in folder.glob(f".*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            leftover.unlink()


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns what a disk says into a sentence.

    Raises:
        DiskError: no space left, no permission, a read-only disk, one that fails, a folder that is gone, or
            something there that is no file.
    """
    try:
        yield
    except NoFileError as error:
        raise DiskError(f"{path} cannot be written: {error.strerror}.", "Choose another name.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFullError(
                f"The disk is full: {path} could not be written.", "Free some space, then go on."
            ) from error
        if error.errno == errno.ENOENT and not path.parent.exists():
            message = f"The folder {path.parent} is gone, and {path.name} could not be written."
            raise DiskError(message, "Put it back, or begin in another folder.") from error
        if error.errno in _NOT_HERE:
            raise DiskError(f"{path} may not be written.", "Choose a folder that you may write to.") from error
        raise DiskError(
            f"{path} could not be written: {error.strerror or error}.", "Look after the disk, then go on."
        ) from error


def _write_all(descriptor: int, data: memoryview) -> None:
    for start in range(0, len(data), CHUNK):
        chunk = data[start : start + CHUNK]
        while chunk:
            chunk = chunk[os.write(descriptor, chunk) :]
