"""The gradient penalty against values worked out by hand, and the activation that makes it cheap."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from studio.nn.penalties import gradient_norms, interpolates, two_sided
from studio.nn.piecewise import LeakyRelu


def pictures(count: int = 4, seed: int = 0) -> Tensor:
    return torch.randn(count, 3, 2, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def critic(activation: Callable[[], nn.Module]) -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(12, 8), activation(), nn.Linear(8, 8), activation(), nn.Linear(8, 1)]
    return nn.Sequential(*layers, nn.Flatten(0)).double()


def test_a_linear_critics_penalty_is_what_a_hand_works_out() -> None:
    # D(x) = 3 x_1 + 4 x_2: the norm is 5 everywhere, the penalty (5 - 1)^2, its slope 2 (5 - 1) (3, 4) / 5.
    weight = torch.tensor([3.0, 4.0], requires_grad=True)
    norms = gradient_norms(lambda images: images.flatten(1) @ weight, torch.randn(6, 2, 1, 1))
    penalty = two_sided(norms)
    penalty.backward()
    assert norms.tolist() == [5.0] * 6
    assert penalty.item() == 16.0
    assert weight.grad is not None
    assert weight.grad.tolist() == pytest.approx([4.8, 6.4])


def test_each_picture_has_a_norm_of_its_own() -> None:
    images = pictures()
    norms = gradient_norms(lambda batch: batch.square().sum(dim=(1, 2, 3)) / 2, images)
    torch.testing.assert_close(norms, images.flatten(1).norm(dim=1))


def test_the_penalty_is_two_sided() -> None:
    assert two_sided(torch.tensor([0.5, 1.5])).item() == pytest.approx(0.25)
    assert two_sided(torch.ones(3)).item() == 0


def test_a_critic_without_slope_has_a_finite_penalty_gradient() -> None:
    weight = torch.zeros(12, dtype=torch.float64, requires_grad=True)
    two_sided(gradient_norms(lambda images: images.flatten(1) @ weight, pictures())).backward()
    assert weight.grad is not None
    assert weight.grad.tolist() == [0.0] * 12


def test_interpolates_lie_on_the_lines_one_random_point_a_pair() -> None:
    torch.manual_seed(0)
    real, fake = pictures(200, seed=1), pictures(200, seed=2)
    share = ((interpolates(real, fake) - fake) / (real - fake)).flatten(1)
    torch.testing.assert_close(share, share[:, :1].expand_as(share), rtol=0, atol=1e-9)
    eps = share[:, 0]
    assert eps.min() >= 0
    assert eps.max() <= 1
    assert eps.mean().item() == pytest.approx(0.5, abs=0.06)
    assert eps.std().item() == pytest.approx(12**-0.5, abs=0.03)


def test_no_gradient_reaches_the_pictures_that_are_mixed() -> None:
    real, fake = pictures(seed=1).requires_grad_(), pictures(seed=2).requires_grad_()
    assert not interpolates(real, fake).requires_grad


def test_leaky_relu_is_pytorchs_with_its_derivatives() -> None:
    ours, theirs = critic(LeakyRelu), critic(lambda: nn.LeakyReLU(0.2))
    images = pictures()
    for network in (ours, theirs):
        (two_sided(gradient_norms(network, images)) + network(images).mean()).backward()
    torch.testing.assert_close(ours(images), theirs(images), rtol=0, atol=0)
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, other.grad, rtol=0, atol=1e-15)


def test_the_penalty_does_not_go_back_through_the_forward_pass() -> None:
    # The slope of a network of linear pieces does not depend on its biases: no work is done for them.
    network = critic(LeakyRelu)
    two_sided(gradient_norms(network, pictures())).backward()
    assert {name for name, weight in network.named_parameters() if weight.grad is None} == {
        "1.bias",
        "3.bias",
        "5.bias",
    }


def test_leaky_relu_keeps_the_dtype_and_can_be_copied() -> None:
    layer = copy.deepcopy(LeakyRelu(0.1))
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        values = layer(torch.tensor([-10.0, 0.0, 2.0], dtype=dtype))
        assert values.dtype == dtype
        assert values.float().tolist() == pytest.approx([-1.0, 0.0, 2.0], rel=4e-3)
    assert repr(layer) == "LeakyRelu(slope=0.1)"
