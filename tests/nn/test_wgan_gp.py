"""WGAN-GP's networks: the reference code's sizes, no batch norm in the critic, and how the weights start."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.api import StudioError
from studio.nn.wgan_gp import ConvCritic, ConvGenerator, FcCritic, FcGenerator, Norm


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def kinds(network: nn.Module) -> list[type[nn.Module]]:
    norms = (nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm)
    return [type(layer) for layer in network.modules() if isinstance(layer, norms)]


@pytest.mark.parametrize("resolution", [8, 28, 32])
@pytest.mark.parametrize("norm", ["none", "layer"])
def test_convolutions_go_from_z_to_pictures_to_scores(resolution: int, norm: Norm) -> None:
    pictures = ConvGenerator(resolution, z_dim=5, width=4)(torch.randn(3, 5))
    assert pictures.shape == (3, 3, resolution, resolution)
    assert pictures.abs().max() <= 1
    assert ConvCritic(resolution, 4, norm)(pictures).shape == (3,)


def test_perceptrons_go_from_z_to_pictures_of_any_size_to_scores() -> None:
    pictures = FcGenerator(9, z_dim=5, hidden=16)(torch.randn(3, 5))
    assert pictures.shape == (3, 3, 9, 9)
    assert pictures.abs().max() <= 1
    assert FcCritic(9, 16)(pictures).shape == (3,)


def test_at_32_px_they_have_the_reference_codes_weights() -> None:
    # gan_cifar.py with DIM 128: 5 x 5 kernels with biases, but not where batch norm follows; two numbers a norm.
    kernels = 25 * (3 * 128 + 128 * 256 + 256 * 512)
    assert count(ConvCritic(32)) == kernels + 128 + 256 + 512 + 8192 + 1
    assert count(ConvGenerator(32)) == kernels + 128 * 8192 + 3 + 2 * (8192 + 256 + 128)


def test_the_perceptrons_have_the_reference_codes_weights() -> None:
    # gan_64x64.py: FCGenerator and FCDiscriminator with FC_DIM 512, here at 32 px.
    hidden = 3 * (512 * 512 + 512)
    assert count(FcGenerator(32)) == 129 * 512 + hidden + 513 * 3072
    assert count(FcCritic(32)) == 3073 * 512 + hidden + 513


def test_the_critic_has_no_batch_norm() -> None:
    assert kinds(ConvCritic(32, 4)) == kinds(FcCritic(8, 16)) == []
    assert kinds(ConvCritic(32, 4, "layer")) == [nn.GroupNorm] * 2
    assert kinds(ConvGenerator(32, width=4)) == [nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm2d]


@pytest.mark.parametrize("norm", ["none", "layer"])
def test_a_score_does_not_depend_on_the_rest_of_the_batch(norm: Norm) -> None:
    critic, images = ConvCritic(16, 4, norm).double(), torch.randn(4, 3, 16, 16, dtype=torch.float64)
    torch.testing.assert_close(critic(images)[:1], critic(images[:1]))


def test_weights_start_as_in_the_reference_code() -> None:
    torch.manual_seed(0)
    critic = ConvCritic(32, 64)
    second = [layer for layer in critic.modules() if isinstance(layer, nn.Conv2d)][1]
    assert second.weight.std().item() == pytest.approx((4 / (64 * 25 + 128 * 25 / 4)) ** 0.5, rel=0.02)
    assert second.weight.abs().max().item() <= (12 / (64 * 25 + 128 * 25 / 4)) ** 0.5
    assert second.bias is not None
    assert not second.bias.any()
    first = next(layer for layer in FcGenerator(8).modules() if isinstance(layer, nn.Linear))
    assert first.weight.std().item() == pytest.approx((2 / 128) ** 0.5, rel=0.02)


def test_a_size_that_no_doubling_reaches_names_the_nearest() -> None:
    with pytest.raises(StudioError, match="cannot be made by doubling"):
        ConvGenerator(50)
