"""Numbers, times and places as a person reads them."""

from __future__ import annotations

import datetime
from pathlib import Path

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def count(number: float) -> str:
    """A whole number with separators: `12,400`."""
    return f"{round(number):,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: `1 picture`, `12 pictures`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def rate(per_second: float) -> str:
    """Pictures in a second: `31 img/s`, `2.4 img/s`."""
    return f"{count(per_second)} img/s" if per_second >= 10 else f"{per_second:.1f} img/s"


def left(seconds: float) -> str:
    """Time that is left, rounded up as one would say it: `40 s left`, `7 min left`, `2 h 5 min left`."""
    if seconds < 1:
        return "almost done"
    if seconds < 50:
        return f"{max(round(seconds / 5) * 5, 5)} s left"
    if seconds < 55 * MINUTE:
        return f"{round(seconds / MINUTE) or 1} min left"
    minutes = round(seconds / MINUTE / 5) * 5
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        return f"{round(seconds / DAY)} days left" if seconds >= 1.5 * DAY else "1 day left"
    return f"{hours} h {minutes} min left" if minutes else f"{hours} h left"


def ago(seconds: float) -> str:
    """How long ago something was: `just now`, `2 min ago`, `3 h ago`."""
    if seconds < 45:
        return "just now"
    if seconds < 55 * MINUTE:
        return f"{round(seconds / MINUTE) or 1} min ago"
    if seconds < 23 * HOUR:
        return f"{round(seconds / HOUR) or 1} h ago"
    return f"{counted(round(seconds / DAY) or 1, 'day')} ago"


def moment(created: str, now: datetime.datetime | None = None) -> str:
    """A time from a record (ISO 8601) as one would say it here: `today 01:12`, `22 Nov 01:12`, `22 Nov 2025`."""
    try:
        when = datetime.datetime.fromisoformat(created).astimezone()
    except ValueError:
        return ""
    now = (now or datetime.datetime.now(datetime.UTC)).astimezone()
    if when.date() == now.date():
        return f"today {when:%H:%M}"
    if when.year == now.year:
        return f"{when.day} {when:%b %H:%M}"
    return f"{when.day} {when:%b %Y}"


def data_name(source: str) -> str:
    """What to call data that was typed: `Icons` for `demo:icons`, a folder's or a file's name otherwise."""
    scheme, _, name = source.partition(":")
    if name and scheme == "demo":
        return name.replace("-", " ").capitalize()
    return Path(source).name or source
