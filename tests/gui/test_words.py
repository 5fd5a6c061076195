"""Numbers, times and places as a person reads them."""

from __future__ import annotations

import datetime

import pytest

from studio.gui import words

NOW = datetime.datetime(2026, 11, 22, 12, 0).astimezone()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "almost done"),
        (3, "5 s left"),
        (41, "40 s left"),
        (62, "1 min left"),
        (420, "7 min left"),
        (3600, "1 h left"),
        (7500, "2 h 5 min left"),
        (86_300, "1 day left"),
        (200_000, "2 days left"),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert words.left(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(3, "just now"), (130, "2 min ago"), (7200, "2 h ago"), (90_000, "1 day ago")]
)
def test_how_long_ago(seconds: float, text: str) -> None:
    assert words.ago(seconds) == text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (NOW.replace(hour=1, minute=12), "today 01:12"),
        (NOW.replace(day=3), "3 Nov 12:00"),
        (NOW.replace(year=2025), "22 Nov 2025"),
    ],
)
def test_when(when: datetime.datetime, text: str) -> None:
    assert words.moment(when.isoformat(), NOW) == text


def test_a_damaged_time_is_nothing() -> None:
    assert words.moment("yesterday") == ""


def test_counts_and_rates() -> None:
    assert words.counted(1, "picture") == "1 picture"
    assert words.counted(7367, "picture") == "7,367 pictures"
    assert words.rate(31.2) == "31 img/s"
    assert words.rate(2.41) == "2.4 img/s"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("demo:icons", "Icons"),
        ("demo:icons-paired", "Icons paired"),
        ("/home/me/kites", "kites"),
        ("/a/b.zip", "b.zip"),
    ],
)
def test_data_has_a_name(source: str, name: str) -> None:
    assert words.data_name(source) == name
