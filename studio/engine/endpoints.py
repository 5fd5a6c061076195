"""Where the engines of a home can be reached: one file each, for its owner's eyes alone."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import stat
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from studio import __version__

FOLDER = "engines"
SOCKET, RING = "socket", "ring"


@dataclass(frozen=True)
class Endpoint:
    """How to reach an engine.

    Attributes:
        name: the file's stem in `<home>/engines`.
        pid: its process.
        machine: where it runs.
        address: of its socket.
        key: what both ends must know, in hexadecimal digits.
        version: the Ganvas that it is of.
        safe_mode: whether it has the built-in plugins alone.
    """

    name: str
    pid: int
    machine: str
    address: str
    key: str
    version: str
    safe_mode: bool

    @classmethod
    def make(cls, name: str, *, safe_mode: bool) -> Endpoint:
        """One for this process, with a key and a private folder of its own."""
        address = rf"\\.\pipe\ganvas-{secrets.token_hex(8)}" if sys.platform == "win32" else f"{_private()}/{SOCKET}"
        return cls(name, os.getpid(), platform.node(), address, secrets.token_hex(32), __version__, safe_mode)

    @property
    def folder(self) -> Path | None:
        """The private folder of its socket and its shared memory; None where sockets are no files."""
        return None if sys.platform == "win32" else Path(self.address).parent

    @property
    def fits(self) -> bool:
        """Whether it is of this machine and this version."""
        return self.machine == platform.node() and self.version == __version__

    @property
    def running(self) -> bool:
        """Whether its process is there, as far as can be told."""
        if self.machine != platform.node() or sys.platform != "linux":
            return True
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state not in "ZX"


class Endpoints:
    """The endpoint files of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def write(self, endpoint: Endpoint) -> None:
        """Makes an engine known, whole or not at all.

        Raises:
            OSError: the home may not be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._folder / f".{endpoint.name}.part"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(endpoint), file)
        beside.replace(self._path(endpoint.name))

    def read(self, name: str) -> Endpoint | None:
        """The endpoint of that name; None where there is none, or anyone else may read or write it."""
        try:
            with self._path(name).open(encoding="utf-8") as file:
                return Endpoint(**json.load(file)) if _private_to_us(file.fileno()) else None
        except (OSError, ValueError, TypeError):
            return None

    def all(self) -> list[Endpoint]:
        """Every endpoint that can be read."""
        found = (self.read(path.stem) for path in sorted(self._folder.glob("*.json")))
        return [endpoint for endpoint in found if endpoint is not None]

    def remove(self, endpoint: Endpoint) -> None:
        """Forgets an engine that has ended, and what it left."""
        with contextlib.suppress(OSError):
            self._path(endpoint.name).unlink(missing_ok=True)
        if folder := endpoint.folder:
            with contextlib.suppress(OSError):
                for path in folder.glob(f"{RING}*"):
                    path.unlink(missing_ok=True)
                (folder / SOCKET).unlink(missing_ok=True)
                folder.rmdir()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _private() -> str:
    memory = "/dev/shm"
    return tempfile.mkdtemp(prefix="ganvas-", dir=memory if os.access(memory, os.W_OK) else None)


def _private_to_us(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    facts = os.fstat(descriptor)
    return facts.st_uid == os.getuid() and not facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
