"""Pictures for keeps are a function of (run, count, seed, options) alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.api import StudioError
from studio.engine.commands import TrainPlan
from studio.engine.events import RunState
from studio.engine.runs import Run
from studio.engine.sampling import sample
from studio.engine.translating import Translator
from tests.engine.conftest import ToyHost, Watcher
from tests.toys import ToyGan


@pytest.fixture
def run(watcher: Watcher, plan: Callable[..., TrainPlan]) -> Run:
    watcher.session.train(plan(steps=3))
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


def pictures(run: Run, count: int, seed: int, **options: object) -> np.ndarray:
    return np.concatenate(list(sample(run, ToyHost(), count, seed, **options)))  # type: ignore[arg-type]


def test_a_picture_is_its_seeds_however_many_were_asked_for(run: Run) -> None:
    many = pictures(run, 20, seed=5)
    assert many.shape == (20, 8, 8, 3)
    assert np.array_equal(pictures(run, 1, seed=12)[0], many[7])
    assert len({picture.tobytes() for picture in many}) == 20


def test_torchs_global_state_is_neither_used_nor_touched(run: Run) -> None:
    torch.manual_seed(1)
    first = pictures(run, 2, seed=0)
    after = torch.random.get_rng_state()
    torch.manual_seed(1)
    assert torch.equal(after, torch.random.get_rng_state())
    torch.manual_seed(2)
    assert np.array_equal(first, pictures(run, 2, seed=0))


def test_full_truncation_is_one_picture_for_every_seed(run: Run) -> None:
    assert len({picture.tobytes() for picture in pictures(run, 4, seed=0, truncation=0.0)}) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"truncation": 1.5}, "Truncation cannot be 1.5"),
        ({"label": "cat"}, "no labels"),
        ({"device": "mps:9"}, "device"),
    ],
)
def test_what_cannot_be_is_said(run: Run, options: dict[str, object], words: str) -> None:
    with pytest.raises(StudioError, match=words):
        pictures(run, 1, seed=0, **options)


def test_a_model_that_makes_nothing_is_not_sent_in_a_circle(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ToyGan, "sample")
    with pytest.raises(StudioError, match="makes no pictures from seeds") as refused:
        pictures(run, 1, seed=0)
    assert refused.value.remedy == "`ganvas show` says what it can do."
    with pytest.raises(StudioError, match="makes no pictures from pictures") as refused:
        Translator(run, ToyHost(), "A->B")  # type: ignore[arg-type]
    assert refused.value.remedy == "`ganvas show` says what it can do."


def test_a_negative_seed_and_a_huge_one_are_seeds_too(run: Run) -> None:
    assert pictures(run, 2, seed=-1).shape == pictures(run, 2, seed=2**80).shape
