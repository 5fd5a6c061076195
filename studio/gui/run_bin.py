"""Runs that were deleted, kept for thirty days: a system's own bin is not there on every machine."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

DAYS = 30
DAY = 86_400


class RunBin:
    """A folder beside the runs.

    Args:
        home: the home that the runs are in.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / "bin"

    def put(self, run: Path) -> Path:
        """Moves a run's folder into the bin and returns where it is now.

        Raises:
            OSError: it cannot be moved; nothing has changed then.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{run.name} {time.time_ns()}"
        run.rename(place)
        return place

    def restore(self, place: Path, run: Path) -> None:
        """Moves it back.

        Raises:
            OSError: it is no longer there, or something else is where it was.
        """
        place.rename(run)

    def sweep(self, now: float | None = None) -> None:
        """Removes what has been in the bin for longer than thirty days."""
        limit = (now or time.time()) - DAYS * DAY
        for place in self.folder.glob("* *"):
            stamp = place.name.rpartition(" ")[2]
            if stamp.isdecimal() and int(stamp) / 1e9 < limit:
                shutil.rmtree(place, ignore_errors=True)
