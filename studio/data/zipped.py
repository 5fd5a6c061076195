"""The files in a zip, read in place: nothing in it is ever written anywhere."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from studio.api.errors import StudioError
from studio.data.files import is_hidden, readable
from studio.data.skipped import Skipped

MAX_MEMBERS = 2_000_000
MAX_MEMBER_BYTES = 512 * 1024 * 1024
MAX_RATIO = 1000
ENCRYPTED = 0x1
LOCAL_HEADER = struct.Struct("<4s22xHH")
LOCAL_SIGNATURE = b"PK\x03\x04"
REMEDY = "Ganvas does not open it. Zip the pictures again."


@dataclass(frozen=True)
class Member:
    """One file in a zip.

    Attributes:
        path: its name.
        info: what the table of contents says of it.
        start: where its bytes begin in the zip.
    """

    path: PurePosixPath
    info: zipfile.ZipInfo
    start: int

    @property
    def end(self) -> int:
        """Where its bytes end in the zip."""
        return self.start + self.info.compress_size


class ZipFiles:
    """Every file in a zip.

    No handle stays open between calls, so that any number of threads may read, and the file may be moved or replaced.
    """

    def __init__(self, path: Path) -> None:
        """Reads the table of contents.

        Raises:
            StudioError: it is no zip, is damaged, or is not what it seems.
        """
        self._path = path
        self._members = {member.path: member for member in _contents(path) if not is_hidden(member.path)}

    @property
    def name(self) -> str:
        """The zip's name without its ending."""
        return self._path.stem

    @property
    def title(self) -> str:
        """The zip's name."""
        return self._path.name

    @property
    def paths(self) -> list[PurePosixPath]:
        """The members, sorted."""
        return list(self._members)

    @property
    def closed(self) -> tuple[Skipped, ...]:
        """None: what is in the table of contents can be looked into."""
        return ()

    def told(self, path: PurePosixPath) -> str:
        """The member's size and checksum."""
        info = self._members[path].info
        return f"{info.file_size}\0{info.CRC}"

    def open(self, path: PurePosixPath) -> IO[bytes]:
        """The member, unpacked into memory."""
        member = self._members[path]
        _refuse(member.info)
        try:
            with self._path.open("rb") as file:
                file.seek(member.start)
                packed = file.read(member.info.compress_size)
        except OSError as error:
            raise StudioError("The zip is no longer there, or may not be read.") from error
        return io.BytesIO(_unpacked(member.info, packed))


def _contents(path: Path) -> list[Member]:
    """The files in a zip by name, once nothing about it is suspicious.

    Raises:
        StudioError: it cannot be read, or its contents are not what they seem.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            infos = archive.infolist()
            _check_names(path.name, infos)
            members = [_located(path.name, info, file) for info in infos]
            _check_places(path.name, members, archive.start_dir)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise StudioError(f"{path.name} is not a zip, or it is damaged.", "Zip the pictures again.") from error
    return sorted((member for member in members if not member.info.is_dir()), key=lambda member: member.info.filename)


def _check_names(name: str, infos: Sequence[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise StudioError(f"{name} has {len(infos):,} members.", REMEDY)
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
            raise StudioError(f"{name} holds a file that points outside of it: {readable(path)}.", REMEDY)
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise StudioError(f"{name} holds a link or a device: {readable(path)}.", REMEDY)


def _located(name: str, info: zipfile.ZipInfo, file: IO[bytes]) -> Member:
    """Finds a member's bytes: only the header in front of them says how far away they are."""
    file.seek(info.header_offset)
    signature, name_length, extra_length = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    path = PurePosixPath(info.filename)
    if signature != LOCAL_SIGNATURE:
        raise StudioError(f"{name} is damaged: {readable(path)} is not where it should be.", "Zip the pictures again.")
    return Member(path, info, info.header_offset + LOCAL_HEADER.size + name_length + extra_length)


def _check_places(name: str, members: Sequence[Member], end_of_members: int) -> None:
    """Members that share bytes are how a small zip unpacks to a huge one. `zipfile` in Python 3.11 does not look."""
    end, before = 0, ""
    for member in sorted(members, key=lambda member: member.info.header_offset):
        if member.info.header_offset < end:
            raise StudioError(f"{name} holds files that overlap: {before} and {readable(member.path)}.", REMEDY)
        end, before = member.end, readable(member.path)
    if end > end_of_members:
        raise StudioError(f"{name} is damaged: {before} is longer than the zip.", "Zip the pictures again.")


def _refuse(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & ENCRYPTED:
        raise StudioError("It is encrypted.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise StudioError("It is compressed in a way that Ganvas does not unpack.")
    if info.file_size == 0:
        raise StudioError("It is empty.")
    size = max(info.file_size, info.compress_size)
    if size > MAX_MEMBER_BYTES or info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise StudioError(f"It would unpack to {size / 1e6:,.0f} MB, too much for one file.")


def _unpacked(info: zipfile.ZipInfo, packed: bytes) -> bytes:
    """A member's bytes. Never more than the table of contents promises are unpacked, whatever is in there."""
    try:
        if info.compress_type == zipfile.ZIP_DEFLATED:
            packed = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)
    except zlib.error as error:
        raise StudioError("It is damaged inside the zip.") from error
    if len(packed) != info.file_size or zlib.crc32(packed) != info.CRC:
        raise StudioError("It is damaged inside the zip.")
    return packed
