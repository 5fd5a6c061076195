"""Writes checkpoints on a thread of its own, so that training stops only for as long as a copy in memory takes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from studio.api.errors import StudioError
from studio.engine.events import CheckpointSaved
from studio.engine.state_tree import Snapshots

if TYPE_CHECKING:
    from studio.engine.events import Event
    from studio.engine.runs import Run


class CheckpointWriter:
    """Saves the checkpoints of one run, one at a time.

    Attributes:
        newest: the step of the newest checkpoint that is safely on disk; -1 before the first.
        skipped: how many were left out because the one before was still being written.
    """

    def __init__(self, run: Run, emit: Callable[[Event], None]) -> None:
        self.newest = -1
        self.skipped = 0
        self._run = run
        self._emit = emit
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ganvas-checkpoint")
        self._pending: Future[None] | None = None
        self._snapshots = Snapshots()

    def offer(self, step: int, state: dict[str, Any]) -> None:
        """Saves `state` soon, unless the last one is still being written.

        Raises:
            StudioError: the last one could not be written.
        """
        if self._pending and not self._pending.done():
            self.skipped += 1
            return
        self.flush()
        self._pending = self._pool.submit(self._save, step, self._snapshots.take(state))

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Saves `state` and returns when it is on disk. It takes the place of one before that could not be written.

        Raises:
            StudioError: it could not be written.
        """
        with contextlib.suppress(StudioError):
            self.flush()
        if self.newest != step:
            self._save(step, state)

    def flush(self) -> None:
        """Waits for what is being written.

        Raises:
            StudioError: it could not be written.
        """
        pending, self._pending = self._pending, None
        if pending:
            pending.result()

    def check(self) -> None:
        """Raises what went wrong in the last writing, without waiting for one that goes on.

        Raises:
            StudioError: it could not be written.
        """
        if self._pending and self._pending.done():
            self.flush()

    def close(self) -> None:
        """Ends the thread."""
        self._pool.shutdown(wait=True)

    def _save(self, step: int, state: dict[str, Any]) -> None:
        began = time.monotonic()
        path = self._run.checkpoints.save(step, state)
        self.newest = step
        self._emit(CheckpointSaved(str(self._run.folder), step, str(path), time.monotonic() - began))
