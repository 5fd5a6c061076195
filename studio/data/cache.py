"""Decodes every picture once, at the resolution of training, into a memory-mapped array on disk."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from studio.api.data import DataInfo, PictureSource
from studio.api.errors import StudioError
from studio.data.dataset import Dataset, Skipped

TRANSFORM = 1


class Cancelled(Exception):  # noqa: N818 - a wish, not an error
    """A person changed their mind."""


def prepare(
    source: PictureSource,
    resolution: int,
    cache_dir: Path,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """The source's pictures at one resolution, from the cache where they are in it.

    Raises:
        StudioError: not one picture can be read, or the disk is full.
        Cancelled: `cancelled` said so; nothing is left behind.
    """
    name = hashlib.sha256(f"{source.fingerprint} {resolution} {TRANSFORM}".encode()).hexdigest()[:32]
    pictures, about = cache_dir / f"{name}.npy", cache_dir / f"{name}.json"
    if not (pictures.exists() and about.exists()):
        _fill(source, resolution, pictures, about, progress or (lambda done, total: None), cancelled or (lambda: False))
    known = json.loads(about.read_text())
    array = np.load(pictures, mmap_mode="r")
    info = DataInfo(source.kind, len(array), resolution, labels=source.labels)
    labels = np.array(known["labels"], np.int64) if source.labels else None
    skipped = tuple(Skipped(**entry) for entry in known["skipped"])
    return Dataset(info, name, array, labels, skipped)


def _fill(
    source: PictureSource,
    resolution: int,
    pictures: Path,
    about: Path,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    good: list[np.ndarray] = []
    labels: list[int] = []
    skipped: list[dict[str, str]] = []
    total = len(source)

    def decode(index: int) -> np.ndarray | str:
        try:
            return source.picture(index, resolution)
        except StudioError as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        for index, result in enumerate(pool.map(decode, range(total))):
            if cancelled():
                pool.shutdown(cancel_futures=True)
                raise Cancelled
            if isinstance(result, str):
                skipped.append({"file": source.key(index), "reason": result})
            else:
                good.append(result)
                labels.append(source.label(index))
            if index % 50 == 0 or index + 1 == total:
                progress(index + 1, total)
    if not good:
        raise StudioError(f"Not one of the {total} pictures can be read: {skipped[0]['reason']}")
    pictures.parent.mkdir(parents=True, exist_ok=True)
    temporary = pictures.with_suffix(f".{os.getpid()}.part")
    with temporary.open("wb") as file:
        np.save(file, np.stack(good))
    temporary.replace(pictures)
    about.write_text(json.dumps({"labels": labels, "skipped": skipped}))
