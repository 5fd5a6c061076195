"""Short background work for the window (thumbnails, inspecting a folder): plain threads in, the GUI thread out."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer

T = TypeVar("T")


@dataclass
class _Job:
    """One piece of work, whom its end concerns, and how it ended."""

    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], Any]
    failed: Callable[[Exception], Any]
    result: Any = None
    error: Exception | None = None

    def tell(self) -> None:
        """Calls whom it concerns, where that is still there."""
        if not shiboken6.isValid(self.owner):
            return
        if self.error is None:
            self.done(self.result)
        else:
            self.failed(self.error)


class Jobs(QObject):
    """Runs callables off the GUI thread and hands their results back on it.

    Never for torch: that is the device thread's alone.

    Attributes:
        closing: set when the window goes away; long work asks it every now and then.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.closing = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ganvas-job")
        # Threads get numbers alone: a widget whose last reference were theirs would be deleted off the GUI thread.
        self._jobs: dict[int, _Job] = {}
        self._numbers = itertools.count()
        self._ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._deliver)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], Any],
        failed: Callable[[Exception], Any],
    ) -> None:
        """Runs `work` on another thread, then `done` with its result or `failed` with its exception on this one.

        The work is done in any case; nothing is called when `owner`, whom the end concerns, has been deleted by then.
        """
        number = next(self._numbers)
        self._jobs[number] = _Job(owner, work, done, failed)
        self._timer.start()
        self._pool.submit(self._carry_out, number)

    def close(self) -> None:
        """Waits for running work and drops the rest; nothing is delivered afterwards."""
        self.closing.set()
        self._timer.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()

    def _carry_out(self, number: int) -> None:
        """On a thread of the pool."""
        try:
            self._jobs[number].result = self._jobs[number].work()
        except Exception as error:  # noqa: BLE001 - handed over, whatever it is
            self._jobs[number].error = error
        self._ended.put(number)

    def _deliver(self) -> None:
        while not self._ended.empty():
            self._jobs.pop(self._ended.get()).tell()
        if not self._jobs:
            self._timer.stop()
