"""The mapping network: what it normalises, how it embeds labels, its running mean, truncation."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import leaky_relu

from studio.nn.mapping import MappingNetwork, truncate, unit_second_moment


def test_it_is_layers_on_a_z_of_unit_second_moment() -> None:
    torch.manual_seed(0)
    mapping, z = MappingNetwork(4, 6, 2).double(), torch.randn(3, 4, dtype=torch.float64)
    x = z / z.square().mean(dim=1, keepdim=True).sqrt()
    for layer in (mapping.fc0, mapping.fc1):
        x = leaky_relu(x @ layer.weight.T * 0.01 / layer.weight.shape[1] ** 0.5, 0.2) * 2**0.5
    torch.testing.assert_close(mapping(z), x)


def test_the_length_of_z_does_not_matter() -> None:
    mapping, z = MappingNetwork(4, 6, 3).double(), torch.randn(3, 4, dtype=torch.float64)
    torch.testing.assert_close(mapping(z), mapping(7 * z), rtol=1e-6, atol=1e-6)


def test_a_label_stands_beside_z_or_alone() -> None:
    labels = torch.tensor([0, 2, 2])
    beside = MappingNetwork(4, 6, 2, label_count=3)
    assert beside.fc0.weight.shape == (6, 4 + 6)
    assert beside.embed.weight.shape == (6, 3)
    z = torch.randn(1, 4).expand(3, 4)
    w = beside(z, labels)
    torch.testing.assert_close(w[1], w[2])
    assert not torch.allclose(w[0], w[1])
    alone = MappingNetwork(0, 6, 2, label_count=3)
    assert alone(None, labels).shape == (3, 6)
    assert "w_avg" not in alone.state_dict()


def test_an_embedding_is_normalised() -> None:
    mapping = MappingNetwork(0, 6, 1, label_count=3)
    before = mapping(None, torch.tensor([1]))
    with torch.no_grad():
        mapping.embed.weight *= 9
    torch.testing.assert_close(mapping(None, torch.tensor([1])), before)


def test_the_running_mean_moves_by_half_a_percent() -> None:
    mapping = MappingNetwork(4, 2, 1)
    mapping.track(torch.tensor([[1.0, 4.0], [3.0, 0.0]]))
    assert mapping.w_avg.tolist() == pytest.approx([0.01, 0.01])
    mapping.track(torch.tensor([[2.0, 2.0]]))
    assert mapping.w_avg.tolist() == pytest.approx([0.01995, 0.01995])


def test_looking_does_not_move_the_running_mean() -> None:
    mapping = MappingNetwork(4, 2, 1)
    mapping(torch.randn(3, 4))
    assert mapping.w_avg.tolist() == [0.0, 0.0]


def test_truncation_goes_straight_to_the_mean() -> None:
    ws, mean = torch.full((2, 3, 1), 5.0), torch.tensor([1.0])
    assert truncate(ws, mean, 1.0) is ws
    assert truncate(ws, mean, 0.0).flatten().tolist() == [1.0] * 6
    assert truncate(ws, mean, 0.75)[0, :, 0].tolist() == [4.0, 4.0, 4.0]
    assert truncate(ws, mean, 0.5, cutoff=1)[0, :, 0].tolist() == [3.0, 5.0, 5.0]
    assert ws.flatten().tolist() == [5.0] * 6


def test_unit_second_moment() -> None:
    assert unit_second_moment(torch.tensor([[3.0, 4.0]]))[0].tolist() == pytest.approx([3 / 12.5**0.5, 4 / 12.5**0.5])
