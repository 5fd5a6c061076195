"""Minibatch standard deviation against values worked out by hand."""

from __future__ import annotations

import pytest
import torch

from studio.nn.minibatch_std import minibatch_std


def test_hand_worked() -> None:
    # Two groups of two: pictures 0 and 2, 1 and 3. Deviations .5 and 1.5 over two channels, 0 and 2: means 1 and 1.
    features = torch.tensor([[0.0, 0.0], [5.0, 1.0], [1.0, 3.0], [5.0, 5.0]]).view(4, 2, 1, 1)
    out = minibatch_std(features, group=2)
    assert torch.equal(out[:, :2], features)
    assert out[:, 2, 0, 0].tolist() == pytest.approx([1.0, 1.0, 1.0, 1.0], abs=1e-4)


def test_groups_are_apart_and_pixels_share_one_number() -> None:
    features = torch.zeros(8, 3, 2, 2)
    features[0] = 4.0
    out = minibatch_std(features, group=4)[:, 3]
    # Picture 0 is with 2, 4 and 6: the deviation of (4, 0, 0, 0) is the root of 3.
    assert out[:, 0, 0].tolist() == pytest.approx([3**0.5, 1e-4] * 4)
    assert torch.equal(out, out[:, :1, :1].expand_as(out))


def test_a_group_of_one_sees_no_other_picture() -> None:
    out = minibatch_std(torch.randn(3, 2, 4, 4), group=1)[:, 2]
    assert out.flatten().tolist() == pytest.approx([1e-4] * 48)


@pytest.mark.parametrize(("count", "used"), [(2, 2), (6, 3), (7, 1), (12, 4)])
def test_any_number_of_pictures_will_do(count: int, used: int) -> None:
    features = torch.randn(count, 2, 3, 3)
    torch.testing.assert_close(minibatch_std(features, 4), minibatch_std(features, used))


def test_equal_pictures_have_a_finite_gradient() -> None:
    features = torch.ones(4, 2, 2, 2, requires_grad=True)
    minibatch_std(features).sum().backward()
    assert features.grad is not None
    assert bool(features.grad.isfinite().all())
