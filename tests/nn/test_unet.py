"""The U-Net: its sizes, whose statistics it takes, where its chance comes from, and the skips."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from studio.nn.unet import Norm, OwnStatisticsBatchNorm, UNet


def noise(count: int, size: int, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(3), dtype=dtype) * 2 - 1


def small(levels: int = 6, **values: Any) -> UNet:
    torch.manual_seed(0)
    return UNet(levels, width=4, **values)


@pytest.mark.parametrize("levels", [2, 4, 5, 6, 7])
@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_pictures_become_pictures_of_the_same_size(levels: int, norm: Norm) -> None:
    made = small(levels, norm=norm)(noise(2, 2**levels))
    assert made.shape == (2, 3, 2**levels, 2**levels)
    assert 0 < made.abs().max() <= 1


@pytest.mark.parametrize(("levels", "count"), [(8, 54_413_955), (7, 41_828_995)])
def test_it_has_the_references_parameters(levels: int, count: int) -> None:
    # unet_256 and unet_128 with ngf 64 and batch norm.
    with torch.device("meta"):
        assert sum(p.numel() for p in UNet(levels).parameters()) == count


def test_the_innermost_is_one_pixel() -> None:
    G, sizes = small(5), []
    for layer in G.down:
        layer.register_forward_hook(lambda _layer, _inputs, made: sizes.append(tuple(made.shape[1:])))
    G(noise(1, 32))
    assert sizes == [(4, 16, 16), (8, 8, 8), (16, 4, 4), (32, 2, 2), (32, 1, 1)]


def test_norms_stand_everywhere_but_at_both_ends_and_the_innermost() -> None:
    G = small(6)
    has_norm = [[isinstance(layer, nn.Sequential) for layer in side] for side in (G.down, G.up)]
    assert has_norm == [[False, True, True, True, True, False], [True, True, True, True, True, False]]
    convolutions = [layer for layer in G.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    assert [layer.bias is not None for layer in convolutions] == [False] * 11 + [True]
    instance = [layer for layer in small(6, norm="instance").modules() if isinstance(layer, nn.Conv2d)]
    assert all(layer.bias is not None for layer in instance)


@pytest.mark.parametrize(("levels", "dropped"), [(4, []), (5, []), (6, [1]), (7, [1, 2]), (8, [1, 2, 3])])
def test_dropout_follows_the_inner_layers_but_the_innermost(levels: int, dropped: list[int]) -> None:
    assert list(UNet(levels, width=1).dropped) == dropped


def test_batch_norm_at_test_is_batch_norm_of_a_batch_of_one() -> None:
    norm = OwnStatisticsBatchNorm(5).double()
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    x = torch.randn(4, 5, 3, 3, dtype=torch.float64)
    alone = torch.cat([norm(one) for one in x.split(1)])
    assert not torch.allclose(norm(x), alone)
    assert torch.allclose(norm.eval()(x), alone, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("norm", ["batch", "instance"])
@pytest.mark.parametrize("chance", [False, True])
def test_a_picture_does_not_depend_on_the_rest_of_its_batch(norm: Norm, chance: bool) -> None:
    G, images = small(6, norm=norm).double().eval(), noise(3, 64, torch.float64)

    def made(chosen: Tensor) -> Tensor:
        return G(chosen, torch.Generator().manual_seed(1) if chance else None)

    assert torch.allclose(made(images)[2], made(images[2:])[0], rtol=1e-9, atol=1e-9)


def test_with_batches_of_one_testing_is_training_without_dropout() -> None:
    G, images = small(6, dropout=0).double(), noise(1, 64, torch.float64)
    assert torch.allclose(G.train()(images), G.eval()(images), rtol=1e-9, atol=1e-9)


def test_at_test_chance_comes_from_the_generator_alone() -> None:
    G, images, state = small(6).eval(), noise(2, 64), torch.get_rng_state()
    first, again, other = (G(images, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)
    assert torch.equal(G(images), G(images))
    assert not torch.allclose(G(images), first)
    assert torch.equal(state, torch.get_rng_state())


def test_in_training_chance_comes_from_torchs_global_generator() -> None:
    G, images, made = small(6), noise(2, 64), []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        made.append(G(images, torch.Generator().manual_seed(5)))
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_dropout_at_test_halves_the_number_and_doubles_the_size() -> None:
    G, ones = small(6), torch.ones(2, 40, 5, 5)
    dropped = G.eval()._drop(ones, torch.Generator().manual_seed(0))
    assert set(dropped.unique().tolist()) == {0, 2}
    assert dropped.mean().item() == pytest.approx(1, abs=0.1)
    assert torch.equal(dropped[0], dropped[1])


def test_a_generator_means_one_picture_in_either_precision() -> None:
    G, images = small(6).eval(), noise(1, 64)
    single = G(images, torch.Generator().manual_seed(1))
    double = G.double()(images.double(), torch.Generator().manual_seed(1))
    assert torch.allclose(single.double(), double, atol=1e-5)


def test_activated_skips_and_bare_ones_are_the_same() -> None:
    # What the module's docstring says of the reference and the paper.
    x = torch.randn(1000, dtype=torch.float64, requires_grad=True)
    (bare,) = torch.autograd.grad(x.relu().square().sum(), x)
    (activated,) = torch.autograd.grad(leaky_relu(x, 0.2).relu().square().sum(), x)
    assert torch.equal(leaky_relu(x, 0.2).relu(), x.relu())
    assert torch.equal(activated, bare)


def test_two_levels_are_these_sums() -> None:
    G = small(2, dropout=0).double()
    images = noise(1, 4, torch.float64)
    outer = G.down[0](images)
    inner = G.down[1](leaky_relu(outer, 0.2))
    risen = G.up[0](inner.relu())
    made = G.up[1](torch.cat([outer, risen], 1).relu()).tanh()
    assert torch.allclose(G(images), made, rtol=1e-12, atol=1e-12)
