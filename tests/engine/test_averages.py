"""The averages follow the half-life that was asked for, buffers too."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from studio.api import DataInfo, DataKind, GanModel, Hyperparameters
from studio.engine.averages import Averages


class OneWeight(GanModel):
    def __init__(self) -> None:
        super().__init__(Hyperparameters(), DataInfo(DataKind.UNLABELLED, 1, 8))
        self.G = nn.BatchNorm1d(1)
        with torch.no_grad():
            self.G.weight.fill_(0.0)


def averaged(kimg: float, rampup: float, updates: int) -> tuple[float, float]:
    model = OneWeight()
    averages = Averages(model)
    hp = SimpleNamespace(ema_kimg=kimg, ema_rampup=rampup)
    averages.update(hp, 100, 100)  # torch's first update copies
    with torch.no_grad():
        model.G.weight.fill_(1.0)
        model.G.running_mean.fill_(1.0)
    for update in range(updates):
        averages.update(hp, 100 * (update + 2), 100)
    network = model.ema["G"]
    return float(network.weight), float(network.running_mean)


def test_after_a_half_life_half_of_the_way_is_gone() -> None:
    assert averaged(kimg=1.0, rampup=0.0, updates=10) == pytest.approx((0.5, 0.5))


def test_without_a_half_life_the_newest_weights_are_used() -> None:
    assert averaged(kimg=0.0, rampup=0.0, updates=1) == (1.0, 1.0)


def test_the_half_life_ramps_up() -> None:
    assert averaged(kimg=1.0, rampup=0.05, updates=1)[0] > 0.99


def test_the_averages_are_for_looking_at_only() -> None:
    model = OneWeight()
    network = Averages(model).networks["G"]
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
