"""Maps in short against maps spelled out: masks, convolutions, conditional batch norm."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from studio.nn.boxed import BoxedMaps, box_masks, boxed_conv2d
from studio.nn.conditional_norm import ConditionalBatchNorm2d


def boxes(*rows: list[float]) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def maps() -> BoxedMaps:
    torch.manual_seed(0)
    inside, outside = torch.randn(2, 3, 4, dtype=torch.float64)
    areas = boxes([0, 0, 0.5, 0.25], [0.25, 0.4, 0.6, 0.5], [0, 0, 1, 1])
    return BoxedMaps(inside.requires_grad_(), outside.requires_grad_(), box_masks(areas, 8))


def norm(training: bool) -> ConditionalBatchNorm2d:
    torch.manual_seed(1)
    layer = ConditionalBatchNorm2d(4, 3).double().train(training)
    nn.init.normal_(layer.shift.weight)
    assert layer.norm.running_mean is not None
    assert layer.norm.running_var is not None
    layer.norm.running_mean.normal_()
    layer.norm.running_var.uniform_(0.5, 2)
    return layer


def test_masks_are_one_inside_their_boxes() -> None:
    masks = box_masks(boxes([0.25, 0, 0.5, 0.25], [0.5, 0.5, 0.5, 0.5]), 4)
    assert masks.shape == (2, 1, 4, 4)
    assert masks.dtype == torch.float64
    assert masks[0, 0].tolist() == [[0, 1, 1, 0], [0] * 4, [0] * 4, [0] * 4]
    assert masks[1, 0].tolist() == [[0] * 4, [0] * 4, [0, 0, 1, 1], [0, 0, 1, 1]]


def test_edges_are_rounded_half_to_even_and_no_box_is_lost() -> None:
    # From 1.5 to 2.5, both to 2: one pixel all the same. From .4 to 1.4, to 0 and 1.
    masks = box_masks(boxes([1.5 / 4, 0.1, 0.25, 0.25], [0, 0, 0.01, 0.01]), 4)
    assert masks[0, 0].tolist() == [[0, 0, 1, 0], [0] * 4, [0] * 4, [0] * 4]
    assert masks[1, 0].tolist() == [[1, 0, 0, 0], [0] * 4, [0] * 4, [0] * 4]


def test_what_leaves_the_picture_is_cut_off() -> None:
    assert box_masks(boxes([0.5, -0.5, 1, 1]), 2)[0, 0].tolist() == [[0, 1], [0, 0]]


def test_maps_are_spelled_out() -> None:
    short = maps()
    dense = short.dense()
    assert dense.shape == (3, 4, 8, 8)
    torch.testing.assert_close(dense[0, :, 1, 3], short.inside[0])
    torch.testing.assert_close(dense[0, :, 2, 3], short.outside[0])
    torch.testing.assert_close(short.share.flatten(), dense.new_tensor([8 / 64, 5 * 4 / 64, 1]))


@pytest.mark.parametrize("convolution", [(4, 5, 4, 2, 1), (4, 2, 3, 1, 1), (4, 3, 1, 1, 0)], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_a_convolution_of_maps_in_short_is_the_convolution(convolution: tuple[int, ...], bias: bool) -> None:
    layer, short = nn.Conv2d(*convolution, bias=bias).double(), maps()
    ours, spelled_out = boxed_conv2d(short, layer), layer(short.dense())
    torch.testing.assert_close(ours, spelled_out)
    learning = [short.inside, short.outside, *layer.parameters()]
    weight = torch.randn_like(ours)
    slopes = torch.autograd.grad((ours * weight).sum(), learning)
    for mine, theirs in zip(slopes, torch.autograd.grad((spelled_out * weight).sum(), learning), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_no_maps_at_all_are_convolved_to_none() -> None:
    nothing = BoxedMaps(torch.zeros(0, 4), torch.zeros(0, 4), torch.zeros(0, 1, 8, 8))
    assert boxed_conv2d(nothing, nn.Conv2d(4, 5, 4, stride=2, padding=1)).shape == (0, 5, 4, 4)


@pytest.mark.parametrize("training", [True, False])
def test_conditional_batch_norm_is_one_batch_norm_a_class(training: bool) -> None:
    layer, labels = norm(training), torch.tensor([2, 0, 2])
    x = torch.randn(3, 4, 5, 5, dtype=torch.float64)
    plain = nn.BatchNorm2d(4, affine=False).double().train(training)
    plain.load_state_dict(layer.norm.state_dict())
    scale, shift = layer.scale.weight[labels], layer.shift.weight[labels]
    expected = plain(x) * scale[:, :, None, None] + shift[:, :, None, None]
    torch.testing.assert_close(layer(x, labels), expected)


def test_conditional_batch_norm_starts_near_batch_norm() -> None:
    torch.manual_seed(0)
    layer = ConditionalBatchNorm2d(64, 100)
    assert not layer.shift.weight.any()
    assert layer.scale.weight.mean().item() == pytest.approx(1, abs=1e-3)
    assert layer.scale.weight.std().item() == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize("training", [True, False])
def test_normalised_in_short_is_normalised(training: bool) -> None:
    short, dense, labels, x = norm(training), norm(training), torch.tensor([2, 0, 1]), maps()
    ours, spelled_out = short.boxed(x, labels).each(relu).dense(), relu(dense(x.dense(), labels))
    torch.testing.assert_close(ours, spelled_out)
    for name, running in short.norm.state_dict().items():
        torch.testing.assert_close(running, dense.norm.state_dict()[name])
    weight = torch.randn_like(ours)
    slopes = torch.autograd.grad((ours * weight).sum(), [x.inside, x.outside, *short.parameters()])
    theirs = torch.autograd.grad((spelled_out * weight).sum(), [x.inside, x.outside, *dense.parameters()])
    for mine, other in zip(slopes, theirs, strict=True):
        torch.testing.assert_close(mine, other)
