"""Zips are read in place, and one whose contents are not what they seem is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.api import DataKind, StudioError
from studio.data.inspect import inspect
from studio.data.sources import open_source


def png(colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (12, 10), colour).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kites.zip"


def test_a_zip_is_a_source_like_a_folder(path: Path) -> None:
    zipped(path, {"b.png": png("red"), "a.png": png("blue"), "__MACOSX/a.png": b"", "notes.txt": b"", "sub/": b""})
    source = open_source(str(path))
    assert (source.name, source.kind, len(source)) == ("kites", DataKind.UNLABELLED, 2)
    assert source.key(0) == "a.png"
    assert source.picture(0, 8)[0, 0].tolist() == [0, 0, 255]
    assert source.size(0) == (12, 10)


def test_class_folders_are_labels(path: Path) -> None:
    source = open_source(str(zipped(path, {"dog/1.png": png(), "cat/1.png": png()})))
    assert (source.kind, source.labels, source.label(0)) == (DataKind.LABELLED, ("cat", "dog"), 0)


def test_many_threads_read_one_zip(path: Path) -> None:
    source = open_source(str(zipped(path, {f"{index:03}.png": png(f"rgb({index},0,0)") for index in range(200)})))
    with ThreadPoolExecutor(8) as pool:
        reds = list(pool.map(lambda index: int(source.picture(index, 4)[0, 0, 0]), range(200)))
    assert reds == list(range(200))


def test_members_that_cannot_be_used_are_reported_with_their_reason(path: Path) -> None:
    zipped(
        path, {"good.png": png(), "empty.png": b"", "text.png": b"hello", "more.zip": b"PK", "blown.png": bytes(10**7)}
    )
    spoilt = (
        zipped(path.with_name("spoilt.zip"), {"a.png": png()}, zipfile.ZIP_STORED)
        .read_bytes()
        .replace(b"IDAT", b"IDXT")
    )
    path.with_name("spoilt.zip").write_bytes(spoilt)
    reasons = {entry.file: entry.reason for entry in inspect(open_source(str(path))).skipped}
    assert reasons.keys() == {"empty.png", "text.png", "more.zip", "blown.png"}
    assert "is an archive" in reasons["more.zip"]
    assert "too much for one file" in reasons["blown.png"]
    [damaged] = inspect(open_source(str(path.with_name("spoilt.zip")))).skipped
    assert damaged.reason == "It is damaged inside the zip."


def renamed(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        zipped(path, {"x" * len(name) + ".png": png()})
        path.write_bytes(path.read_bytes().replace(b"x" * len(name), name.encode()))

    return make


def with_link(path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(link, "/etc/passwd")


def with_overlap(path: Path) -> None:
    """Two entries of the table of contents that lead to the same bytes."""
    zipped(path, {"a.png": png(), "b.png": png()}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    struct.pack_into("<I", data, second + 42, 0)
    path.write_bytes(data)


def not_a_zip(path: Path) -> None:
    path.write_bytes(b"hello")


def cut_short(path: Path) -> None:
    path.write_bytes(zipped(path, {"a.png": png()}).read_bytes()[:-30])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (renamed("../out"), "points outside"),
        (renamed("a/../../out"), "points outside"),
        (renamed("/etc/out"), "points outside"),
        (renamed("C:/out"), "points outside"),
        (renamed("..\\out"), "points outside"),
        (with_link, "holds a link"),
        (with_overlap, "overlap"),
        (not_a_zip, "not a zip"),
        (cut_short, "not a zip"),
        (lambda path: zipped(path, {"notes.txt": b""}), "no pictures in kites.zip"),
    ],
)
def test_a_zip_that_is_not_what_it_seems_is_refused(path: Path, make: Callable[[Path], object], words: str) -> None:
    make(path)
    with pytest.raises(StudioError, match=words):
        open_source(str(path))
    assert sorted(path.parent.iterdir()) == [path]


def test_an_encrypted_member_is_reported(path: Path) -> None:
    zipped(path, {"a.png": png(), "b.png": png()})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    [skipped] = inspect(open_source(str(path))).skipped
    assert skipped.reason == "It is encrypted."


def test_pictures_in_a_zip_and_in_a_folder_are_the_same(path: Path, tmp_path: Path) -> None:
    (tmp_path / "kites").mkdir()
    (tmp_path / "kites" / "a.png").write_bytes(png())
    zipped(path, {"a.png": png()})
    pictures = [open_source(str(place)).picture(0, 8) for place in (path, tmp_path / "kites")]
    assert np.array_equal(*pictures)
