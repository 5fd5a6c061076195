"""A place in a file's bytes that moves forward and never past the end."""

from __future__ import annotations

import struct
from typing import Any

from studio.importers.errors import damaged, too_much

LONGEST_LINE = 1 << 20
_LOOK = 256


class Cursor:
    """Reads from a view of bytes.

    Attributes:
        at: the position.
    """

    def __init__(self, data: memoryview, at: int = 0) -> None:
        self._data = data
        self.at = at

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return len(self._data) - self.at

    def take(self, count: int) -> memoryview:
        """The next `count` bytes, not copied."""
        if count < 0 or count > self.left:
            raise damaged("it ends too early")
        start, self.at = self.at, self.at + count
        return self._data[start : self.at]

    def number(self, layout: struct.Struct) -> Any:
        """The next number in the given layout."""
        return layout.unpack(self.take(layout.size))[0]

    def line(self) -> bytes:
        """The bytes up to the next line feed, which is passed over."""
        start, look = self.at, _LOOK
        while look <= 2 * LONGEST_LINE:
            found = bytes(self._data[start : start + look]).find(b"\n")
            if found >= 0:
                self.at = start + found + 1
                return bytes(self._data[start : start + found])
            if start + look >= len(self._data):
                raise damaged("it ends too early")
            look *= 4
        raise too_much("a line has no end")
