"""Ways between two latents: exact at the ends, steady in between, and defined where there is no arc."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.edit.interpolation import interpolate, lerp, slerp

finite = st.floats(-1e3, 1e3, width=32)
latents = arrays(np.float32, 7, elements=finite)


@given(latents, latents, st.sampled_from([slerp, lerp]))
def test_the_ends_are_exact_to_the_bit(a, b, way):
    assert way(a, b, 0).tobytes() == a.tobytes()
    assert way(a, b, 1).tobytes() == b.tobytes()


@given(latents, latents, st.floats(0, 1), st.sampled_from([slerp, lerp]))
def test_every_pair_has_a_way_and_its_length_stays_between_the_ends(a, b, t, way):
    z = way(a, b, t)
    assert z.dtype == np.float32
    assert np.isfinite(z).all()
    assert np.linalg.norm(z) <= max(np.linalg.norm(a), np.linalg.norm(b)) * 1.001 + 1e-6


def test_slerp_turns_at_a_steady_rate_and_keeps_the_length():
    a, b = np.float32([2, 0, 0]), np.float32([0, 2, 0])
    for t in (0.25, 0.5, 0.75):
        expected = 2 * np.array([np.cos(t * np.pi / 2), np.sin(t * np.pi / 2), 0])
        assert slerp(a, b, t) == pytest.approx(expected, abs=1e-6)


def test_lerp_is_straight():
    assert lerp(np.float32([0, 4]), np.float32([2, 0]), 0.25) == pytest.approx([0.5, 3])


def test_opposite_vectors_turn_through_a_right_angle():
    a = np.float32([0, 3, 0])
    half = slerp(a, -a, 0.5)
    assert np.linalg.norm(half) == pytest.approx(3, rel=1e-6)
    assert half @ a == pytest.approx(0, abs=1e-5)


def test_parallel_vectors_and_zero_go_straight():
    a = np.float32([1, 2, 3])
    assert slerp(a, 3 * a, 0.5) == pytest.approx(2 * a)
    assert slerp(a, np.zeros_like(a), 0.5) == pytest.approx(a / 2)
    assert slerp(np.zeros_like(a), np.zeros_like(a), 0.5) == pytest.approx(np.zeros(3))


def test_one_component_has_no_arc():
    assert slerp(np.float32([2]), np.float32([-2]), 0.25) == pytest.approx([1])


def test_ways_are_found_by_name():
    assert interpolate("slerp") is slerp
    assert interpolate("lerp") is lerp
