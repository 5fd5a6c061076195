"""The arithmetic of sliders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.widgets.scale import Scale

LINEAR = Scale(-4, 4, decimals=2, signed=True)
LOG = Scale(1e-6, 1e-1, log=True)
WHOLE = Scale(1, 25_000, integer=True)


@given(st.floats(0, 1))
def test_places_and_values_correspond(fraction: float) -> None:
    assert LINEAR.fraction(LINEAR.value(fraction)) == pytest.approx(fraction, abs=0.001)
    assert LOG.fraction(LOG.value(fraction)) == pytest.approx(fraction, abs=0.01)


def test_signed_values_count_from_zero_and_others_from_the_beginning() -> None:
    assert LINEAR.origin == 0.5
    assert [scale.origin for scale in (LOG, WHOLE, Scale(-4, 4), Scale(0, 4, signed=True))] == [0, 0, 0, 0]


@given(st.floats(-4, 4))
def test_what_is_shown_can_be_typed(value: float) -> None:
    shown = LINEAR.rounded(value)
    assert LINEAR.read(LINEAR.text(shown)) == pytest.approx(shown)


@given(st.floats(1e-6, 1e-1))
def test_what_is_shown_can_be_typed_on_a_log_scale(value: float) -> None:
    shown = LOG.rounded(value)
    assert LOG.read(LOG.text(shown)) == pytest.approx(shown)


@given(st.sampled_from([LINEAR, LOG, WHOLE]), st.floats(0, 1), st.sampled_from([-1, 1]), st.booleans())
def test_every_step_moves_unless_at_the_end(scale: Scale, fraction: float, steps: int, fine: bool) -> None:
    value = scale.value(fraction)
    moved = scale.stepped(value, steps, fine=fine)
    end = scale.maximum if steps > 0 else scale.minimum
    assert moved == end if value == end else (moved - value) * steps > 0
    assert scale.minimum <= moved <= scale.maximum


def test_numbers_are_written_as_people_read_them() -> None:
    assert LINEAR.text(0.6) == "+0.60"
    assert LINEAR.text(-1.2) == "\N{MINUS SIGN}1.20"
    assert LINEAR.text(0) == "0.00"
    assert LOG.text(2e-3) == "2.0e-3"
    assert LOG.text(0.05) == "0.05"
    assert WHOLE.text(12400) == "12,400"


def test_separators_and_signs_can_be_typed() -> None:
    assert WHOLE.read("12,400") == 12400
    assert LINEAR.read("\N{MINUS SIGN}1,5") == -1.5
    assert LOG.read("1e-4") == 1e-4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("5", "5 is out of bounds. It takes -4 to 4."),
        ("kite", "“kite” is not a number. It takes -4 to 4."),
        ("", "“” is not a number. It takes -4 to 4."),
        ("nan", "nan is out of bounds. It takes -4 to 4."),
    ],
)
def test_what_cannot_be_taken_is_explained(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        LINEAR.read(text)
    assert str(caught.value).replace("\N{MINUS SIGN}", "-") == reason


def test_a_whole_number_is_asked_for() -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        WHOLE.read("1.5")


@pytest.mark.parametrize("bounds", [(1, 1), (2, 1)])
def test_empty_bounds_are_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="minimum below its maximum"):
        Scale(*bounds)


def test_a_log_scale_begins_above_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Scale(0, 1, log=True)
