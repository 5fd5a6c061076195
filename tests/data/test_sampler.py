"""The order of pictures is a function of seed and position, and every epoch shows each picture once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.data.sampler import Sampler


@given(count=some.integers(1, 50), seed=some.integers(-5, 2**70), batch=some.integers(1, 120))
@settings(deadline=None, max_examples=50)
def test_every_epoch_is_a_permutation_however_it_is_cut(count: int, seed: int, batch: int) -> None:
    sampler = Sampler(count, seed)
    stream = np.concatenate([sampler.indices(position, batch) for position in range(0, 3 * count, batch)])
    for epoch in range(3):
        assert sorted(stream[epoch * count : (epoch + 1) * count]) == list(range(count))


@given(position=some.integers(0, 10_000), n=some.integers(1, 100))
@settings(deadline=None, max_examples=50)
def test_nothing_is_remembered(position: int, n: int) -> None:
    used = Sampler(37, seed=1)
    used.indices(5, 500)
    assert np.array_equal(used.indices(position, n), Sampler(37, seed=1).indices(position, n))


def test_epochs_and_seeds_differ() -> None:
    orders = {tuple(Sampler(30, seed).indices(epoch * 30, 30)) for seed in range(3) for epoch in range(3)}
    assert len(orders) == 9
