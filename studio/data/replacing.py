"""What a file that is written may take the place of: another file. Never a device, a pipe, a socket or a folder."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NoFileError(OSError):
    """There is something at a path that is no file, and a file must not take its place."""


def replaceable(path: Path) -> Path:
    """Where what is written to `path` belongs: there or, where that is a link, where the link leads.

    Raises:
        NoFileError: there is something that is no file.
        OSError: it cannot be looked at.
    """
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return place
    if not stat.S_ISREG(mode):
        raise NoFileError(errno.EEXIST, "it is no file, and is left as it is", str(path))
    return place
