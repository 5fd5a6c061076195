"""Runs that were deleted, kept for thirty days of use: a system's own bin is not there on every machine.

Days are counted as they are lived through, and not reckoned from dates: a clock that is a year ahead is a day at most.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pydantic

from studio.engine.atomic import DiskError, write_json

DAYS = 30
DAY = 86_400
DIARY = "days.json"


class Diary(pydantic.BaseModel):
    """What the bin remembers.

    Attributes:
        counted: when a day was last counted, in Unix time.
        days: how many each run has lain in the bin, the one that it came on among them.
    """

    counted: float = 0.0
    days: dict[str, int] = {}


class RunBin:
    """A folder beside the runs.

    Args:
        home: the home that the runs are in.
        days: how many days of use a run is kept.
    """

    def __init__(self, home: Path, days: int = DAYS) -> None:
        self.folder = home / "bin"
        self._days = days

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
        """Counts a day, where one has passed since the last, and removes what has been here for too long."""
        now = time.time() if now is None else now
        places = list(self._places())
        diary = self._read()
        if not places or 0 <= now - diary.counted < DAY:
            return
        passed = now > diary.counted  # a clock that was put back: counting begins anew from here
        days = {place.name: diary.days.get(place.name, 0) + passed for place in places}
        for place in places:
            if days[place.name] > self._days:
                shutil.rmtree(place, ignore_errors=True)
        with contextlib.suppress(DiskError):  # then this day is counted at another look
            kept = {place.name: days[place.name] for place in places if place.exists()}
            write_json(self.folder / DIARY, Diary(counted=now, days=kept).model_dump())

    def _places(self) -> Iterator[Path]:
        for place in self.folder.glob("* *"):
            if place.name.rpartition(" ")[2].isdecimal():
                yield place

    def _read(self) -> Diary:
        try:
            return Diary.model_validate_json((self.folder / DIARY).read_bytes())
        except (OSError, pydantic.ValidationError):
            return Diary()
