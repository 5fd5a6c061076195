"""Short background work for the window (thumbnails, inspecting a folder): plain threads in, the GUI thread out."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer

T = TypeVar("T")


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
        self._done: queue.SimpleQueue[tuple[Callable[[Any], Any], Any]] = queue.SimpleQueue()
        self._waiting = 0
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._deliver)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], Any],
        failed: Callable[[Exception], Any],
    ) -> None:
        """Runs `work` on another thread, then `done` with its result or `failed` with its exception on this one.

        What belongs to a Qt object that has been deleted by then, a method or a lambda that holds it, is not called.
        """

        def job() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - handed over, whatever it is
                caught = error
                self._done.put((failed, caught))
            else:
                self._done.put((done, result))

        self._waiting += 1
        self._timer.start()
        self._pool.submit(job)

    def close(self) -> None:
        """Waits for running work and drops the rest; nothing is delivered afterwards."""
        self.closing.set()
        self._timer.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self) -> None:
        while not self._done.empty():
            self._waiting -= 1
            call, outcome = self._done.get()
            if not _is_gone(call):
                call(outcome)
        if self._waiting == 0:
            self._timer.stop()


def _is_gone(call: Callable[[Any], Any]) -> bool:
    """Whether a Qt object that the call is a method of, or that its closure holds, has been deleted."""
    cells = getattr(call, "__closure__", None) or ()
    held = (getattr(call, "__self__", None), *(cell.cell_contents for cell in cells))
    return any(isinstance(one, QObject) and not shiboken6.isValid(one) for one in held)
