"""Zips that lie: made byte by byte where `zipfile` would not write them."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.data.pictures import BLUE, plain

GOOD_MEMBER = "good.png"
BOMB_BYTES = 150_000_000


def zip_of(path: Path, members: dict[str, bytes], **options: int) -> Path:
    """A zip of these members, by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def _named(name: str) -> Callable[[Path], Path]:
    """A good picture, and another whose name is `name` to the letter, which `zipfile` might tidy."""

    def write(path: Path) -> Path:
        stand_in = "x" * len(name.encode())
        zip_of(path, {GOOD_MEMBER: plain(), stand_in: plain(BLUE)})
        path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode()))
        return path

    return write


def _with_mode(mode: int, body: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        zip_of(path, {GOOD_MEMBER: plain()})
        member = zipfile.ZipInfo("odd.png")
        member.create_system, member.external_attr = 3, (mode | 0o777) << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(member, body)
        return path

    return write


def _patched(path: Path, name: bytes, offset: int, new: bytes) -> None:
    """Overwrites bytes at `offset` in the central directory's entry of `name`."""
    body = bytearray(path.read_bytes())
    entry = body.index(b"PK\x01\x02")
    while body[entry + 46 : entry + 46 + len(name)] != name:
        entry = body.index(b"PK\x01\x02", entry + 4)
    body[entry + offset : entry + offset + len(new)] = new
    path.write_bytes(body)


def _overlapping(path: Path) -> Path:
    """Two names, one body: the second entry points at the first's bytes."""
    zip_of(path, {GOOD_MEMBER: plain(), "twin.png": plain()})
    _patched(path, b"twin.png", 42, struct.pack("<I", 0))
    return path


def _quoted(path: Path) -> Path:
    """The overlap of the better zip bombs: a member's body holds the whole of the next member."""
    inner = zip_of(path.with_suffix(".inner"), {"inner.png": plain()}).read_bytes()
    inner = inner[: inner.index(b"PK\x01\x02")]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("outer.png", inner)
        start = archive.infolist()[0].header_offset + 30 + len("outer.png")
        archive.writestr("inner.png", plain())
    _patched(path, b"inner.png", 42, struct.pack("<I", start))
    return path


def _into_the_directory(path: Path) -> Path:
    """A body that reaches into the table of contents."""
    zip_of(path, {GOOD_MEMBER: plain(), "long.png": plain()})
    _patched(path, b"long.png", 20, struct.pack("<I", path.stat().st_size))
    return path


def _encrypted(path: Path) -> Path:
    zip_of(path, {GOOD_MEMBER: plain(), "secret.png": plain()})
    _patched(path, b"secret.png", 8, struct.pack("<H", 1))
    return path


def _bomb(path: Path) -> Path:
    return zip_of(path, {GOOD_MEMBER: plain(), "bomb.bmp": bytes(BOMB_BYTES)})


def _bomb_that_lies(path: Path) -> Path:
    """Says it unpacks to a thousand bytes."""
    _bomb(path)
    _patched(path, b"bomb.bmp", 24, struct.pack("<I", 1000))
    return path


def _lzma(path: Path) -> Path:
    zip_of(path, {GOOD_MEMBER: plain()})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("packed.png", bytes(5_000_000))
    return path


def _nested(path: Path) -> Path:
    inner = zip_of(path.with_suffix(".inner"), {"deep.png": plain()}).read_bytes()
    return zip_of(path, {GOOD_MEMBER: plain(), "inner.zip": inner})


def _wrong_checksum(path: Path) -> Path:
    zip_of(path, {GOOD_MEMBER: plain(), "rotten.png": plain()})
    _patched(path, b"rotten.png", 16, b"\0\0\0\0")
    return path


def _truncated(path: Path) -> Path:
    zip_of(path, {GOOD_MEMBER: plain(), "second.png": plain()})
    path.write_bytes(path.read_bytes()[:-30])
    return path


def _no_local_headers(path: Path) -> Path:
    zip_of(path, {GOOD_MEMBER: plain(), "second.png": plain()})
    body = path.read_bytes()
    path.write_bytes(bytes(body.index(b"PK\x01\x02")) + body[body.index(b"PK\x01\x02") :])
    return path


def _bytes(body: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(body)
        return path

    return write


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    # what is wrong with it: how to make it, what a person is told
    "climbs out": (_named("../../outside.png"), "points outside of it: ../../outside.png"),
    "climbs out from below": (_named("a/../../outside.png"), "points outside"),
    "climbs out in Windows' way": (_named("..\\..\\outside.png"), "points outside"),
    "absolute": (_named("/tmp/outside.png"), "points outside"),
    "absolute on Windows": (_named("C:\\outside.png"), "points outside"),
    "absolute on a network": (_named("\\\\host\\outside.png"), "points outside"),
    "a link": (_with_mode(stat.S_IFLNK, b"/etc/passwd"), "link or a device: odd.png"),
    "a device": (_with_mode(stat.S_IFCHR, b""), "link or a device: odd.png"),
    "overlapping": (_overlapping, "overlap: good.png and twin.png"),
    "overlapping, quoted": (_quoted, "overlap: outer.png and inner.png"),
    "reaches into the directory": (_into_the_directory, "long.png is longer than the zip"),
    "cut short": (_truncated, "not a zip, or it is damaged"),
    "without its insides": (_no_local_headers, "good.png is not where it should be"),
    "no zip": (_bytes(b"This is a shopping list.\n"), "not a zip"),
    "empty": (_bytes(b""), "not a zip"),
    "a table of contents of nothing": (_bytes(b"PK\x05\x06" + bytes(18)), "There are no pictures in"),
}

LEFT_OUT: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    # what is wrong with one member: how to make the zip, the member, the reason reported
    "encrypted": (_encrypted, "secret.png", "It is encrypted."),
    "a bomb": (_bomb, "bomb.bmp", "It would unpack to 150 MB, too much for one file."),
    "a bomb that lies": (_bomb_that_lies, "bomb.bmp", "It is damaged inside the zip."),
    "packed with LZMA": (_lzma, "packed.png", "It is compressed in a way that Ganvas does not unpack."),
    "nested": (_nested, "inner.zip", "It is an archive, and is not opened here."),
    "wrong checksum": (_wrong_checksum, "rotten.png", "It is damaged inside the zip."),
}
