"""layout2image's list of objects, its networks' shapes, and what a picture depends on."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from studio.api import Batch
from studio.api.testing import train_step
from studio.nn.boxed import box_masks
from studio.nn.convlstm import ConvLstmCell
from studio_layout2image.generator import LayoutGenerator
from studio_layout2image.model import Layout2Image
from studio_layout2image.objects import pack, shuffled
from tests.plugins.layout2image_kit import noise, small


def test_the_papers_networks_have_the_authors_channels() -> None:
    with torch.device("meta"):
        G = LayoutGenerator(64, 10)
        lines = [(cell.inputs, cell.hidden) for cell in G.fusion.cells if isinstance(cell, ConvLstmCell)]
    assert lines == [(512, 128), (128, 64), (64, 64)]
    assert [tuple(layer.weight.shape) for layer in G.decoder if isinstance(layer, nn.ConvTranspose2d)] == [
        (256, 256, 4, 4),
        (256, 128, 4, 4),
        (128, 64, 4, 4),
    ]


@pytest.mark.parametrize(("layers", "hidden"), [(1, [4]), (2, [8, 4]), (3, [8, 4, 4])])
def test_the_convlstm_has_as_many_layers_as_asked_for(layers: int, hidden: list[int]) -> None:
    cells = small(lstm_layers=layers).G.fusion.cells
    assert [cell.hidden for cell in cells if isinstance(cell, ConvLstmCell)] == hidden


def test_the_objects_and_the_convlstm_have_widths_of_their_own_where_these_are_given() -> None:
    as_wide, G = small().G, small(object_width=2, hidden=6).G
    for layer, same, given in (("encoder.first", 4, 2), ("decoder.0.main.0", 4, 6), ("decoder.7", 16, 16)):
        assert as_wide.get_parameter(f"{layer}.weight").shape[0] == same
        assert G.get_parameter(f"{layer}.weight").shape[0] == given
    assert [(cell.inputs, cell.hidden) for cell in G.fusion.cells if isinstance(cell, ConvLstmCell)] == [
        (16, 12),
        (12, 6),
        (6, 6),
    ]


def test_bounded_pictures_are_the_tanh_of_the_others() -> None:
    model, bounded = small(), small(bounded=True)
    bounded.G.load_state_dict(model.G.state_dict())
    objects = shuffled(noise(model))
    z = torch.randn(len(objects), 5)
    torch.testing.assert_close(bounded.G(objects, z), model.G(objects, z).tanh())


def test_objects_are_packed_by_turns_and_the_fullest_layouts_come_first() -> None:
    present = torch.tensor([[False, True, False], [True, True, True], [False, False, False], [True, False, True]])
    labels = torch.arange(12).view(4, 3)
    objects = pack(torch.rand(4, 3, 4), labels, present)
    # Layout 1 has three objects, 3 two, 0 one, 2 none.
    assert objects.rank.tolist() == [2, 0, 3, 1]
    assert objects.sizes == (3, 2, 1)
    assert objects.labels.tolist() == [3, 9, 1, 4, 11, 5]
    assert objects.picture.tolist() == [1, 3, 0, 1, 3, 1]
    assert objects.slot.tolist() == [0, 0, 1, 1, 2, 2]


def test_no_objects_are_packed_to_none() -> None:
    objects = pack(torch.rand(2, 3, 4), torch.zeros(2, 3, dtype=torch.int64), torch.zeros(2, 3, dtype=torch.bool))
    assert (len(objects), objects.sizes, objects.rank.tolist()) == (0, (), [0, 1])


def test_training_shuffles_each_pictures_objects() -> None:
    labels = torch.arange(6).repeat(50, 1)
    present = labels != 2
    batch = Batch(torch.zeros(50, 3, 8, 8), labels=labels, boxes=labels[:, :, None].expand(-1, -1, 4), present=present)
    torch.manual_seed(0)
    objects = shuffled(batch)
    assert torch.equal(objects.boxes[:, 0], objects.labels)
    orders = {tuple(objects.labels[objects.picture == picture].tolist()) for picture in range(50)}
    assert {tuple(sorted(order)) for order in orders} == {(0, 1, 3, 4, 5)}
    assert len(orders) > 20


def test_no_layer_of_the_ds_stretches_by_more_than_one() -> None:
    model = small(lr=2e-4)
    for step in range(30):
        train_step(model, noise(model, seed=step), step)
    largest = [
        torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        for D in (model.D_image.eval(), model.D_object.eval())
        for layer in D.modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    assert len(largest) == (3 * 3 + 1) + (3 * 3 + 2)
    assert 0.95 <= min(largest) <= max(largest) <= 1.05


def averaged(model: Layout2Image, seed: int = 0) -> Layout2Image:
    """The model with averaged networks whose norms have something to say, in float64."""
    torch.manual_seed(seed)
    G = copy.deepcopy(model.G).double().eval()
    for layer in G.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None
            assert layer.running_var is not None
            layer.running_mean.normal_(0, 0.2)
            layer.running_var.uniform_(0.01, 0.1)
    model.ema = {"G": G}
    return model


def layout(count: int, objects: int = 4, seed: int = 0, z_dim: int = 5) -> dict[str, Tensor]:
    draws = torch.Generator().manual_seed(seed)
    corners = torch.rand(count, objects, 2, generator=draws, dtype=torch.float64) / 2
    sizes = 0.2 + 0.3 * torch.rand(count, objects, 2, generator=draws, dtype=torch.float64)
    return {
        "boxes": torch.cat([corners, sizes], dim=2),
        "labels": torch.randint(3, (count, objects), generator=draws),
        "z": torch.randn(count, objects, z_dim, generator=draws, dtype=torch.float64),
        "present": torch.ones(count, objects, dtype=torch.bool),
    }


def test_a_picture_is_the_plain_computation() -> None:
    """Object by object, with maps spelled out and the recurrence one step at a time."""
    model, given = averaged(small()), layout(2)
    G = model.ema["G"]
    assert isinstance(G, LayoutGenerator)
    given["present"] = torch.tensor([[True, False, True, True], [False, True, False, False]])
    for picture in range(2):
        states: list[Any] = [None] * 3
        for slot in given["present"][picture].nonzero().flatten().tolist():
            label = given["labels"][picture, slot][None]
            vector = G.encoder.first(torch.cat([G.encoder.embedding(label), given["z"][picture, slot][None]], dim=1))
            mask = box_masks(given["boxes"][picture, slot][None], 16)
            maps = nn.functional.pad(vector[:, :, None, None] * mask, (1, 1, 1, 1))
            maps = G.encoder.norms[0](maps, label)
            for halving, norm in zip(G.encoder.halvings, [*G.encoder.norms][1:], strict=True):
                maps = norm(halving(maps.relu()), label)
            for depth, cell in enumerate(G.fusion.cells):
                assert isinstance(cell, ConvLstmCell)
                h, c = states[depth] or (maps.new_zeros(1, cell.hidden, 2, 2),) * 2
                i, f, o, g = cell.gates(torch.cat([maps, h], dim=1)).chunk(4, dim=1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                states[depth] = maps, _ = o.sigmoid() * c.tanh(), c
        expected = G.decoder(states[-1][0]).clamp(-1, 1)
        torch.testing.assert_close(model.render_layout(**given)[picture][None], expected)


def test_absent_objects_change_nothing() -> None:
    model, given = averaged(small()), layout(3)
    given["present"][0, 1] = given["present"][1, 3] = given["present"][2, :2] = False
    before = model.render_layout(**given)
    for name, nonsense in (("boxes", math.nan), ("z", math.nan), ("labels", -7)):
        given[name] = torch.where(
            given["present"] if name == "labels" else given["present"][:, :, None], given[name], nonsense
        )
    assert torch.equal(model.render_layout(**given), before)
    kept = {name: value[2:, 2:] for name, value in given.items()}
    torch.testing.assert_close(model.render_layout(**kept), before[2:])


def test_a_layout_without_objects_is_a_picture_all_the_same() -> None:
    model, given = averaged(small()), layout(2)
    given["present"][1] = False
    mixed = model.render_layout(**given)
    given["present"][:] = False
    empty = model.render_layout(**given)
    assert empty.shape == (2, 3, 16, 16)
    assert empty.isfinite().all()
    torch.testing.assert_close(empty[1], mixed[1])


def test_a_picture_does_not_depend_on_the_others_in_its_batch() -> None:
    model, given = averaged(small()), layout(3)
    given["present"][0, 2:] = given["present"][2, 1:] = False
    together = model.render_layout(**given)
    for picture in range(3):
        alone = {name: value[picture : picture + 1] for name, value in given.items()}
        torch.testing.assert_close(model.render_layout(**alone)[0], together[picture], rtol=1e-9, atol=1e-12)


def test_every_object_of_a_layout_matters_and_so_does_its_z() -> None:
    model, given = averaged(small()), layout(1)
    before = model.render_layout(**given)
    for slot in range(4):
        other = {**given, "z": given["z"].clone(), "present": given["present"].clone()}
        other["z"][0, slot] += 1
        assert not torch.allclose(model.render_layout(**other), before)
        other["present"][0, slot] = False
        assert not torch.allclose(model.render_layout(**other), before)
