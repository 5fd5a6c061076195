"""The plots' data, without a window: smoothing, growth, resuming, ranges, words."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.training.curves import Axis, Curve, Curves, curve_title, value_range
from studio.gui.training.export import curves_to_csv
from studio.gui.training.figures import change_words, clock, duration, setting, value
from studio.gui.training.plot_axes import log_ticks
from studio.gui.training.smoothing import Smoother


def debiased_average(values: list[float], weight: float) -> list[float]:
    """The definition, written out: normalised weights w^(k-i) over all values up to k."""
    shown = []
    for k in range(1, len(values) + 1):
        weights = [weight ** (k - i) for i in range(1, k + 1)]
        shown.append(sum(w * x for w, x in zip(weights, values, strict=False)) / sum(weights))
    return shown


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_smoothing_is_the_normalised_weighted_average(weight: float) -> None:
    values = list(np.random.default_rng(0).normal(3, 2, 150))
    np.testing.assert_allclose(Smoother(weight).extend(np.array(values)), debiased_average(values, weight), rtol=1e-12)


def test_smoothing_by_hand() -> None:
    smoother = Smoother(0.6)
    assert smoother.add(1.0) == pytest.approx(1.0)
    assert smoother.add(2.0) == pytest.approx((0.6 * 1 + 2) / 1.6)
    assert smoother.add(0.0) == pytest.approx((0.36 * 1 + 0.6 * 2) / 1.96)


@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf]), max_size=200),
    cut=st.integers(0, 200),
    weight=st.sampled_from([0.0, 0.5, 0.9, 0.999]),
)
def test_one_by_one_in_parts_and_at_once_are_the_same(values: list[float], cut: int, weight: float) -> None:
    at_once = Smoother(weight).extend(np.array(values, dtype=np.float64))
    parts, single = Smoother(weight), Smoother(weight)
    array = np.array(values, dtype=np.float64)
    np.testing.assert_allclose(
        np.concatenate([parts.extend(array[:cut]), parts.extend(array[cut:])]), at_once, atol=1e-7
    )
    np.testing.assert_allclose([single.add(v) for v in values], at_once, atol=1e-7)


def test_what_is_no_number_passes_through_and_changes_nothing() -> None:
    shown = Smoother(0.9).extend(np.array([1.0, math.nan, 1.0, math.inf, 1.0]))
    assert shown[0] == shown[2] == shown[4] == pytest.approx(1.0)
    assert math.isnan(shown[1])
    assert math.isinf(shown[3])


def test_a_constant_stays_what_it_is_for_a_million_points() -> None:
    np.testing.assert_allclose(Smoother(0.999).extend(np.full(1_000_000, 2.5)), 2.5, rtol=1e-12)


@pytest.mark.parametrize("weight", [-0.1, 1.0])
def test_a_weight_out_of_range_is_refused(weight: float) -> None:
    with pytest.raises(ValueError):
        Smoother(weight)


def test_points_are_kept_as_float64_however_many() -> None:
    curve = Curve("loss/G", 0.9)
    for step in range(5000):
        curve.append(step, step / 2, 1e9 + step, math.sin(step))
    assert len(curve) == 5000
    assert curve.x(Axis.STEP).dtype == curve.raw.dtype == curve.smoothed.dtype == np.float64
    assert curve.x(Axis.RELATIVE)[4999] == 4999 / 2
    assert curve.raw[4321] == math.sin(4321)
    np.testing.assert_allclose(curve.smoothed, Smoother(0.9).extend(curve.raw))


def test_a_step_that_was_there_before_replaces_it_and_all_later_ones() -> None:
    curve = Curve("loss/G", 0.9)
    for step in range(10):
        curve.append(step * 10, step, step, float(step))
    curve.append(45, 9.0, 99.0, 7.0)
    assert curve.x(Axis.STEP).tolist() == [0, 10, 20, 30, 40, 45]
    assert curve.raw.tolist() == [0, 1, 2, 3, 4, 7]
    np.testing.assert_allclose(curve.smoothed, Smoother(0.9).extend(curve.raw))


def test_a_clock_set_back_does_not_turn_the_curve_back() -> None:
    curve = Curve("loss/G", 0.9)
    for step, wall in enumerate([100.0, 101.0, 50.0, 51.0]):
        curve.append(step, step, wall, 0.0)
    curve.extend(np.array([4.0, 5.0]), np.array([4.0, 5.0]), np.array([52.0, 200.0]), np.zeros(2))
    assert curve.x(Axis.WALL).tolist() == [100, 101, 101, 101, 101, 200]


def test_the_nearest_point_is_found() -> None:
    curve = Curve("loss/G", 0.0)
    curve.extend(np.array([0.0, 10.0, 30.0]), np.zeros(3), np.zeros(3), np.zeros(3))
    assert [curve.nearest(Axis.STEP, x) for x in (-5, 4, 6, 19, 21, 99)] == [0, 0, 1, 1, 2, 2]


def test_metrics_are_grouped_by_what_stands_before_the_slash() -> None:
    curves = Curves()
    curves.append(1, 1.0, 1.0, {"loss/D": 1.0, "D/real": 0.5, "loss/G": 2.0, "kid_lite": 0.1, "plateau": 0.0})
    assert curves.groups() == {
        "Losses": ["loss/D", "loss/G"],
        "D scores": ["D/real"],
        "Other": ["kid_lite", "plateau"],
    }
    assert curve_title("kid_lite") == "kid lite"


def test_a_metric_that_is_logged_now_and_then_has_its_own_points() -> None:
    curves = Curves()
    curves.append(1, 1.0, 1.0, {"loss/D": 1.0})
    curves.append(2, 2.0, 2.0, {"loss/D": 1.0, "penalty/r1": 3.0})
    assert curves["penalty/r1"].x(Axis.STEP).tolist() == [2]


def test_smoothing_anew_equals_smoothing_from_the_start() -> None:
    curves = Curves(0.9)
    for step in range(100):
        curves.append(step, step, step, {"loss/D": math.cos(step)})
    curves.smooth(0.5)
    curves.append(100, 100, 100, {"loss/D": 4.0})
    np.testing.assert_allclose(curves["loss/D"].smoothed, Smoother(0.5).extend(curves["loss/D"].raw))


def test_outliers_are_left_out_of_the_range_only_where_that_was_asked() -> None:
    values = np.concatenate([np.linspace(1, 2, 1000), [500.0, -300.0]])
    low, high = value_range([values], ignore_outliers=True, log=False) or (0, 0)
    assert 0.5 < low < 1
    assert 2 < high < 2.5
    low, high = value_range([values], ignore_outliers=False, log=False) or (0, 0)
    assert low < -300
    assert high > 500


def test_the_range_has_air_and_survives_what_is_odd() -> None:
    assert value_range([], ignore_outliers=True, log=False) is None
    assert value_range([np.array([math.nan, math.inf])], ignore_outliers=False, log=False) is None
    assert value_range([np.array([-1.0, 0.0])], ignore_outliers=False, log=True) is None
    low, high = value_range([np.array([2.0, 2.0])], ignore_outliers=True, log=False) or (0, 0)
    assert low < 2 < high
    low, high = value_range([np.array([0.0, 0.0])], ignore_outliers=True, log=False) or (0, 0)
    assert low < 0 < high
    low, high = value_range([np.array([0.01, 100.0, -5.0])], ignore_outliers=False, log=True) or (0, 0)
    assert low == pytest.approx(-2, abs=0.3)
    assert high == pytest.approx(2, abs=0.3)


def test_log_ticks_are_round_numbers_however_narrow_or_wide() -> None:
    assert log_ticks(-3.2, 3.2, 10) == [-3, -2, -1, 0, 1, 2, 3]
    assert [round(10**tick, 6) for tick in log_ticks(-0.5, 0.5, 10)] == [0.5, 1, 2]
    assert [round(10**tick, 6) for tick in log_ticks(math.log10(0.65), 0.02, 10)] == [0.7, 0.8, 0.9, 1]
    assert log_ticks(0.001, 0.002, 10) == []
    assert len(log_ticks(-300, 300, 10)) <= 11


def test_csv_has_a_row_for_every_step_and_gaps_where_nothing_was_logged() -> None:
    curves = Curves(0.9)
    curves.append(10, 1.5, 1000.0, {"loss/D": 0.1, "loss/G": 2.0})
    curves.append(20, 3.0, 1001.5, {"loss/D": 1 / 3})
    curves.append(30, 4.5, 1003.0, {"loss/D": math.nan, "loss/G": 1e-12})
    rows = list(csv.reader(io.StringIO(curves_to_csv(curves))))
    assert rows[0] == ["step", "seconds", "time", "loss/D", "loss/G"]
    assert rows[1] == ["10", "1.5", "1000.0", "0.1", "2.0"]
    assert rows[2] == ["20", "3.0", "1001.5", repr(1 / 3), ""]
    assert rows[3] == ["30", "4.5", "1003.0", "nan", "1e-12"]


def test_csv_of_nothing_is_a_heading() -> None:
    assert curves_to_csv(Curves()) == "step,seconds,time\n"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.0, "0.00"),
        (0.623, "0.62"),
        (-1.5, "−1.50"),
        (99.994, "99.99"),
        (1234.5, "1,234"),
        (-200.0, "−200"),
        (0.00021, "2.1e-4"),
        (-0.00021, "−2.1e-4"),
        (1.5e7, "1.5e7"),
        (math.nan, "not a number"),
        (-math.inf, "infinite"),
    ],
)
def test_values_are_written_short(number: float, words: str) -> None:
    assert value(number) == words


def test_settings_and_times_are_written_as_a_person_would() -> None:
    assert change_words("lr", 2e-4, 1e-4) == "lr 2e-4 → 1e-4"
    assert [setting(thing) for thing in (0.0, 0.5, 1.25e-5, 64, True, "hinge")] == [
        "0", "0.5", "1.25e-5", "64", "on", "hinge",
    ]  # fmt: skip
    assert [clock(seconds) for seconds in (0, 45, 750, 7500)] == ["0:00", "0:45", "12:30", "2:05:00"]
    assert [duration(seconds) for seconds in (3, 60, 3540, 3600, 7500, 274_000)] == [
        "under a minute", "1 min", "59 min", "1 h", "2 h 5 min", "3 d 4 h",
    ]  # fmt: skip
