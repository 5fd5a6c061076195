"""Torch's zips are read like every zip: in place, and not at all where their contents are not what they seem."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from studio.importers.confined import read_foreign
from studio.importers.errors import ForeignFileError
from studio.importers.reading import read_file
from tests.importers import assembler

NUMBERS = {"0": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
MEMBERS = assembler.archive_members(
    assembler.dict_of(
        {"a": assembler.floats("0", NUMBERS["0"], (2, 3), (1, 2)), "b": assembler.floats("1", [], (0,), (1,))}
    ),
    NUMBERS,
)


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_tensors_lie_in_members_of_their_own(tmp_path: Path) -> None:
    found = read_file(zipped(tmp_path / "model.pt", MEMBERS))
    np.testing.assert_array_equal(found["a"], [[1, 3, 5], [2, 4, 6]])
    assert found["b"].shape == (0,)


def test_an_ordinary_zip_is_not_called_dangerous(tmp_path: Path) -> None:
    path = zipped(tmp_path / "kites.zip", {"kites/a.png": b"no picture"})
    with pytest.raises(ForeignFileError, match="is a zip, but not one that torch wrote"):
        read_foreign(path)


def overlapping(path: Path) -> None:
    data = bytearray(zipped(path, MEMBERS).read_bytes())
    first = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, data.index(b"PK\x01\x02", first + 1) + 42, 0)
    path.write_bytes(data)


def climbing(path: Path) -> None:
    zipped(path, {**MEMBERS, "model/../../x": b"x"})


def blown_up(path: Path) -> None:
    zipped(path, {**MEMBERS, "model/data/0": bytes(10**7)}, zipfile.ZIP_DEFLATED)


def without(member: str) -> dict[str, bytes]:
    return {name: data for name, data in MEMBERS.items() if name != member}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (overlapping, "overlap"),
        (climbing, "points outside"),
        (blown_up, "too much for one file"),
        (lambda path: zipped(path, without("model/data/0")), "0 is missing in it"),
        (lambda path: zipped(path, without("model/data.pkl")), "not one that torch wrote"),
        (lambda path: zipped(path, {**MEMBERS, "model/constants.pkl": b"."}), "TorchScript program"),
        (lambda path: zipped(path, {**MEMBERS, "model/byteorder": b"big"}), "big-endian"),
        (lambda path: zipped(path, {**MEMBERS, "model/data/0": bytes(8)}), "storage is shorter than it says"),
    ],
)
def test_an_archive_that_is_not_what_it_seems_is_refused(path_of: Path, make: object, words: str) -> None:
    make(path_of)  # type: ignore[operator]
    with pytest.raises(ForeignFileError, match=words):
        read_file(path_of)
    assert sorted(path_of.parent.iterdir()) == [path_of]


@pytest.fixture
def path_of(tmp_path: Path) -> Path:
    return tmp_path / "model.pt"
