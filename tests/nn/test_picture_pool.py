"""The pool of generated pictures: it fills first, then half and half, and no picture is lost or doubled."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from torch import Tensor

from studio.nn.picture_pool import PicturePool


def numbered(*numbers: int) -> Tensor:
    """Pictures that can be told apart: each has its number in every pixel."""
    return torch.tensor(numbers, dtype=torch.float32)[:, None, None, None].expand(-1, 3, 2, 2).contiguous()


def numbers_of(pictures: Tensor) -> list[int]:
    assert torch.equal(pictures, pictures[:, :1, :1, :1].expand_as(pictures))
    return [int(number) for number in pictures[:, 0, 0, 0]]


def held(pool: PicturePool) -> list[int]:
    return numbers_of(pool.state_dict()["pictures"])


def full(size: int) -> PicturePool:
    pool = PicturePool(size)
    pool.exchange(numbered(*range(size)))
    return pool


def test_the_first_fifty_are_given_back_and_kept() -> None:
    pool = PicturePool()
    for number in range(50):
        assert len(pool) == number
        assert numbers_of(pool.exchange(numbered(number))) == [number]
    assert held(pool) == list(range(50))


def test_a_full_pool_gives_back_new_pictures_half_of_the_time_and_old_ones_from_all_places() -> None:
    torch.manual_seed(0)
    pool, trials = full(50), 20_000
    places, new = Counter[int](), 0
    for number in range(50, 50 + trials):
        before = held(pool) if number % 4 == 0 else []
        (seen,) = numbers_of(pool.exchange(numbered(number)))
        assert len(pool) == 50
        if seen == number:
            new += 1
        elif before:
            places[before.index(seen)] += 1
    # Binomial: 10,000 with a deviation of 71; then 2,500 shared among 50 places, 50 each with a deviation of 7.
    assert new == pytest.approx(trials / 2, abs=350)
    assert set(places) == set(range(50))
    assert max(places.values()) < 90


def test_a_picture_stays_for_a_hundred_exchanges_on_average() -> None:
    torch.manual_seed(1)
    pool, ages = full(50), []
    for number in range(50, 20_000):
        (seen,) = numbers_of(pool.exchange(numbered(number)))
        if seen != number:
            ages.append(number - seen)
    # It leaves with a chance of 1/2 x 1/50 each time.
    assert sum(ages) / len(ages) == pytest.approx(100, abs=5)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_what_is_given_back_and_what_is_kept_are_what_there_was(count: int) -> None:
    torch.manual_seed(2)
    pool = full(5)
    for first in range(5, 400, count):
        new = range(first, first + count)
        there_was = Counter([*held(pool), *new])
        assert Counter([*numbers_of(pool.exchange(numbered(*new))), *held(pool)]) == there_was


def test_a_pool_fills_within_a_batch() -> None:
    torch.manual_seed(3)
    pool = PicturePool(5)
    assert numbers_of(pool.exchange(numbered(0, 1, 2))) == [0, 1, 2]
    given_back = numbers_of(pool.exchange(numbered(3, 4, 5, 6)))
    assert given_back[:2] == [3, 4]
    assert sorted([*given_back[2:], *held(pool)]) == [0, 1, 2, 3, 4, 5, 6]


def test_a_pool_of_nothing_gives_back_what_it_is_given() -> None:
    pool, pictures = PicturePool(0), numbered(1, 2)
    assert torch.equal(pool.exchange(pictures), pictures)
    assert pool.state_dict() == {}


@pytest.mark.parametrize("size", [0, 1, 50])
def test_no_gradient_leads_back_to_the_generator(size: int) -> None:
    assert not PicturePool(size).exchange(numbered(1, 2).requires_grad_()).requires_grad


def test_it_keeps_copies() -> None:
    pool, pictures = PicturePool(2), numbered(1)
    pool.exchange(pictures)
    pictures.fill_(9)
    assert held(pool) == [1]


def test_a_restored_pool_goes_on_in_the_same_way() -> None:
    torch.manual_seed(4)
    pool, restored = full(5), PicturePool(5)
    pool.exchange(numbered(*range(5, 30)))
    kept = pool.state_dict()
    pool.exchange(numbered(99, 98, 97))
    restored.load_state_dict(kept)
    pool.load_state_dict(kept)
    for first in range(30, 90, 3):
        seen = []
        for each in (pool, restored):
            torch.manual_seed(first)
            seen.append(numbers_of(each.exchange(numbered(first, first + 1, first + 2))))
        assert seen[0] == seen[1]
    assert held(pool) == held(restored)


def test_an_empty_pool_is_restored_empty() -> None:
    pool = full(3)
    pool.load_state_dict(PicturePool(3).state_dict())
    assert len(pool) == 0
