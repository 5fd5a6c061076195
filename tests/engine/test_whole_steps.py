"""What is kept while a CPU trains is of one step, though it was asked for in the middle of moving the averages."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self, cast

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.api import Batch, DataInfo, GanModel, ModelSpec, Progress
from studio.api.requests import ExactRequest
from studio.engine.commands import TrainPlan
from studio.engine.events import Progressed, Rendered, RunOpened, StepLogged
from tests import toys
from tests.engine.conftest import ToyHost, Watcher

HALVES = dataclasses.replace(toys.TOY, id="halves", capabilities=())
PATIENCE = 0.5


class HalfWay:
    """A place in the middle of a step's averaging, where training waits a while once somebody looks."""

    def __init__(self) -> None:
        self.watched = threading.Event()
        self.reached = threading.Event()
        self._go_on = threading.Event()

    def pass_by(self) -> None:
        if self.watched.is_set() and not self.reached.is_set():
            self.reached.set()
            self._go_on.wait(PATIENCE)


class Second(nn.Linear):
    """A network whose weights are averaged after those of another, and not before `half_way` was passed."""

    half_way: HalfWay

    def parameters(self, recurse: bool = True) -> Iterator[nn.Parameter]:
        if hasattr(self, "half_way"):
            self.half_way.pass_by()
        return super().parameters(recurse)

    def __deepcopy__(self, _memo: Any) -> nn.Linear:
        made = nn.Linear(1, 1)
        made.load_state_dict(self.state_dict())
        return made


class Halves(GanModel):
    """Two networks of one weight, both 1 after odd steps and 0 after even ones."""

    ema_networks: ClassVar[tuple[str, ...]] = ("first", "second")

    def __init__(self, hp: Any, data: DataInfo, half_way: HalfWay) -> None:
        super().__init__(hp, data)
        self.first, self.second = nn.Linear(1, 1), Second(1, 1)
        self.second.half_way = half_way

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        with torch.no_grad():
            for network in (self.first, self.second):
                network.weight.fill_(float((self.clock.step + 1) % 2))
        yield {"loss/G": 0.0}


@dataclasses.dataclass(frozen=True)
class Both:
    """A black or white picture of each of the two weights: as a picture, for keeps, or as long work."""

    @classmethod
    def from_json(cls, _values: Mapping[str, Any]) -> Self:
        return cls()

    def wish(self, _model: GanModel) -> Self:
        return self

    def render(self, model: GanModel) -> Tensor:
        weights = torch.cat([model.ema[name].get_parameter("weight").flatten() for name in model.ema_networks])
        return (2 * weights - 1)[:, None, None, None].expand(2, 3, 8, 8)

    def steps(self, model: GanModel) -> Iterator[Progress]:
        for done in (1, 2, 3):
            yield Progress(done, 3, values={"weights": self.render(model)[:, 0, 0, 0].numpy()})


class HalvesHost(ToyHost):
    """Knows that model, and nothing else."""

    def __init__(self, half_way: HalfWay) -> None:
        super().__init__()
        self._half_way = half_way

    def model(self, model_id: str) -> ModelSpec:
        return HALVES

    def load_model(self, model_id: str) -> type[GanModel]:
        return cast(type[GanModel], lambda hp, data: Halves(hp, data, self._half_way))


@pytest.fixture
def half_way() -> HalfWay:
    return HalfWay()


@pytest.fixture
def host(half_way: HalfWay) -> ToyHost:
    return HalvesHost(half_way)


@pytest.fixture
def run(watcher: Watcher, plan: Callable[..., TrainPlan], half_way: HalfWay) -> str:
    """A run in training, half way through averaging a step, for as long as `PATIENCE`."""
    watcher.session.train(dataclasses.replace(plan(steps=1_000_000, ema_kimg=0.0), model="halves"))
    opened = watcher.until_kind(RunOpened)
    watcher.until(lambda event: isinstance(event, StepLogged) and event.step > 2)
    half_way.watched.set()
    assert half_way.reached.wait(60)
    return str(opened.run)


@pytest.mark.parametrize("kept", ["held", "for keeps"])
def test_a_picture_for_keeps_is_of_one_step(watcher: Watcher, run: str, kept: str) -> None:
    request = ExactRequest(Both()) if kept == "for keeps" else Both()
    watcher.session.render("me", run, request, held=kept == "held")
    answer = watcher.until_kind(Rendered)
    assert np.unique(answer.pictures).tolist() == [255 * (answer.step % 2)]


def test_long_work_is_of_one_step(watcher: Watcher, run: str) -> None:
    watcher.session.begin("me", run, Both())
    told = watcher.until_kind(Progressed)
    assert told.progress.values["weights"].tolist() == [2 * (told.step % 2) - 1] * 2
