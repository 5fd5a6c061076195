"""When things are due."""

from __future__ import annotations

import pytest

from studio.engine.schedule import Interval, Pace


def test_by_steps_when_a_number_is_given() -> None:
    interval = Interval(1000.0)
    assert [step for step in range(1, 10) if interval.due(step, 4, 0.0)] == [4, 8]


def test_by_time_and_never_for_more_than_its_share() -> None:
    interval = Interval(seconds=4.0, share=0.02)
    assert interval.due(1, 0, 4.0)
    interval.done(4.0, cost=0.5)
    assert not interval.due(2, 0, 20.0)
    assert interval.due(3, 0, 29.0)


def test_the_first_time_may_come_sooner() -> None:
    interval = Interval(seconds=600.0)
    interval.begin(1000.0, first=60.0)
    assert not interval.due(1, 0, 1059.0)
    assert interval.due(2, 0, 1060.0)
    interval.done(1060.0)
    assert not interval.due(3, 0, 1659.0)


def test_the_pace_is_smoothed_and_tells_the_time_left() -> None:
    pace = Pace()
    assert pace.seconds_left(10) is None
    pace.begin(0, 0, 0.0)
    pace.update(10, 640, 5.0)
    assert pace.images_per_second == pytest.approx(128)
    assert pace.seconds_left(100) == pytest.approx(50)
    pace.update(20, 1280, 6.0)
    assert 128 < pace.images_per_second < 640
