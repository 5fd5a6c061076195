"""StyleGAN2's networks: sizes, names, noise, mixing, truncation, and pictures that do not see each other."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.api import StudioError
from studio.api.testing import train_step
from studio_stylegan import discriminator, generator
from studio_stylegan.channels import block_resolutions, channel_counts
from studio_stylegan.discriminator import Discriminator
from studio_stylegan.generator import Generator, SynthesisNetwork
from studio_stylegan.half_precision import half_from
from studio_stylegan.model import noise_of_seed
from tests.plugins.stylegan2_kit import labelled, pictures, small, small_of


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def z_of(model: object, number: int = 3) -> Tensor:
    return torch.randn(number, 6, generator=torch.Generator().manual_seed(0))


def with_noise(model: object) -> object:
    """Noise has no strength at the start: gives it some."""
    for name, parameter in model.G.named_parameters():  # type: ignore[attr-defined]
        if name.endswith("noise_strength"):
            nn.init.constant_(parameter, 0.5)
    return model


def test_channels_halve_as_pictures_double() -> None:
    assert block_resolutions(64) == [4, 8, 16, 32, 64]
    assert channel_counts(1024, 32768, 512)[64] == 512
    assert channel_counts(1024, 32768, 512)[1024] == 32


@pytest.mark.parametrize(("layers", "lowest"), [(1, 256), (4, 32), (8, 8)])
def test_the_highest_resolutions_compute_in_half_precision(layers: int, lowest: int) -> None:
    assert half_from(256, layers) == lowest


def test_half_precision_is_near_full_precision_and_has_finite_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    G, D = SynthesisNetwork(8, 16, channel_base=256, half_layers=1), Discriminator(16, channel_base=256, half_layers=1)
    ws = torch.randn(4, G.num_ws, 8)
    made = G(ws)
    logits = D(made)
    for module in (generator, discriminator):
        monkeypatch.setattr(module, "block_dtype", lambda half, _weight: torch.float16 if half else torch.float32)
    assert G(ws).dtype == D(made).dtype == torch.float32
    assert not torch.equal(G(ws), made)
    torch.testing.assert_close(G(ws), made, rtol=0, atol=0.02)
    torch.testing.assert_close(D(made), logits, rtol=0, atol=0.02)
    computed = []
    for network in (G, D):
        for name in ("b8", "b16"):
            layer = network.get_submodule(name).conv0
            layer.register_forward_hook(lambda _layer, _inputs, output: computed.append(output.dtype))
    D(G(ws))
    assert computed == [torch.float32, torch.float16, torch.float16, torch.float32]
    ws.requires_grad_()
    (slopes,) = torch.autograd.grad(D(G(ws)).sum(), ws, create_graph=True)
    slopes.square().sum().backward()
    gradients = [parameter.grad for network in (G, D) for parameter in network.parameters()]
    assert all(gradient is None or bool(gradient.isfinite().all()) for gradient in gradients)


def test_they_have_the_official_networks_weights() -> None:
    # What stylegan2-ada-pytorch prints for G and D of --cfg=stylegan2 at 256 px, its filter buffers left out.
    with torch.device("meta"):
        G, D = Generator(512, 512, 256), Discriminator(256)
    assert G.num_ws == 14
    assert count(G.mapping) == 8 * (512 * 512 + 512)
    assert count(G) == 30_034_338
    assert count(D) == 28_864_129


def test_names_are_the_official_ones() -> None:
    names = set(Generator(6, 8, 8, mapping_layers=2, channel_base=64).state_dict())
    assert names == {
        "synthesis.b4.const",
        *(f"synthesis.{layer}.{part}" for layer in ("b4.conv1", "b8.conv0", "b8.conv1") for part in LAYER),
        *(f"synthesis.{block}.torgb.{part}" for block in ("b4", "b8") for part in ("affine.weight", "affine.bias")),
        *(f"synthesis.{block}.torgb.{part}" for block in ("b4", "b8") for part in ("weight", "bias")),
        *(f"mapping.fc{index}.{part}" for index in range(2) for part in ("weight", "bias")),
        "mapping.w_avg",
    }
    names = set(Discriminator(8, channel_base=64).state_dict())
    assert names == {f"b8.{layer}" for layer in ("fromrgb.weight", "fromrgb.bias", "skip.weight")} | {
        f"{layer}.{part}"
        for layer in ("b8.conv0", "b8.conv1", "b4.conv", "b4.fc", "b4.out")
        for part in ("weight", "bias")
    }


LAYER = ("weight", "bias", "noise_const", "noise_strength", "affine.weight", "affine.bias")


@pytest.mark.parametrize("fused", [True, False])
def test_both_ways_of_modulating_give_the_same_pictures(fused: bool) -> None:
    synthesis = SynthesisNetwork(8, 16, channel_base=128).double()
    ws = torch.randn(2, synthesis.num_ws, 8, dtype=torch.float64)
    torch.testing.assert_close(synthesis(ws, fused=fused), synthesis(ws))


def test_copying_all_layers_gives_b_and_none_gives_a() -> None:
    model = with_noise(small(resolution=16))
    a, b = model.mapping(z_of(model)[:1]), model.mapping(z_of(model)[1:2])
    pictures = {}
    for crossover in range(model.num_ws + 1):
        mixed = a.clone()
        mixed[:, :crossover] = b[:, :crossover]
        pictures[crossover] = model.synthesis(mixed)
    assert torch.equal(pictures[0], model.synthesis(a))
    assert torch.equal(pictures[model.num_ws], model.synthesis(b))
    for crossover in range(model.num_ws):
        assert not torch.equal(pictures[crossover], pictures[crossover + 1])


def test_sampling_is_mapping_and_synthesis() -> None:
    model = with_noise(small())
    z = z_of(model)
    assert torch.equal(model.sample(z, psi=0.7), model.synthesis(model.mapping(z, psi=0.7)))


def test_psi_0_is_the_mean_picture() -> None:
    model = with_noise(small())
    model.G.mapping.track(model.G.mapping(z_of(model)))
    mean = model.G.mapping.w_avg.expand(1, model.num_ws, -1)
    torch.testing.assert_close(model.sample(z_of(model), psi=0.0), model.synthesis(mean).expand(3, -1, -1, -1))


def test_truncation_stops_at_the_cutoff() -> None:
    model = small(resolution=16)
    model.G.mapping.track(torch.ones(1, 8))
    z = z_of(model)
    near, free = model.mapping(z, psi=0.5, cutoff=2), model.mapping(z)
    assert torch.equal(near[:, 2:], free[:, 2:])
    torch.testing.assert_close(near[:, :2], (free[:, :2] + model.G.mapping.w_avg) / 2)


def test_noise_of_a_seed_is_the_same_for_every_picture_and_another_in_each_layer() -> None:
    model = with_noise(small())
    ws = model.mapping(z_of(model))
    seeded = model.synthesis(ws, noise_seeds=[1, 2, 3, None])
    torch.testing.assert_close(seeded[:1], model.synthesis(ws[:1], noise_seeds=[1, 2, 3, 9]), rtol=0, atol=1e-5)
    for other in ([9, 2, 3, None], [1, 9, 3, None], [1, 2, 9, None], [1, 2, None, None]):
        assert not torch.equal(seeded, model.synthesis(ws, noise_seeds=other))
    in_float64 = model.G.double().synthesis(ws.double(), noise=model._seeded_noise([1, 2, 3, None], ws.double()))
    torch.testing.assert_close(in_float64.clamp(-1, 1).float(), seeded, rtol=0, atol=1e-5)


def test_one_seed_is_another_noise_in_each_layer() -> None:
    assert not torch.equal(noise_of_seed(5, 1, 8), noise_of_seed(5, 2, 8))
    assert torch.equal(noise_of_seed(5, 1, 8), noise_of_seed(5, 1, 8))
    assert noise_of_seed(-1, 0, 64).std().item() == pytest.approx(1, abs=0.05)


def test_no_noise_is_no_noise() -> None:
    silent, model = small(), with_noise(small())
    ws = model.mapping(z_of(model))
    assert torch.equal(model.synthesis(ws, noise_seeds=[None] * 4), silent.synthesis(ws))


def test_a_model_without_noise_neither_trains_nor_renders_with_it() -> None:
    silent, model = with_noise(small(noise=False)), with_noise(small())
    assert torch.equal(silent.sample(z_of(silent)), model.synthesis(model.mapping(z_of(model)), noise_seeds=[None] * 4))
    before = [p.detach().clone() for name, p in silent.G.named_parameters() if name.endswith("noise_strength")]
    train_step(silent, pictures())
    after = [p for name, p in silent.G.named_parameters() if name.endswith("noise_strength")]
    assert all(torch.equal(old, new) for old, new in zip(before, after, strict=True))


def test_a_seed_is_missing() -> None:
    model = small()
    with pytest.raises(StudioError, match="3 noise seeds for 4 layers"):
        model.synthesis(model.mapping(z_of(model)), noise_seeds=[0, 0, 0])


def test_noise_while_training_is_another_for_every_picture() -> None:
    model = with_noise(small())
    ws = model.mapping(z_of(model)[:1]).expand(2, -1, -1)
    made = model.G.synthesis(ws, noise="random")
    assert not torch.equal(made[0], made[1])
    constant = model.G.synthesis(ws)
    assert torch.equal(constant[0], constant[1])


def test_each_picture_is_judged_alone_for_realism_and_in_groups_for_training() -> None:
    model = small()
    images = torch.rand(4, 3, 8, 8) * 2 - 1
    alone = torch.stack([model.realism(images[index : index + 1])[0] for index in range(4)])
    torch.testing.assert_close(model.realism(images), alone, rtol=0, atol=1e-5)
    assert not torch.allclose(model.D(images), alone, rtol=0, atol=1e-5)


def test_labels_choose_pictures_and_judgements() -> None:
    model = small_of(labelled(), conditional=True)
    z = z_of(model)
    made = [model.sample(z, labels=torch.full((3,), label)) for label in range(3)]
    assert not torch.equal(made[0], made[1])
    assert torch.equal(model.sample(z), made[0])
    judged = torch.stack([model.D(made[0], torch.full((3,), label), group=1) for label in range(3)])
    assert not torch.equal(judged[0], judged[1])
    torch.testing.assert_close(model.realism(made[0]), judged.amax(dim=0))


def test_there_must_be_labels_to_learn() -> None:
    with pytest.raises(StudioError, match="no labels"):
        small(conditional=True)
