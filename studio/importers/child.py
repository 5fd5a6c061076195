"""The process that reads a foreign file: with little memory and time, and ended at once should anything be executed.

Run as `python -m studio.importers.child FILE FOLDER`. It leaves `model.safetensors` in the folder, or `refusal.json`.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from studio.importers.architectures import recognised
from studio.importers.errors import ForeignFileError, too_much
from studio.importers.found import Found
from studio.importers.reading import read_file

MODEL = "model.safetensors"
REFUSAL = "refusal.json"
TRIPPED = 77
BASE_MEMORY = 2 * 2**30
MEMORY_PER_BYTE = 6
GROWTH = 3  # half precision becomes float32; a little is left for small files
ROOM = 64 * 2**20

CODECS = ("raw-unicode-escape", "cp437")  # of pickles and of zips; Python imports them when they are first used

_CHUNK = 8 * 2**20
_FORBIDDEN = (
    "import",
    "exec",
    "compile",
    "marshal.",
    "pickle.",
    "ctypes.",
    "subprocess.",
    "socket.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "shutil.",
    "webbrowser.",
)


def main() -> None:
    """Reads one file."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with contextlib.suppress(OSError):
        _confine(path.stat().st_size)
    for codec in CODECS:
        codecs.lookup(codec)
    _set_tripwire()
    try:
        _leave(folder, recognised(read_file(path)), _sha256(path))
    except (ForeignFileError, MemoryError) as error:
        known = error if isinstance(error, ForeignFileError) else too_much("it needs more memory than any model")
        (folder / REFUSAL).write_text(json.dumps([known.message, known.remedy]), "utf-8")


def _confine(size: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    memory = BASE_MEMORY + MEMORY_PER_BYTE * size
    written = GROWTH * size + ROOM
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, written)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))


def _set_tripwire() -> None:
    """From here on nothing is imported, compiled or started: Python tells before it does so, and the process ends.

    The reader has no way to do any of it. This is for the day when somebody makes one by mistake.
    """

    def trip(event: str, _: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            os._exit(TRIPPED)

    sys.addaudithook(trip)


def _leave(folder: Path, found: Found, sha256: str) -> None:
    arrays = {
        f"{index}:{name}": _ours(array)
        for index, network in enumerate(found.networks.values())
        for name, array in network.items()
    }
    about: Mapping[str, Any] = {
        "model": found.model,
        "hyperparameters": dict(found.hyperparameters),
        "networks": list(found.networks),
        "classes": found.classes,
        "description": found.description,
        "notes": list(found.notes),
        "sha256": sha256,
    }
    save_file(arrays, folder / MODEL, {"about": json.dumps(about)})


def _ours(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Float32 for all that is not whole: our weights are; layouts such as channels-last become plain."""
    kind = np.float32 if array.dtype.kind == "f" else array.dtype
    return np.ascontiguousarray(array, kind).reshape(array.shape)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
