"""A zip of pictures, read in place: nothing in it is ever written anywhere."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from studio.api.data import DataKind
from studio.api.errors import StudioError
from studio.data.decode import decode, original_size
from studio.data.files import ClassFolders, is_hidden, is_picture_name, no_pictures

ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".xz", ".bz2"})
MAX_MEMBERS = 2_000_000
MAX_MEMBER_BYTES = 512 * 1024 * 1024
MAX_RATIO = 1000
LOCAL_HEADER = 30


class ZipSource:
    """Every picture in a zip, in the order of their names. Where all lie in at least two folders, these are classes."""

    def __init__(self, path: Path) -> None:
        """Reads the table of contents.

        Raises:
            StudioError: it is no zip, it is damaged, it is built to do harm, or it holds no pictures.
        """
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise StudioError(f"{path.name} is not a zip, or it is damaged.", "Zip the pictures again.") from error
        _check(path.name, self._zip.infolist())
        self._members = sorted(filter(_of_interest, self._zip.infolist()), key=lambda member: member.filename)
        if not any(is_picture_name(PurePosixPath(member.filename)) for member in self._members):
            raise no_pictures(path.name)
        self._classes = ClassFolders([PurePosixPath(member.filename) for member in self._members])

    @property
    def name(self) -> str:
        """The zip's name without its ending."""
        return self._path.stem

    @property
    def kind(self) -> DataKind:
        """Labelled where there are class folders."""
        return self._classes.kind

    @property
    def labels(self) -> tuple[str, ...]:
        """The class folders."""
        return self._classes.labels

    @property
    def fingerprint(self) -> str:
        """Of every name, size and checksum."""
        digest = hashlib.sha256()
        for member in self._members:
            digest.update(f"{member.filename}\0{member.file_size}\0{member.CRC}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._members)

    def key(self, index: int) -> str:
        """The member's name."""
        return self._members[index].filename

    def label(self, index: int) -> int:
        """The picture's class."""
        return self._classes.label(PurePosixPath(self._members[index].filename))

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """The picture, decoded; see `studio.data.decode.decode`."""
        return decode(self._read(index), resolution)

    def size(self, index: int) -> tuple[int, int]:
        """Width and height of the member's picture."""
        return original_size(self._read(index))

    def _read(self, index: int) -> io.BytesIO:
        member = self._members[index]
        _check_member(member)
        try:
            return io.BytesIO(self._zip.read(member))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise StudioError("It is damaged inside the zip.") from error


def _of_interest(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    archive = path.suffix.lower() in ARCHIVES and not is_hidden(path)
    return not member.is_dir() and (is_picture_name(path) or archive)


def _check(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuses a zip whose contents are not what they seem.

    Raises:
        StudioError: a member points outside or at a link, or members share their bytes (Python 3.11 reads such a zip).
    """
    remedy = "Ganvas does not open it. Zip the pictures again."
    if len(members) > MAX_MEMBERS:
        raise StudioError(f"{name} has {len(members):,} members.", remedy)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
            raise StudioError(f"{name} holds a file that points outside of it: {member.filename}.", remedy)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise StudioError(f"{name} holds a link: {member.filename}.", remedy)
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise StudioError(f"{name} holds files that overlap: {member.filename}.", remedy)
        end = member.header_offset + LOCAL_HEADER + len(member.orig_filename) + member.compress_size


def _check_member(member: zipfile.ZipInfo) -> None:
    if PurePosixPath(member.filename).suffix.lower() in ARCHIVES:
        raise StudioError("It is an archive inside the zip, and is not opened.")
    if member.flag_bits & 1:
        raise StudioError("It is encrypted.")
    if member.file_size == 0:
        raise StudioError("It is empty.")
    if member.file_size > MAX_MEMBER_BYTES or member.file_size > MAX_RATIO * max(1, member.compress_size):
        raise StudioError(f"It would unpack to {member.file_size / 1e6:,.0f} MB, too much for a picture.")
