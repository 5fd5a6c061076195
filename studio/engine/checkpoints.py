"""Checkpoints: one safetensors file each, written atomically, checked by checksum, read without executing anything."""

from __future__ import annotations

import contextlib
import json
import re
import struct
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio.api.errors import StudioError
from studio.engine.atomic import CHUNK, disk_errors, need_space, sweep, sync_folder, write_atomically
from studio.engine.state_tree import flatten, flatten_as, unflatten

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

T = TypeVar("T")

SCHEMA = 1
KEEP_NEWEST = 3
MAX_HEADER = 64 * 1024 * 1024
KEY = "ganvas"
NO_CRC = "00000000"
NAME = re.compile(r"step-(\d{12})(\.pinned)?\.safetensors")


class DamagedError(ValueError):
    """A file that is not, to the bit, what was written."""


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint on disk: its file, the step it was made at, and whether a person wants it kept for good."""

    path: Path
    step: int
    pinned: bool = False

    def load(self) -> dict[str, Any]:
        """The state that was saved, tensors on the CPU.

        Raises:
            StudioError: the file is damaged, cut short, or of a newer Ganvas.
        """
        renamed = self.path.with_name(_name(self.step, pinned=not self.pinned))  # where that was since it was listed
        return _read(renamed if renamed.exists() and not self.path.exists() else self.path)


class CheckpointStore:
    """The checkpoints of one run, in one folder. There is no pointer to the latest: the newest good file is it."""

    def __init__(self, folder: Path, best: Callable[[Collection[int]], int | None] = lambda _steps: None) -> None:
        """The checkpoints in `folder`; `best` says which of some steps is the best, where that is known."""
        self.folder = folder
        self._best = best

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first, unread."""
        found = {}
        for path in sorted(self.folder.glob("step-*.safetensors"), reverse=True):
            if match := NAME.fullmatch(path.name):
                found[int(match[1])] = Checkpoint(path, int(match[1]), pinned=match[2] is not None)
        return [found[step] for step in sorted(found)]

    def at(self, step: int) -> Checkpoint:
        """The checkpoint of `step`.

        Raises:
            StudioError: there is none; names those there are.
        """
        for checkpoint in self.all():
            if checkpoint.step == step:
                return checkpoint
        steps = ", ".join(str(checkpoint.step) for checkpoint in self.all())
        raise StudioError(
            f"There is no checkpoint of step {step}.", f"There are: {steps}." if steps else "There is none."
        )

    def load_newest(self) -> tuple[int, dict[str, Any], list[str]]:
        """Step and state of the newest good checkpoint, and why newer ones were passed over.

        Raises:
            StudioError: there is none.
        """
        passed_over: list[str] = []
        for checkpoint in reversed(self.all()):
            try:
                return checkpoint.step, checkpoint.load(), passed_over
            except StudioError as error:
                passed_over.append(error.message)
        raise StudioError(
            f"There is no usable checkpoint in {self.folder}.",
            " ".join(passed_over) or "The run ended before its first one, or they were deleted; train again.",
        )

    def save(self, step: int, state: dict[str, Any]) -> Path:
        """Writes a checkpoint and returns its file; then lets go of old ones.

        Kept are the newest three, of older ones the last before each power of two, the best, and those that are pinned.

        Raises:
            StudioError: no space left.
        """
        return self._write(step, *sealed_pieces(*_packed(step, *flatten(state))))

    def save_arrays(self, step: int, state: dict[str, Any]) -> Path:
        """`save` of a state whose tensors are NumPy arrays, without torch.

        Raises:
            StudioError: as `save`.
        """
        import numpy as np

        return self._write(step, seal_arrays(*_packed(step, *flatten_as(np.ndarray, state))))

    def pin(self, step: int) -> Checkpoint:
        """Keeps the checkpoint of `step` for good. From any process, whoever trains the run meanwhile.

        That it is pinned is part of its file's name: one rename, which either comes before the trainer lets go of the
        file, and then the trainer does not find it, or too late, and then it is not said to be pinned.

        Raises:
            StudioError: there is none, or no longer; or the folder may not be written.
        """
        return self._rename(self.at(step), pinned=True)

    def unpin(self, step: int) -> Checkpoint:
        """Lets `step` go with the next checkpoint that is made, unless it is one of those that are kept anyway.

        Raises:
            StudioError: as `pin`.
        """
        return self._rename(self.at(step), pinned=False)

    def _rename(self, checkpoint: Checkpoint, *, pinned: bool) -> Checkpoint:
        path = self.folder / _name(checkpoint.step, pinned=pinned)
        with disk_errors(path):
            try:
                checkpoint.path.replace(path)
            except FileNotFoundError:  # pinned by somebody else since it was listed, or gone
                return self._rename(self.at(checkpoint.step), pinned=pinned)
            sync_folder(self.folder)
        return Checkpoint(path, checkpoint.step, pinned)

    def _write(self, step: int, *pieces: bytearray | memoryview) -> Path:
        with disk_errors(self.folder):
            self.folder.mkdir(exist_ok=True)  # never the run's own folder: it may have been deleted
        path = next((one.path for one in self.all() if one.step == step), self.folder / _name(step))
        need_space(self.folder, sum(map(len, pieces)))
        write_atomically(path, [memoryview(piece) for piece in pieces])
        self._let_go()
        return path

    def sweep(self) -> None:
        """Removes what a crash left half written. Only for the owner of the run."""
        if self.folder.is_dir():
            sweep(self.folder)

    def _let_go(self) -> None:
        checkpoints = self.all()
        kept: set[int | None] = {checkpoint.step for checkpoint in checkpoints[-KEEP_NEWEST:]}
        kept |= {max(group) for group in _by_power_of_two(checkpoint.step for checkpoint in checkpoints)}
        kept |= {checkpoint.step for checkpoint in checkpoints if checkpoint.pinned}
        kept |= {self._best([checkpoint.step for checkpoint in checkpoints])}
        for checkpoint in checkpoints:
            if checkpoint.step not in kept:
                with contextlib.suppress(OSError):  # it stays for now: nothing is lost by one too many
                    checkpoint.path.unlink(missing_ok=True)


