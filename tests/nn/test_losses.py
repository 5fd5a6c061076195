"""Every loss against values worked by hand."""

from __future__ import annotations

import math

import pytest
import torch

from studio.api import StudioError
from studio.nn import losses
from studio.nn.losses import gan_loss

# Logits whose sigmoids are 3/4 and 1/4.
UP, DOWN = math.log(3), -math.log(3)


def logits(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_bce_discriminator_sums_the_two_cross_entropies() -> None:
    loss = losses.bce_discriminator(logits(UP, DOWN), logits(DOWN, 0.0))
    by_hand = -(math.log(3 / 4) + math.log(1 / 4)) / 2 - (math.log(3 / 4) + math.log(1 / 2)) / 2
    assert loss.item() == pytest.approx(by_hand, abs=1e-12)


def test_smoothing_moves_the_targets_of_real_pictures_alone() -> None:
    smoothed = losses.bce_discriminator(logits(UP), logits(DOWN), smoothing=0.1)
    by_hand = -(0.9 * math.log(3 / 4) + 0.1 * math.log(1 / 4)) - math.log(3 / 4)
    assert smoothed.item() == pytest.approx(by_hand, abs=1e-12)


def test_smoothed_bce_is_least_where_d_is_as_sure_as_its_target() -> None:
    real = logits(math.log(0.9 / 0.1)).requires_grad_()
    losses.bce_discriminator(real, logits(0.0), smoothing=0.1).backward()
    assert real.grad is not None
    assert real.grad.item() == pytest.approx(0, abs=1e-12)


def test_non_saturating_and_minimax_generators() -> None:
    assert losses.bce_generator(logits(UP, DOWN)).item() == pytest.approx(
        -(math.log(3 / 4) + math.log(1 / 4)) / 2, abs=1e-12
    )
    assert losses.bce_generator_minimax(logits(UP, DOWN)).item() == pytest.approx(
        (math.log(1 / 4) + math.log(3 / 4)) / 2, abs=1e-12
    )


def test_minimax_saturates_where_non_saturating_does_not() -> None:
    sure = logits(-20.0).requires_grad_()
    (minimax,) = torch.autograd.grad(losses.bce_generator_minimax(sure), sure)
    (non_saturating,) = torch.autograd.grad(losses.bce_generator(sure), sure)
    assert abs(minimax.item()) < 1e-8
    assert non_saturating.item() == pytest.approx(-1, abs=1e-8)


def test_least_squares() -> None:
    loss = losses.least_squares_discriminator(logits(3.0, 0.0), logits(0.5, -1.0))
    assert loss.item() == pytest.approx(0.5 * (4 + 1) / 2 + 0.5 * (0.25 + 1) / 2, abs=1e-12)
    assert losses.least_squares_discriminator(logits(0.5), logits(0.0), smoothing=0.1).item() == pytest.approx(
        0.5 * 0.16, abs=1e-12
    )
    assert losses.least_squares_generator(logits(3.0, 0.0)).item() == pytest.approx(0.5 * (4 + 1) / 2, abs=1e-12)


def test_hinge() -> None:
    loss = losses.hinge_discriminator(logits(2.0, 0.5, -1.0), logits(-2.0, 0.5, 1.0))
    assert loss.item() == pytest.approx((0 + 0.5 + 2) / 3 + (0 + 1.5 + 2) / 3, abs=1e-12)
    assert losses.hinge_generator(logits(2.0, -5.0)).item() == pytest.approx(1.5, abs=1e-12)


@pytest.mark.parametrize("extreme", [1e4, -1e4])
@pytest.mark.parametrize("name", ["bce", "bce-minimax", "lsgan", "hinge"])
def test_extreme_logits_stay_finite(name: str, extreme: float) -> None:
    loss = gan_loss(name)
    real, fake = torch.tensor([extreme], requires_grad=True), torch.tensor([-extreme], requires_grad=True)
    total = loss.discriminator(real, fake) + loss.generator(fake)
    gradients = torch.autograd.grad(total, (real, fake))
    assert all(value.isfinite().all() for value in (total, *gradients))


@pytest.mark.parametrize("name", ["bce", "bce-minimax", "lsgan", "hinge"])
@pytest.mark.parametrize("shape", [(4,), (4, 1, 3, 3)])
def test_a_pair_by_name_takes_any_shape_and_dtype(name: str, shape: tuple[int, ...]) -> None:
    loss = gan_loss(name)
    real, fake = torch.randn(shape, dtype=torch.float64), torch.randn(shape, dtype=torch.float64)
    for value in (loss.discriminator(real, fake), loss.generator(fake)):
        assert value.shape == ()
        assert value.dtype == torch.float64
    assert loss.verdict(real).shape == shape


@pytest.mark.parametrize("name", ["bce", "bce-minimax", "lsgan", "hinge"])
def test_d_and_g_pull_the_same_logit_in_opposite_ways(name: str) -> None:
    loss = gan_loss(name)
    fake = torch.tensor([0.3], requires_grad=True)
    (d_slope,) = torch.autograd.grad(loss.discriminator(torch.tensor([0.3]), fake), fake)
    (g_slope,) = torch.autograd.grad(loss.generator(fake), fake)
    assert d_slope.item() > 0 > g_slope.item()


def test_verdict_is_a_probability_only_where_the_loss_makes_it_one() -> None:
    assert gan_loss("bce").verdict(logits(UP)).item() == pytest.approx(0.75)
    assert gan_loss("hinge").verdict(logits(UP)).item() == pytest.approx(UP)


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(StudioError, match="bce, bce-minimax, lsgan, hinge"):
        gan_loss("wasserstein")


def test_hinge_has_nothing_to_smooth() -> None:
    with pytest.raises(StudioError, match="no targets to smooth"):
        gan_loss("hinge", smoothing=0.1)
