"""Decodes every picture once, at the resolution of training, into a memory-mapped file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from studio.api.data import PictureSource
from studio.api.errors import StudioError
from studio.data.parallel import in_order
from studio.data.progress import Paced, Progress
from studio.data.skipped import Skipped

TRANSFORM = 4
KEEP_BYTES = 20 * 1024**3
LEFTOVER_SECONDS = 24 * 3600


class Cancelled(Exception):  # noqa: N818 - a wish, not an error
    """A person changed their mind."""


@dataclass(frozen=True)
class Stack:
    """Decoded pictures of one source.

    Attributes:
        pictures: uint8 (N, H, W, 3), memory-mapped.
        kept: int64 (N,), which pictures of the source these are; the others could not be read.
        labels: int64 (N,).
        skipped: what could not be read.
    """

    pictures: np.ndarray
    kept: np.ndarray
    labels: np.ndarray
    skipped: tuple[Skipped, ...]


def decoded(
    source: PictureSource,
    resolution: int,
    cache_dir: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Stack:
    """The source's pictures at one resolution, from the cache where they are in it.

    Raises:
        StudioError: not one picture can be read, or the disk is full.
        Cancelled: `cancelled` said so; nothing is left behind.
    """
    entry = _Entry.of(source, resolution, cache_dir)
    about = entry.about()
    if about is None:
        filling = _Filling(source, resolution, progress, cancelled)
        with _disk_errors(entry, len(source), resolution):
            about = filling.fill(entry)
        prune(cache_dir, KEEP_BYTES, spare=entry.pictures)
    entry.touch()
    return _stack(entry, resolution, about)


def prune(cache_dir: Path, keep_bytes: int, spare: Path | None = None) -> None:
    """Deletes what was not used for longest until at most `keep_bytes` are left, and what a crash left unfinished.

    A file in use stays readable where it is in use.

    Args:
        cache_dir: the cache.
        keep_bytes: how much may stay.
        spare: a file of pixels that stays whatever its size.
    """
    for leftover, facts in _files(cache_dir, "*.part"):
        if time.time() - facts.st_mtime > LEFTOVER_SECONDS:
            _delete(leftover)
    total = 0
    for path, facts in sorted(_files(cache_dir, "*.u8"), key=lambda found: found[1].st_mtime, reverse=True):
        total += facts.st_size
        if total > keep_bytes and path != spare:
            _delete(path.with_suffix(".json"))
            _delete(path)


def _files(folder: Path, pattern: str) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.glob(pattern):
        with contextlib.suppress(OSError):
            yield path, path.stat()


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


@dataclass(frozen=True)
class _Entry:
    """Where one source at one resolution is in the cache: raw pixels, and a JSON file that makes them valid."""

    name: str
    folder: Path

    @classmethod
    def of(cls, source: PictureSource, resolution: int, cache_dir: Path) -> _Entry:
        key = f"{source.fingerprint} {resolution} {TRANSFORM}"
        return cls(hashlib.sha256(key.encode()).hexdigest()[:32], cache_dir)

    @property
    def pictures(self) -> Path:
        return self.folder / f"{self.name}.u8"

    @property
    def sidecar(self) -> Path:
        return self.folder / f"{self.name}.json"

    def about(self) -> dict[str, Any] | None:
        """What the JSON file says; None where the entry is missing or damaged."""
        try:
            sidecar = json.loads(self.sidecar.read_text())
            about: dict[str, Any] = sidecar["about"]
            intact = sidecar["sha256"] == _digest(about) and self.pictures.stat().st_size == about["bytes"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return about if intact else None

    def touch(self) -> None:
        """Notes that it was used now."""
        with contextlib.suppress(OSError):
            os.utime(self.pictures)


@dataclass(frozen=True)
class _Filling:
    source: PictureSource
    resolution: int
    progress: Progress | None
    cancelled: Callable[[], bool] | None

    def fill(self, entry: _Entry) -> dict[str, Any]:
        """Decodes everything into temporary files, then renames them: pixels first, what makes them valid last."""
        entry.folder.mkdir(parents=True, exist_ok=True)
        temporary = entry.folder / f"{entry.name}-{uuid.uuid4().hex}.part"
        try:
            with temporary.open("wb") as file:
                about = self._write(file.write)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(entry.pictures)
            temporary.write_text(json.dumps({"about": about, "sha256": _digest(about)}))
            temporary.replace(entry.sidecar)
        finally:
            temporary.unlink(missing_ok=True)
        return about

    def _write(self, write: Callable[[memoryview], Any]) -> dict[str, Any]:
        labels: list[int] = []
        skipped: list[tuple[int, str, str]] = []
        for index, result in enumerate(self._decoded()):
            if isinstance(result, str):
                skipped.append((index, self.source.key(index), result))
            else:
                write(np.ascontiguousarray(result).data)
                labels.append(self.source.label(index))
        if not labels:
            if not skipped:
                raise StudioError(f"There are no pictures in {self.source.name}.", "Choose other data.")
            first = f"{skipped[0][1]}: {skipped[0][2]}"
            raise StudioError(f"Not one of {len(skipped):,} pictures can be read. {first}", "Choose other pictures.")
        return {
            "count": len(labels),
            "bytes": len(labels) * 3 * self.resolution**2,
            "labels": labels,
            "skipped": skipped,
        }

    def _decoded(self) -> Iterator[np.ndarray | str]:
        """Pictures or reasons, in order, telling how far it is."""
        total = len(self.source)
        tell = Paced(self.progress)
        with contextlib.closing(in_order(lambda index: self.source.picture(index, self.resolution), total)) as results:
            for done, result in enumerate(results, start=1):
                if self.cancelled and self.cancelled():
                    raise Cancelled
                yield result
                tell(done, total)


def _digest(about: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _stack(entry: _Entry, resolution: int, about: dict[str, Any]) -> Stack:
    count, skipped = about["count"], about["skipped"]
    pictures = np.memmap(entry.pictures, np.uint8, mode="r", shape=(count, resolution, resolution, 3))
    kept = np.delete(np.arange(count + len(skipped)), [index for index, _, _ in skipped])
    labels = np.array(about["labels"], np.int64)
    return Stack(pictures, kept, labels, tuple(Skipped(file, reason) for _, file, reason in skipped))


@contextlib.contextmanager
def _disk_errors(entry: _Entry, count: int, resolution: int) -> Iterator[None]:
    needed = count * 3 * resolution**2
    full = StudioError(
        f"The disk that holds {entry.folder} is full: {needed / 1e6:,.1f} MB are needed.",
        "Free some space, then go on.",
    )
    try:
        entry.folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(entry.folder).free < needed:
            raise full
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise full from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StudioError(f"{entry.folder} may not be written.", "Set GANVAS_HOME to a folder that may.") from error
        raise
