"""Work on many pictures in a few threads, in order and never far ahead of who takes the results."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from studio.api.errors import StudioError

T = TypeVar("T")

THREADS = min(8, os.cpu_count() or 1)
AHEAD = 4 * THREADS


def in_order(work: Callable[[int], T], count: int) -> Generator[T | str, None, None]:
    """`work(0)`, ..., `work(count - 1)`, or the reason where it raised a StudioError.

    Threads, not processes: decoders let go of the interpreter while they work. At most `AHEAD` results wait to be
    taken, so that memory stays flat. Closing the iterator waits for what is in progress and drops the rest.
    """

    def attempt(index: int) -> T | str:
        try:
            return work(index)
        except StudioError as error:
            return error.message

    indices = iter(range(count))
    with ThreadPoolExecutor(THREADS, thread_name_prefix="ganvas-decode") as pool:
        waiting: deque[Future[T | str]] = deque(pool.submit(attempt, index) for index in islice(indices, AHEAD))
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(attempt, index) for index in islice(indices, 1))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
