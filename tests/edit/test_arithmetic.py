"""Latent arithmetic: what cancels out does so to the bit, in whatever order it was gathered."""

from __future__ import annotations

import itertools
import json
import random

import numpy as np
import pytest

from studio.api import LatentSpace, StudioError
from studio.edit.arithmetic import MOST_POINTS, Arithmetic
from studio.edit.latent import LatentDocument
from studio.edit.points import LatentPoint

SPACE = LatentSpace(64)


def points(*seeds: int) -> tuple[LatentPoint, ...]:
    return tuple(LatentPoint(seed).moved({seed % 64: 1e-12 * seed, (seed + 1) % 64: -1e5}) for seed in seeds)


def same(one: Arithmetic, other: Arithmetic) -> bool:
    return one.z(SPACE).tobytes() == other.z(SPACE).tobytes()


A, B, C = points(1, 2, 3), points(4, 5), points(6, 7, 8, 9, 10, 11, 12)


def test_a_minus_a_plus_c_is_c_to_the_bit() -> None:
    assert Arithmetic(A, A, C[:1]).z(SPACE).tobytes() == C[0].z(SPACE).tobytes()
    assert same(Arithmetic(A, A, C), Arithmetic(c=C))
    assert same(Arithmetic(A, A[::-1], C), Arithmetic(c=C))


def test_c_minus_b_plus_b_is_c_to_the_bit() -> None:
    assert same(Arithmetic(C, B, B), Arithmetic(c=C))
    assert Arithmetic(A[:1], B, B).z(SPACE).tobytes() == A[0].z(SPACE).tobytes()


def test_it_is_the_difference_of_means_and_no_order_matters() -> None:
    whole = Arithmetic(A, B, C)
    means = [np.mean([point.z(SPACE).astype(np.float64) for point in term], axis=0) for term in (A, B, C)]
    assert np.allclose(whole.z(SPACE), means[0] - means[1] + means[2], rtol=1e-6)
    for a in itertools.permutations(A):
        assert same(Arithmetic(a, B[::-1], C[::-1]), whole)


def test_a_point_given_twice_counts_twice() -> None:
    twice = Arithmetic(c=(A[0], A[0], A[1])).z(SPACE).astype(np.float64)
    a, b = (point.z(SPACE).astype(np.float64) for point in A[:2])
    assert np.allclose(twice, (2 * a + b) / 3, rtol=1e-6)


def test_everything_cancelled_is_the_middle_of_z() -> None:
    assert not Arithmetic(A, A).z(SPACE).any()


def test_terms_hold_so_many_points_and_lose_what_is_taken_out() -> None:
    sums = Arithmetic().with_term("a", points(*range(40)))
    assert len(sums.a) == MOST_POINTS
    assert sums.with_point("a", A[0]) == sums
    assert sums.without("a", 0).a == sums.a[1:]


def test_a_sum_is_shown_while_there_is_something_to_show() -> None:
    document = LatentDocument().with_sum(Arithmetic(b=B))
    assert not document.sum.shown
    shown = document.with_sum(Arithmetic(A, B, C))
    assert shown.between
    assert shown.z(SPACE).tobytes() == Arithmetic(A, B, C).z(SPACE).tobytes()
    assert shown.landed(SPACE).z(SPACE).tobytes() == shown.z(SPACE).tobytes()
    assert shown.landed(SPACE).point.seed == C[0].seed
    assert shown.with_seed(2).z(SPACE).tobytes() == SPACE.draw(2).tobytes()
    without_c = shown.with_terms(shown.sum.with_term("c", ()), SPACE)
    assert without_c.z(SPACE).tobytes() == Arithmetic(A, B).z(SPACE).tobytes()
    rid = without_c.with_terms(without_c.sum.with_term("a", ()), SPACE)
    assert not rid.between
    assert rid.z(SPACE).tobytes() == without_c.z(SPACE).tobytes()


def test_it_survives_json() -> None:
    chance = random.Random(2)
    for _ in range(20):
        terms = [points(*chance.sample(range(99), chance.randrange(5))) for _ in range(3)]
        document = LatentDocument().with_sum(Arithmetic(*terms))
        assert LatentDocument.from_json(json.loads(json.dumps(document.to_json()))) == document


@pytest.mark.parametrize("broken", [2, {"a": 1}, {"b": [1]}, {"c": [{"seed": 1}] * 17}, {"shown": 1}])
def test_damaged_terms_are_refused(broken: object) -> None:
    with pytest.raises(StudioError):
        Arithmetic.from_json(broken)
