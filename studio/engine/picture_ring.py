"""A ring of memory that two processes share: one writes pictures, the other copies them out and says so.

It is a file in a folder of the writer's own, on a file system in memory where there is one. As soon as both have mapped
it the name goes away, so that nothing is left whoever dies first.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from pathlib import Path

RING_BYTES = 16 * 2**20


class RingWriter:
    """The writing end.

    Attributes:
        path: the file that the reader maps.
        size: how many bytes there are.
    """

    def __init__(self, path: Path, size: int = RING_BYTES) -> None:
        """Makes the file and takes hold of its memory.

        Raises:
            OSError: there is not as much memory, or the file cannot be made.
        """
        self.path = path
        self.size = size
        self._written = 0
        self._taken = 0
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if sys.platform == "linux":
                os.posix_fallocate(descriptor, 0, size)  # a write to memory that is not there would end the process
            else:
                os.truncate(descriptor, size)
            self._memory = mmap.mmap(descriptor, size)
        except OSError:
            path.unlink()
            raise
        finally:
            os.close(descriptor)

    def put(self, data: memoryview) -> int | None:
        """Copies `data` in and returns where it begins, counted from the first byte ever written; None: no room."""
        begins = self._written
        if begins % self.size + len(data) > self.size:
            begins += self.size - begins % self.size
        if begins + len(data) - self._taken > self.size:
            return None
        offset = begins % self.size
        self._memory[offset : offset + len(data)] = data
        self._written = begins + len(data)
        return begins

    def taken(self, position: int) -> None:
        """Whatever was written before `position` has been copied out."""
        self._taken = max(self._taken, position)

    def hide(self) -> None:
        """Takes the file's name away; both ends keep what they have mapped."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


class RingReader:
    """The reading end.

    Raises:
        OSError: the file cannot be mapped.
    """

    def __init__(self, path: Path, size: int) -> None:
        descriptor = os.open(path, os.O_RDWR)
        try:
            self._memory = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
        self._size = size

    def copy(self, begins: int, length: int) -> bytearray:
        """The `length` bytes that were written at `begins`."""
        offset = begins % self._size
        return bytearray(memoryview(self._memory)[offset : offset + length])

    def close(self) -> None:
        """Lets go of the memory."""
        self._memory.close()
