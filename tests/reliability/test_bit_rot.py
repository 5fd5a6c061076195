"""Flipped bits in checkpoints: every one is found and named, and the checkpoint before is used."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from studio.api import StudioError
from studio.engine.checkpoints import CheckpointStore


@pytest.mark.parametrize("flips", [100, pytest.param(2000, marks=pytest.mark.slow)])
def test_not_one_flipped_bit_goes_unnoticed(flips: int, tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path)
    store.save(1, {"step": 1})
    network = torch.nn.Sequential(torch.nn.Linear(40, 30), torch.nn.BatchNorm1d(30), torch.nn.Linear(30, 7))
    newest = store.save(2, {"step": 2, "G": network.state_dict(), "half": torch.ones(9, dtype=torch.float16)})
    good = newest.read_bytes()
    header = 8 + int.from_bytes(good[:8], "little")
    chance = random.Random(flips)
    for flip in range(flips):
        damaged = bytearray(good)
        place = chance.randrange(header) if flip % 2 else chance.randrange(header, len(good))
        damaged[place] ^= 1 << chance.randrange(8)
        newest.write_bytes(damaged)
        step, _, passed_over = store.load_newest()
        assert step == 1, f"a flipped bit of byte {place} was not found"
        assert newest.name in passed_over[0]
    newest.write_bytes(good)
    assert store.load_newest()[0] == 2


def test_a_header_longer_than_the_file_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path)
    path = store.save(1, {"step": 1})
    path.write_bytes((2**40).to_bytes(8, "little") + path.read_bytes()[8:])
    with pytest.raises(StudioError, match=r"damaged"):
        store.at(1).load()
