"""Which of the architectures that we know a file's contents are of."""

from __future__ import annotations

from typing import Any

from studio.importers.found import Found
from studio.importers.nvidia import is_nvidia, read_nvidia
from studio.importers.plain import read_plain
from studio.importers.rosinality import is_rosinality, read_rosinality


def recognised(value: Any) -> Found:
    """Our model of what was read from a file, or its tensors where only a person can say which model they are of.

    Raises:
        ForeignFileError: it is of no kind that we have.
    """
    if is_nvidia(value):
        return read_nvidia(value)
    if is_rosinality(value):
        return read_rosinality(value)
    return read_plain(value)
