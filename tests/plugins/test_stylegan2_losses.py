"""R1, path length, lazy regularisation and mixing against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from studio_stylegan.lazy import lazy_adam, lazy_ratio
from studio_stylegan.losses import PathLength, discriminator_loss, generator_loss, r1_penalties
from studio_stylegan.mixing import cross, draw_crossover


def test_adversarial_losses() -> None:
    # softplus(0) = ln 2, softplus(-ln 3) = ln(4/3), softplus(ln 3) = ln 4.
    zero, three = torch.zeros(2), torch.full((2,), math.log(3))
    assert discriminator_loss(zero, zero).item() == pytest.approx(2 * math.log(2))
    assert discriminator_loss(three, -three).item() == pytest.approx(2 * math.log(4 / 3))
    assert generator_loss(three).item() == pytest.approx(math.log(4 / 3))
    assert generator_loss(-three).item() == pytest.approx(math.log(4))


def test_r1_is_the_squared_gradient_a_picture() -> None:
    # D(x) = 3 x_1 + 4 x_2^2: the gradient is (3, 8 x_2), its square 9 + 64 x_2^2; by the factors: 2 w_1, 8 w_2 x_2^2.
    weight = torch.tensor([3.0, 4.0], requires_grad=True)
    images = torch.tensor([[5.0, 0.5], [7.0, 1.0]]).view(2, 2, 1, 1).requires_grad_()
    x = images.flatten(1)
    penalties = r1_penalties(weight[0] * x[:, 0] + weight[1] * x[:, 1] ** 2, images)
    assert penalties.tolist() == pytest.approx([9 + 16, 9 + 64])
    (slope,) = torch.autograd.grad(penalties.mean(), weight)
    assert slope.tolist() == pytest.approx([6.0, (8 * 4 * 0.25 + 8 * 4 * 1) / 2])


def test_path_length_of_a_linear_generator() -> None:
    # G(w) = c w in each of four pixels, y made 1 / 2 a pixel: J' y = 4 c / 2 = 2 c in one layer, 0 in the other, so
    # the length is 2 c / sqrt 2. With a = .01 of it, the penalty is (.99 * 2 c / sqrt 2)^2, its slope by c twice that
    # over c.
    c = torch.tensor(3.0, requires_grad=True)
    ws = torch.ones(2, 2, 1, requires_grad=True)
    images = (c * ws[:, 0])[:, :, None, None].expand(2, 1, 2, 2)
    path = PathLength(0.01)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "randn_like", torch.ones_like)
        penalties, lengths = path(images, ws)
    length = 6 / 2**0.5
    assert lengths.tolist() == pytest.approx([length] * 2)
    assert not lengths.requires_grad
    assert path.mean.item() == pytest.approx(0.01 * length)
    assert penalties.tolist() == pytest.approx([(0.99 * length) ** 2] * 2)
    (slope,) = torch.autograd.grad(penalties.mean(), c)
    assert slope.item() == pytest.approx(2 * (0.99 * length) ** 2 / 3)


def test_lengths_at_the_running_mean_cost_nothing() -> None:
    path, ws = PathLength(1.0), torch.ones(1, 1, 1, requires_grad=True)
    penalties, lengths = path(ws[:, :, :, None] * 2, ws)
    assert penalties.item() == 0
    assert path.mean == lengths[0]


def test_y_has_the_variance_of_one_over_the_pixels() -> None:
    # G copies w into every pixel of a channel each: J' y is the sum over the pixels of y, N(0, 1) for any size.
    torch.manual_seed(0)
    ws = torch.zeros(4000, 1, 1, requires_grad=True)
    _, lengths = PathLength()(ws[:, :, :, None].expand(-1, -1, 8, 8), ws)
    assert lengths.square().mean().item() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(("interval", "ratio"), [(4, 0.8), (16, 16 / 17), (1, 0.5)])
def test_adam_is_scaled_for_lazy_regularisation(interval: int, ratio: float) -> None:
    assert lazy_ratio(interval) == ratio
    group = lazy_adam(nn.Linear(2, 2), 2e-3, (0.0, 0.99), interval).param_groups[0]
    assert group["lr"] == pytest.approx(2e-3 * ratio)
    assert group["betas"] == (0.0, 0.99**ratio)
    assert group["eps"] == 1e-8


def test_mixing_crosses_over_at_one_layer() -> None:
    w, other = torch.tensor([[1.0], [2.0]]), torch.tensor([[5.0], [6.0]])
    assert cross(w, other, 1, 3)[:, :, 0].tolist() == [[1, 5, 5], [2, 6, 6]]
    assert cross(w, other, 3, 3)[:, :, 0].tolist() == [[1, 1, 1], [2, 2, 2]]


def crossovers(probability: float, count: int = 2000) -> Tensor:
    torch.manual_seed(0)
    return torch.tensor([draw_crossover(6, probability) for _ in range(count)])


def test_the_crossover_is_any_layer_but_the_first_nine_times_in_ten() -> None:
    found = crossovers(0.9)
    shares = [(found == layer).float().mean().item() for layer in range(7)]
    assert shares == pytest.approx([0.0, 0.18, 0.18, 0.18, 0.18, 0.18, 0.1], abs=0.03)


def test_mixing_can_be_switched_off_and_made_certain() -> None:
    assert crossovers(0.0).unique().tolist() == [6]
    assert crossovers(1.0).unique().tolist() == [1, 2, 3, 4, 5]