def _name(step: int, *, pinned: bool = False) -> str:
    return f"step-{step:012d}{'.pinned' if pinned else ''}.safetensors"


def _by_power_of_two(steps: Iterator[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for step in steps:
        groups.setdefault(step.bit_length(), []).append(step)
    return list(groups.values())


def seal(tensors: Mapping[str, Tensor], key: str, about: dict[str, Any]) -> bytearray:
    """A safetensors file of `tensors` with `about` as JSON in its metadata under `key`, every byte under a CRC-32."""
    return bytearray().join(sealed_pieces(tensors, key, about))


def sealed_pieces(tensors: Mapping[str, Tensor], key: str, about: dict[str, Any]) -> tuple[bytearray | memoryview, ...]:
    """What `seal` makes, in the pieces to write one after the other; those of tensors on the CPU are not copied."""
    from studio.engine.tensor_file import bytes_of, pieces

    owned = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    crcs = {name: _crc(bytes_of(tensor)) for name, tensor in owned.items()}
    header, views = pieces(owned, _metadata(key, about, crcs))
    return _sealed(header), *views


def seal_arrays(arrays: Mapping[str, np.ndarray], key: str, about: dict[str, Any]) -> bytearray:
    """`seal` of NumPy arrays, without torch."""
    import numpy as np
    import safetensors.numpy

    owned = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()}
    crcs = {name: _crc(_array_bytes(array)) for name, array in owned.items()}
    return _sealed(bytearray(safetensors.numpy.save(owned, _metadata(key, about, crcs))))


def unseal(data: bytearray, key: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What `seal` was given. Nothing in the file is executed.

    Raises:
        DamagedError: the file is not as it was written.
    """
    with _damage():
        import safetensors.torch

        from studio.engine.tensor_file import bytes_of

        about = _about(data, key, MAX_HEADER)
        tensors = safetensors.torch.load(bytes(data))
        _compare({name: _crc(bytes_of(tensor)) for name, tensor in tensors.items()}, about)
    return about, tensors


def unseal_arrays(data: bytearray, key: str, most_header: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """`unseal` into NumPy arrays, without torch; a header of more than `most_header` bytes is not parsed.

    Raises:
        DamagedError: the file is not as it was written.
    """
    with _damage():
        import safetensors.numpy

        about = _about(data, key, most_header)
        arrays = safetensors.numpy.load(bytes(data))
        _compare({name: _crc(_array_bytes(array)) for name, array in arrays.items()}, about)
    return about, arrays


def _packed(step: int, tensors: dict[str, T], skeleton: Any) -> tuple[dict[str, T], str, dict[str, Any]]:
    return tensors, KEY, {"schema": SCHEMA, "step": step, "skeleton": skeleton}


def _read(path: Path) -> dict[str, Any]:
    try:
        about, tensors = unseal(bytearray(path.read_bytes()), KEY)
        if about["schema"] > SCHEMA:
            raise StudioError(f"{path.name} was written by a newer Ganvas.", "Update Ganvas to open it.")
        state = _as_dict(unflatten(tensors, about["skeleton"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StudioError(f"{path.name} is damaged or cut short.") from error
    return state


def _metadata(key: str, about: dict[str, Any], crcs: dict[str, int]) -> dict[str, str]:
    return {key: json.dumps({**about, "crc": crcs}), "header_crc": NO_CRC}


def _sealed(data: bytearray) -> bytearray:
    header = _header(data, MAX_HEADER)
    _patch_crc(data, header, f"{zlib.crc32(data[header]):08x}")
    return data


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    import safetensors

    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError, struct.error, safetensors.SafetensorError) as error:
        raise DamagedError(str(error)) from error


def _about(data: bytearray, key: str, most_header: int) -> dict[str, Any]:
    header = _header(data, most_header)
    metadata = json.loads(bytes(data[header]))["__metadata__"]
    stored = str(metadata["header_crc"])
    _patch_crc(data, header, NO_CRC, stored)
    if f"{zlib.crc32(data[header]):08x}" != stored:
        raise DamagedError("the header has changed")
    return _as_dict(json.loads(metadata[key]))


def _as_dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DamagedError("it holds something else")
    return value


def _compare(crcs: dict[str, int], about: dict[str, Any]) -> None:
    if about.pop("crc") != crcs:
        raise DamagedError("a tensor has changed")


def _header(data: bytearray, most: int) -> slice:
    (length,) = struct.unpack_from("<Q", data)
    if length > min(most, len(data) - 8):
        raise ValueError("header longer than the file")
    return slice(8, 8 + length)


def _patch_crc(data: bytearray, header: slice, crc: str, old: str = NO_CRC) -> None:
    field = b'"header_crc":"'
    at = data.index(field + old.encode() + b'"', header.start, header.stop) + len(field)
    data[at : at + len(crc)] = crc.encode()


def _array_bytes(array: np.ndarray) -> memoryview:
    import numpy as np

    return array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")


def _crc(flat: memoryview) -> int:
    crc = 0
    for start in range(0, len(flat), CHUNK):
        crc = zlib.crc32(flat[start : start + CHUNK], crc)
    return crc
