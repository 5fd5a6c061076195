"""Safetensors files with something wrong in them: each door reads them or refuses with its one exception."""

from __future__ import annotations

import json
import random
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.api import StudioError
from studio.engine.checkpoints import CheckpointStore, seal_arrays
from studio.engine.portable import KEY, is_portable, read_portable
from studio.importers.errors import ForeignFileError
from studio.importers.reading import read_file
from tests.reliability.memory import needs_proc, resident_megabytes

ARRAYS: dict[str, np.ndarray] = {
    "G.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
    "G.bias": np.zeros(3, np.float16),
}
DATA = {"kind": "unlabelled", "count": 3, "resolution": 8, "labels": [], "domains": ["A", "B"]}
ABOUT = {"format": 1, "model": "toy", "hyperparameters": {"lr": 0.1}, "data": DATA, "step": 4}
JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, 2**64, 10**300, 0.5, 1e308, "", "F4", "F64", "BOOL", "\ud800", "x" * 5000),
    *([], {}, [0], [2**40, 2**40], [0, 2**60], [-1], ["3"], [[3]], [4, 0], [1] * 100, {"dtype": "F32"}),
)
NO_CRC = "00000000"


def _model_file(tmp_path: Path) -> bytes:
    return bytes(seal_arrays(ARRAYS, KEY, ABOUT))


def _checkpoint(tmp_path: Path) -> bytes:
    return CheckpointStore(tmp_path / "made").save_arrays(7, {"step": 7, **ARRAYS}).read_bytes()


def _load_checkpoint(path: Path) -> object:
    return CheckpointStore(path.parent).at(7).load()


Door = tuple[Callable[[Path], bytes], Callable[[Path], object], type[Exception]]
DOORS: dict[str, Door] = {
    "someone's weights": (_model_file, read_file, ForeignFileError),
    "someone's Ganvas model": (_model_file, read_portable, StudioError),
    "a checkpoint": (_checkpoint, _load_checkpoint, StudioError),
}


def _with_junk(draw: random.Random, value: Any) -> Any:
    """The value with something in it lost, or replaced by junk."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        key = draw.choice(list(value))
        if draw.random() < 0.15:
            return {name: inner for name, inner in value.items() if name != key}
        if draw.random() < 0.1:
            return {**value, draw.choice(("__metadata__", "twin", "", "\0")): value[key]}
        return {**value, key: _with_junk(draw, value[key])}
    if isinstance(value, list) and value and draw.random() < 0.5:
        place = draw.randrange(len(value))
        return [*value[:place], _with_junk(draw, value[place]), *value[place + 1 :]]
    if isinstance(value, str) and value.startswith("{") and draw.random() < 0.9:
        return json.dumps(_with_junk(draw, json.loads(value)))
    return draw.choice(JUNK)


def _sealed(header: dict[str, Any], body: bytes) -> bytes:
    """A file of that header whose checksum is right: whoever means harm can compute it too."""
    metadata = header.get("__metadata__")
    if isinstance(metadata, dict) and "header_crc" in metadata:
        metadata["header_crc"] = NO_CRC
        bare = json.dumps(header, separators=(",", ":")).encode()
        metadata["header_crc"] = f"{zlib.crc32(bare):08x}"
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + body


def _mutated(draw: random.Random, good: bytes) -> bytes:
    length = struct.unpack_from("<Q", good)[0]
    if draw.random() < 0.75:
        header, body = json.loads(good[8 : 8 + length]), good[8 + length :]
        for _ in range(draw.randint(1, 3)):
            header = _with_junk(draw, header)
            if not isinstance(header, dict):
                header = {}
        return _sealed(header, body if draw.random() < 0.9 else body[: draw.randrange(len(body))])
    data = bytearray(good)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(data))
        match draw.randrange(3):
            case 0:
                data[place] ^= 1 << draw.randrange(8)
            case 1:
                del data[place : place + draw.randint(1, 9)]
            case _:
                data[place:place] = draw.randbytes(draw.randint(1, 9))
    return bytes(data)


@needs_proc
@pytest.mark.parametrize("count", [1000, pytest.param(34_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", DOORS)
def test_whatever_is_wrong_it_is_read_or_refused_in_one_way(name: str, count: int, tmp_path: Path) -> None:
    make, read, refusal = DOORS[name]
    good = make(tmp_path)
    path = tmp_path / "step-000000000007.safetensors"
    path.write_bytes(good)
    read(path)
    draw, refused, before = random.Random(count), 0, resident_megabytes()
    for number in range(count):
        path.write_bytes(_mutated(draw, good))
        is_portable(path)
        try:
            read(path)
        except refusal:
            refused += 1
        except Exception as error:
            error.add_note(f"file {number}: {path.read_bytes()!r}")
            raise
    print(f"{refused} of {count} refused")
    assert refused > count // 2
    assert resident_megabytes() - before < 100


@needs_proc
@pytest.mark.parametrize("name", ["someone's weights", "someone's Ganvas model"])
def test_a_long_header_is_not_parsed(name: str, tmp_path: Path) -> None:
    """One of 47 MB once took 18 seconds and 926 MB."""
    _, read, refusal = DOORS[name]
    path = tmp_path / "long.safetensors"
    header = (
        b"{" + b",".join(b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % n for n in range(900_000)) + b"}"
    )
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    assert len(header) > 47_000_000
    before, began = resident_megabytes(), time.process_time()
    with pytest.raises(refusal):
        read(path)
    assert not is_portable(path)
    assert time.process_time() - began < 2
    assert resident_megabytes() - before < 100
