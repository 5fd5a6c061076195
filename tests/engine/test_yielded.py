"""What a model yields: an empty step, odd names, and what is no metric at all, which is named and not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.api import Batch, GanModel
from studio.api.model import OWN_COLUMNS
from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, RunState
from studio.engine.runs import Run
from tests.engine.conftest import ToyHost, Watcher
from tests.toys import ToyGan

Plan = Callable[..., TrainPlan]


class Yielding(ToyGan):
    """Trains, and yields what it is told to."""

    phases: tuple[Any, ...] = ()

    def training_step(self, batch: Batch) -> Iterator[Any]:
        list(super().training_step(batch))
        yield from self.phases


@pytest.fixture
def yielding(host: ToyHost, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def take(*phases: Any) -> None:
        model: type[GanModel] = type("Told", (Yielding,), {"phases": phases})
        monkeypatch.setattr(host, "load_model", lambda _id: model)

    return take


def finished(watcher: Watcher, plan: TrainPlan) -> Run:
    watcher.session.train(plan)
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


def test_a_step_that_yields_nothing_is_a_step(watcher: Watcher, plan: Plan, yielding: Callable[..., None]) -> None:
    yielding()
    assert [row.keys() - set(OWN_COLUMNS) for row in finished(watcher, plan(2)).metrics()] == [set(), set()]


def test_names_of_any_language_and_numbers_of_any_kind_are_kept(
    watcher: Watcher, plan: Plan, yielding: Callable[..., None]
) -> None:
    many = {f"layer/{index:03}/norm": torch.tensor(index) for index in range(200)}
    yielding({}, {"Verlust/Größe ✓": True, "a/b/c": torch.ones(1), **many})
    [row] = finished(watcher, plan(1)).metrics()
    assert (row["Verlust/Größe ✓"], row["a/b/c"], row["layer/199/norm"]) == (1.0, 1.0, 199.0)


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (None, "yielded None, and not a mapping"),
        ("loss/G", "yielded 'loss/G', and not a mapping"),
        ({"loss/G": torch.ones(3)}, "yielded loss/G of shape (3,)"),
        ({"step": 7.0}, "a metric called 'step'"),
        ({"loss\nof G": 7.0}, "a metric called 'loss\\nof G'"),
        ({"": 7.0}, "a metric called ''"),
        ({7: 7.0}, "a metric called 7"),
    ],
)
def test_what_is_no_metric_ends_the_run_and_is_named(
    watcher: Watcher, plan: Plan, yielding: Callable[..., None], phase: object, reason: str
) -> None:
    yielding(phase, {"loss/D": 1.0})
    watcher.session.train(plan(3))
    failed = watcher.until_kind(Failed)
    assert reason in failed.message
    assert failed.remedy == "There is no checkpoint yet."
    watcher.until_state(RunState.FAILED)


def test_pictures_of_one_channel_are_named_by_their_shape(
    watcher: Watcher, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ToyGan.sample
    monkeypatch.setattr(ToyGan, "sample", lambda *given, **named: made(*given, **named)[:, :1])
    watcher.session.train(plan(2))
    assert "pictures of shape (48, 1, 8, 8), and (N, 3, H, W) is needed." in watcher.until_kind(Failed).message
    watcher.until_state(RunState.FAILED)


def test_a_bug_after_a_checkpoint_says_that_it_is_kept(watcher: Watcher, plan: Plan) -> None:
    watcher.session.train(plan(20, checkpoint_every=2, fail=5))
    assert watcher.until_kind(Failed).remedy == "The run keeps its last checkpoint."
    watcher.until_state(RunState.FAILED)
