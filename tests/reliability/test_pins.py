"""Pinning beside a process that saves and lets go as fast as it can: what was said to be pinned is never lost."""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
import random
from pathlib import Path

import pytest
import torch

from studio.api import StudioError
from studio.engine.checkpoints import CheckpointStore


def _train(folder: Path, steps: int, begun: multiprocessing.synchronize.Event) -> None:
    store = CheckpointStore(folder)
    for step in range(1, steps + 1):
        store.save(step, {"step": step, "weights": torch.full((1000,), float(step))})
        if step == 4:
            begun.set()


@pytest.mark.parametrize("steps", [150, pytest.param(5000, marks=pytest.mark.slow)])
def test_whatever_was_pinned_while_a_run_trained_is_there_in_the_end(steps: int, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    trainer = context.Process(target=_train, args=(tmp_path, steps, begun))
    trainer.start()
    assert begun.wait(60)
    store, chance, late = CheckpointStore(tmp_path), random.Random(steps), 0
    pinned: set[int] = set()
    while trainer.is_alive():
        step = chance.choice(store.all()).step
        try:
            if step in pinned and chance.random() < 0.2:
                store.unpin(step)
                pinned.remove(step)
            else:
                store.pin(step)
                pinned.add(step)
        except StudioError as error:
            assert error.message == f"There is no checkpoint of step {step}."  # noqa: PT017
            late += 1
    trainer.join()
    assert trainer.exitcode == 0
    print(f"{len(pinned)} of {steps} pinned, {late} too late")
    assert pinned
    assert {checkpoint.step for checkpoint in store.all() if checkpoint.pinned} == pinned
    assert all(store.at(step).load()["weights"].eq(step).all() for step in pinned)
