"""Who alone may write something: one process at a time, by a lock that the system takes away when that process dies."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
from pathlib import Path

import filelock

from studio.api.errors import StudioError
from studio.engine.atomic import disk_errors, write_json

PATIENCE_SECONDS = 0.25  # whoever only looks (`taken`) has the lock for an instant, too


class OwnedError(StudioError):
    """Another process owns it."""


class Ownership:
    """The right to write what belongs to `lock`, a file that may not exist yet. Beside it lies who has it.

    Args:
        lock: its file.
        shared: whether any part of this process may take it besides; the process has it until each has let go.
    """

    def __init__(self, lock: Path, *, shared: bool = False) -> None:
        self._path = lock
        self._about = lock.with_suffix(".owner.json")
        self._lock = filelock.FileLock(lock, timeout=PATIENCE_SECONDS, thread_local=False, is_singleton=shared)

    def take(self, what: str, remedy: str) -> None:
        """Takes it, from a process that died too.

        Args:
            what: the beginning of the sentence that names the owner: `This run is being trained by`.
            remedy: what to do where it is refused.

        Raises:
            OwnedError: another process has it; says which.
            DiskError: the folder may not be written, or what has the lock's name is no file.
        """
        with disk_errors(self._path):
            try:
                self._lock.acquire(poll_interval=PATIENCE_SECONDS / 25)
            except filelock.Timeout:
                raise OwnedError(f"{what} {self.owner()}.", remedy) from None
        if self._lock.lock_counter == 1:
            self._write_down()

    def release(self) -> None:
        """Lets go of it once."""
        self._lock.release()

    def taken(self) -> bool:
        """Whether anybody has it at this moment."""
        if not self._path.exists():
            return False
        try:
            with filelock.FileLock(self._path, timeout=0, thread_local=False):
                return False
        except (filelock.Timeout, OSError):
            return True

    def owner(self) -> str:
        """Who has it, or had it last: `another Ganvas (process 4711 on studio-pc, since 10:02)`."""
        try:
            about = json.loads(self._about.read_text(encoding="utf-8"))
            since = datetime.datetime.fromisoformat(about["since"]).astimezone()
            return f"another Ganvas (process {about['process']} on {about['machine']}, since {since:%H:%M})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another Ganvas"

    def _write_down(self) -> None:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        with contextlib.suppress(StudioError):  # the lock is what counts
            write_json(self._about, {"process": os.getpid(), "machine": platform.node(), "since": now})
