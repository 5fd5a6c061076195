"""The networks: sizes, ranges, where the norms stand, and that any dtype and any copy works."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from studio.api import StudioError
from studio.nn.dcgan import Discriminator, Generator, Norm
from studio.nn.freezing import frozen
from studio.nn.losses import hinge_discriminator
from studio.nn.mlp import Maxout, MlpDiscriminator, MlpGenerator
from studio.nn.resolutions import split_resolution
from studio.nn.spectral import spectral_norm


def layers_of(network: nn.Module, kind: type[nn.Module]) -> list[nn.Module]:
    return [layer for layer in network.modules() if isinstance(layer, kind)]


def largest(network: nn.Module) -> float:
    return max(parameter.detach().abs().max().item() for parameter in network.parameters())


@pytest.mark.parametrize(
    ("resolution", "pair"), [(8, (4, 1)), (28, (7, 2)), (64, (4, 4)), (96, (6, 4)), (1024, (4, 8))]
)
def test_a_resolution_is_a_small_base_doubled(resolution: int, pair: tuple[int, int]) -> None:
    assert split_resolution(resolution) == pair


@pytest.mark.parametrize(("resolution", "nearest"), [(50, "48 or 56"), (9, "8 or 10"), (7, "8"), (0, "8")])
def test_a_resolution_that_no_doubling_reaches_names_the_nearest(resolution: int, nearest: str) -> None:
    with pytest.raises(StudioError) as refusal:
        split_resolution(resolution)
    assert refusal.value.remedy == f"Use {nearest}."


@pytest.mark.parametrize("resolution", [8, 28, 32, 64])
@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
def test_dcgan_goes_from_z_to_pictures_to_logits(resolution: int, norm: Norm) -> None:
    G, D = Generator(resolution, z_dim=5, width=4), Discriminator(resolution, width=4, norm=norm)
    pictures = G(torch.randn(3, 5))
    assert pictures.shape == (3, 3, resolution, resolution)
    assert pictures.abs().max() <= 1
    assert D(pictures).shape == (3,)


def test_dcgan_at_64_has_the_reference_codes_parameters() -> None:
    # pytorch/examples with nz 100, ngf 64, ndf 64: kernels of 4 x 4, no biases, two numbers a normalised channel.
    kernels = 16 * (100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3)
    assert sum(p.numel() for p in Generator(64).parameters()) == kernels + 2 * (512 + 256 + 128 + 64)
    kernels = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512)
    assert sum(p.numel() for p in Discriminator(64).parameters()) == kernels + 2 * (128 + 256 + 512)


def test_batch_norm_is_everywhere_but_at_gs_output_and_ds_input() -> None:
    G, D = Generator(64, width=4), Discriminator(64, width=4)
    assert len(layers_of(G, nn.BatchNorm2d)) == len(layers_of(G, nn.ConvTranspose2d)) - 1
    assert isinstance(list(G.layers)[-1], nn.Tanh)
    assert [type(layer) for layer in list(G.layers)[-3:-1]] == [nn.ReLU, nn.ConvTranspose2d]
    assert len(layers_of(D, nn.BatchNorm2d)) == len(layers_of(D, nn.Conv2d)) - 2
    assert [type(layer) for layer in list(D.layers)[:3]] == [nn.Conv2d, nn.LeakyReLU, nn.Conv2d]


def test_no_layer_is_wider_than_eight_times_the_width() -> None:
    assert max(layer.out_channels for layer in layers_of(Discriminator(256, width=4), nn.Conv2d)) == 32


def test_dcgan_starts_from_n_0_02() -> None:
    torch.manual_seed(0)
    for layer in layers_of(Generator(32), nn.ConvTranspose2d):
        assert isinstance(layer.weight, torch.Tensor)
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.05)
        assert layer.weight.mean().item() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("make", [lambda: Generator(8, 5, 4), lambda: MlpGenerator(8, 5, 16)])
def test_an_averaged_generator_renders_in_float64_without_chance(make: type[nn.Module]) -> None:
    G = make()
    G(torch.rand(4, 5))
    average = AveragedModel(G, use_buffers=True)
    average.update_parameters(G)
    exact = copy.deepcopy(average.module).double().eval()
    z = torch.rand(4, 5)
    state = torch.get_rng_state()
    pictures = exact(z.double())
    assert pictures.dtype == torch.float64
    assert torch.equal(state, torch.get_rng_state())
    torch.testing.assert_close(pictures.float(), average.module.eval()(z), rtol=0, atol=1e-4)


def test_the_mlps_match_the_reference_codes_sizes_and_ranges() -> None:
    torch.manual_seed(0)
    G, D = MlpGenerator(16), MlpDiscriminator(16)
    pictures = G(torch.rand(3, 100) * 2 - 1)
    assert pictures.shape == (3, 3, 16, 16)
    assert pictures.abs().max() <= 1
    assert D(pictures).shape == (3,)
    assert [(layer.in_features, layer.out_features) for layer in layers_of(D, nn.Linear)] == [
        (768, 1200),
        (240, 1200),
        (240, 1),
    ]
    assert largest(G) == pytest.approx(0.05, rel=1e-3)
    assert largest(D) == pytest.approx(0.005, rel=1e-3)
    assert [layer.p for layer in layers_of(D, nn.Dropout)] == [0.2, 0.5, 0.5]


def test_maxout_takes_the_greatest_piece_of_each_unit() -> None:
    maxout = Maxout(1, units=2, pieces=3)
    with torch.no_grad():
        maxout.linear.weight.copy_(torch.tensor([[1.0], [2.0], [-5.0], [0.0], [-1.0], [-3.0]]))
        maxout.linear.bias.zero_()
    assert maxout(torch.tensor([[1.0], [-1.0]])).tolist() == [[2, 0], [5, 3]]


def test_a_frozen_network_passes_gradients_on_and_takes_none() -> None:
    network, x = nn.Linear(2, 1), torch.ones(1, 2, requires_grad=True)
    network.bias.requires_grad_(False)
    with frozen(network):
        network(x).sum().backward()
    assert network.weight.grad is None
    assert torch.equal(x.grad, network.weight)
    assert network.weight.requires_grad
    assert not network.bias.requires_grad


class TestSpectralNorm:
    @pytest.mark.parametrize("seed", range(3))
    def test_the_largest_singular_value_stays_near_one_while_d_learns(self, seed: int) -> None:
        torch.manual_seed(seed)
        D = Discriminator(16, width=8, norm="spectral")
        optimiser = torch.optim.Adam(D.parameters(), 2e-4, (0.5, 0.999))
        for _ in range(60):
            real, fake = (torch.randn(8, 3, 16, 16) * 0.3 + shift for shift in (0.5, -0.5))
            optimiser.zero_grad()
            hinge_discriminator(D(real), D(fake)).backward()
            optimiser.step()
        weights = [layer.weight.detach() for layer in layers_of(D.eval(), nn.Conv2d)]
        assert max(torch.linalg.matrix_norm(weight.flatten(1), ord=2).item() for weight in weights) <= 1.05

    def test_it_is_exact_for_a_diagonal_weight(self) -> None:
        layer = nn.Linear(2, 2, bias=False)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor([[4.0, 0.0], [0.0, 1.0]]))
        spectral_norm(layer)
        layer(torch.zeros(1, 2))
        torch.testing.assert_close(layer.weight, torch.tensor([[1.0, 0.0], [0.0, 0.25]]))

    def test_an_average_of_weights_is_normalised_too(self) -> None:
        torch.manual_seed(0)
        layer = spectral_norm(nn.Conv2d(4, 8, 3))
        average = AveragedModel(layer, use_buffers=True)
        average.update_parameters(layer)
        with torch.no_grad():
            # A far jump, so that the mean of the unit vectors is well short of length 1.
            layer.parametrizations["weight"].original.copy_(torch.randn(8, 4, 3, 3))
        for _ in range(20):
            layer(torch.zeros(1, 4, 3, 3))
        average.update_parameters(layer)
        u = average.module.parametrizations["weight"][0].u
        assert u.norm().item() < 0.95
        weight = average.module.eval().parametrizations["weight"]
        sigma = (u / u.norm()) @ weight.original.flatten(1) @ (weight[0].v / weight[0].v.norm())
        torch.testing.assert_close(average.module.weight * sigma, weight.original)

    def test_mixed_precision_leaves_it_exact(self) -> None:
        layer = spectral_norm(nn.Linear(64, 32))
        with torch.autocast("cpu", torch.bfloat16):
            for _ in range(100):
                layer(torch.randn(2, 64))
            weight = layer.eval().weight.detach()
        assert weight.dtype == torch.float32
        assert torch.linalg.matrix_norm(weight, ord=2).item() == pytest.approx(1, abs=1e-4)

    def test_evaluation_moves_nothing(self) -> None:
        layer = spectral_norm(nn.Linear(4, 4)).eval()
        before = copy.deepcopy(layer.state_dict())
        layer(torch.randn(2, 4))
        assert all(torch.equal(value, before[key]) for key, value in layer.state_dict().items())

    def test_its_gradient_is_the_papers(self) -> None:
        # 1802.05957, section 2.4: (slope - <slope, W_sn> u v') / sigma, the singular vectors being held constant.
        torch.manual_seed(0)
        layer = spectral_norm(nn.Linear(3, 4, bias=False)).double().eval()
        norm, weight = layer.parametrizations["weight"][0], layer.parametrizations["weight"].original
        U, S, V = torch.linalg.svd(weight.detach())
        norm.u.copy_(U[:, 0])
        norm.v.copy_(V[0])
        slope = torch.randn(4, 3, dtype=torch.float64)
        (gradient,) = torch.autograd.grad((layer.weight * slope).sum(), weight)
        along = (slope * weight.detach() / S[0]).sum()
        torch.testing.assert_close(gradient, (slope - along * torch.outer(U[:, 0], V[0])) / S[0])
