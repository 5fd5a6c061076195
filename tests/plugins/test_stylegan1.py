"""StyleGAN of 2018: its layers by hand, growing, mixing, R1, what canvases ask of it, exact resuming, and learning."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, interpolate, leaky_relu, softplus

from studio.api import Batch, Clock, DataInfo, DataKind, StudioError
from studio.api.testing import build, check_model, train_step
from studio.data.dataset import Dataset
from studio.engine.averages import Averages
from studio.engine.state_tree import flatten
from studio.engine.trainer import Trainer
from studio_stylegan.spec1 import STYLEGAN1
from studio_stylegan.style1_growth import enlarge, fade_reals, level_at, lr_factor, shrink, size_at
from studio_stylegan.style1_hyperparameters import StyleGan1Hyperparameters
from studio_stylegan.style1_model import StyleGan1
from studio_stylegan.style1_networks import DoublingConv, HalvingConv, StyleLayer, adain, fixed_noise

SMALL = {"resolution": 16, "start_resolution": 4, "batch": 4, "channel_max": 8, "z_dim": 6, "w_dim": 5}
FULL = {**SMALL, "start_resolution": 16, "mapping_layers": 2}


def settings(**values: Any) -> StyleGan1Hyperparameters:
    hp = STYLEGAN1.hyperparameters.build({**SMALL, **values}.items())
    assert isinstance(hp, StyleGan1Hyperparameters)
    return hp


def small(seed: int = 0, **values: Any) -> StyleGan1:
    model = build(STYLEGAN1, settings(**values), seed)
    assert isinstance(model, StyleGan1)
    return model


def rendering(**values: Any) -> StyleGan1:
    """A model in double precision that can render, its noise and styles strong enough to be seen."""
    model = small(**{**FULL, **values})
    for network in (model.G, model.D):
        network.double()
    for layer in model.G.modules():
        if isinstance(layer, StyleLayer):
            torch.nn.init.normal_(layer.noise_weight)
    model.G.mapping.track(model.G.mapping(zs(64)))
    model.G.mapping.w_avg *= 200
    Averages(model).update(model.hp, 0, 4)
    return model


def zs(count: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_the_model_conforms() -> None:
    report = check_model(STYLEGAN1, {"channel_max": 16, "z_dim": 16, "w_dim": 16})
    assert report.ok, report


def test_it_conforms_while_it_grows() -> None:
    report = check_model(STYLEGAN1, {**SMALL, "stable_kimg": 0.0, "fade_kimg": 0.006})
    assert report.ok, report


def test_every_hyperparameter_of_its_own_says_where_it_comes_from() -> None:
    shared = {"log_every", "sample_every", "checkpoint_every"}
    described = StyleGan1Hyperparameters.describe()
    assert [info.name for info in described if not info.source and info.name not in shared] == []


def test_the_paper_preset_is_the_authors_code() -> None:
    preset = STYLEGAN1.presets["paper"]
    hp = StyleGan1Hyperparameters.build(preset.values.items())
    assert (hp.resolution, hp.start_resolution, hp.stable_kimg, hp.fade_kimg) == (1024, 8, 600, 600)
    assert (hp.z_dim, hp.w_dim, hp.mapping_layers, hp.channel_base, hp.channel_max) == (512, 512, 8, 8192, 512)
    assert (hp.lr, hp.beta1, hp.beta2, hp.gamma, hp.mixing) == (1e-3, 0, 0.99, 10, 0.9)
    assert (hp.ema_kimg, hp.ema_rampup, hp.std_group, hp.noise) == (10, 0, 4, True)
    assert preset.steps * hp.batch == 25_000_000


def test_it_has_the_reference_codes_weights() -> None:
    # What print_layers says of the official networks for FFHQ at 1024 px.
    with torch.device("meta"):
        model = build(STYLEGAN1, StyleGan1Hyperparameters())
    assert isinstance(model, StyleGan1)
    assert sum(parameter.numel() for parameter in model.G.parameters()) == 26_219_627
    assert sum(parameter.numel() for parameter in model.D.parameters()) == 23_087_249


def test_adain_gives_every_channel_the_styles_statistics() -> None:
    features, scale, shift = 3 * noise(2, 4, 8, 8) + 5, noise(2, 4), noise(2, 4, seed=1)
    styled = adain(features, scale, shift)
    torch.testing.assert_close(styled.mean((2, 3)), shift)
    torch.testing.assert_close(styled.std((2, 3), correction=0), (1 + scale).abs())


def test_a_layer_adds_noise_and_bias_before_the_activation() -> None:
    layer, x, w = StyleLayer(3, 5).double(), noise(2, 3, 4, 4), noise(2, 5)
    torch.nn.init.normal_(layer.noise_weight)
    torch.nn.init.normal_(layer.bias)
    drawn = noise(2, 1, 4, 4, seed=1)
    weight, bias = layer.noise_weight[:, None, None], layer.bias[:, None, None]
    scale, shift = layer.style(w)[:, :3], layer.style(w)[:, 3:]
    torch.testing.assert_close(layer(x, w, drawn), adain(leaky_relu(x + drawn * weight + bias, 0.2), scale, shift))
    torch.testing.assert_close(layer(x, w, None), adain(leaky_relu(x + bias, 0.2), scale, shift))


def blurred(x: Tensor) -> Tensor:
    kernel = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=x.dtype).expand(x.shape[1], 1, 3, 3) / 16
    return conv2d(x, kernel, padding=1, groups=x.shape[1])


def test_doubling_is_repeating_then_convolving_then_blurring() -> None:
    conv, x = DoublingConv(2, 3).double(), noise(2, 2, 4, 4)
    convolved = conv2d(interpolate(x, scale_factor=2.0), conv.weight * (2 / (9 * 2)) ** 0.5, padding=1)
    torch.testing.assert_close(conv(x), blurred(convolved))


def test_halving_is_blurring_then_convolving_then_means_of_four() -> None:
    conv, x = HalvingConv(2, 3).double(), noise(2, 2, 8, 8)
    torch.nn.init.normal_(conv.bias)
    convolved = avg_pool2d(conv2d(blurred(x), conv.weight * (2 / (9 * 2)) ** 0.5, padding=1), 2)
    torch.testing.assert_close(conv(x), leaky_relu(convolved + conv.bias[:, None, None], 0.2))


@pytest.mark.parametrize(
    ("kimg", "level"),
    [(0, 3), (599, 3), (600, 3), (750, 3.25), (1199.999, 3.9999983), (1200, 4), (1800, 4), (2100, 4.5), (8400, 10)],
)
def test_it_grows_as_in_the_authors_code(kimg: float, level: float) -> None:
    assert level_at(round(kimg * 1000), StyleGan1Hyperparameters()) == pytest.approx(level, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ({"start_resolution": 16}, [4, 4, 4]),
        ({"stable_kimg": 0, "fade_kimg": 0}, [4, 4, 4]),
        ({"stable_kimg": 1, "fade_kimg": 0}, [2, 3, 4]),
        ({"stable_kimg": 0, "fade_kimg": 2}, [2, 2.5, 3]),
    ],
)
def test_other_schedules(values: dict[str, Any], levels: list[float]) -> None:
    assert [level_at(images, settings(**values)) for images in (0, 1000, 2000)] == levels


def test_sizes_and_learning_rates_of_levels() -> None:
    assert [size_at(level) for level in (2, 2.001, 3, 9.5)] == [4, 8, 8, 1024]
    assert [lr_factor(level) for level in (6, 6.1, 8, 9, 10)] == [1, 1.5, 2, 3, 3]


@pytest.mark.parametrize("level", [2, 3])
def test_nothing_changes_when_a_fade_begins_or_ends(level: int) -> None:
    model = small()
    real = torch.rand(4, 3, 16, 16) * 2 - 1
    ws = torch.randn(4, model.num_ws, 5)
    seen = []
    for now in (level, level + 1e-7, level + 1 - 1e-7, level + 1):
        made = model.G.synthesis(ws, fixed_noise([0] * 6), now)
        seen.append((enlarge(made, 16), model.D(fade_reals(real, now), now), enlarge(fade_reals(real, now), 16)))
    for before, after in ((seen[0], seen[1]), (seen[2], seen[3])):
        for old, new in zip(before, after, strict=True):
            assert (old - new).abs().max() < 1e-5
    assert (seen[0][0] - seen[3][0]).abs().max() > 0.01


def test_pictures_fade_evenly() -> None:
    model = small()
    ws = torch.randn(4, model.num_ws, 5)
    seen = [enlarge(model.G.synthesis(ws, fixed_noise([0] * 6), 2 + part), 16) for part in (0, 0.25, 1)]
    torch.testing.assert_close(seen[1], 0.75 * seen[0] + 0.25 * seen[2])


def test_real_pictures_by_hand() -> None:
    images = torch.arange(16.0).view(1, 1, 4, 4)
    halves = torch.tensor([[2.5, 4.5], [10.5, 12.5]])
    torch.testing.assert_close(fade_reals(images, 1)[0, 0], halves)
    torch.testing.assert_close(fade_reals(images, 2), images)
    faded = fade_reals(images, 1.25)[0, 0]
    assert faded[0, 0].item() == pytest.approx(0.25 * 0 + 0.75 * 2.5)
    assert faded[3, 3].item() == pytest.approx(0.25 * 15 + 0.75 * 12.5)


def test_the_discriminator_sees_no_more_than_the_level() -> None:
    model = small()
    sizes: list[int] = []
    model.D.register_forward_hook(lambda _network, inputs, _output: sizes.append(inputs[0].shape[-1]))
    for images in (0, 1_200_000, 2_400_000):
        model.clock = Clock(1, images, 1000)
        list(model.training_step(Batch(torch.rand(4, 3, 16, 16))))
    assert sizes == [4] * 3 + [8] * 3 + [16] * 3


def test_the_averaged_networks_are_at_the_level_itself() -> None:
    model = small(stable_kimg=0.0, fade_kimg=0.04)
    averages = Averages(model)
    for step in range(7):
        train_step(model, Batch(torch.rand(4, 3, 16, 16)), step)
        averages.update(model.hp, 4 * step + 4, 4)
        for network in (model.ema["G"].get_submodule("synthesis"), model.ema["D"]):
            assert network.level == pytest.approx(2 + 0.1 * step, abs=1e-5)
    assert model.sample(torch.randn(1, 6)).shape == (1, 3, 16, 16)


def test_adam_starts_afresh_when_a_fade_begins_and_when_it_ends() -> None:
    model = small(stable_kimg=0.008, fade_kimg=0.008)
    steps = []
    for step in range(8):
        train_step(model, Batch(torch.rand(4, 3, 16, 16)), step)
        steps.append(int(model.G_opt.state[model.G.get_parameter("mapping.fc0.weight")]["step"]))
    # Pictures 0 and 4 at 4 px, the fade reaches beyond 0 with picture 12, 8 px stand from picture 16 on.
    assert steps == [1, 2, 3, 1, 1, 2, 3, 1]


def test_the_learning_rate_is_the_sizes() -> None:
    model = small(resolution=128, start_resolution=64, channel_max=4, stable_kimg=0.004, fade_kimg=0.0)
    rates = []
    for step in range(2):
        train_step(model, Batch(torch.rand(4, 3, 128, 128)), step)
        rates.append({group["lr"] for part in (model.G_opt, model.D_opt) for group in part.param_groups})
    assert rates == [{1e-3}, {1.5e-3}]


def test_ds_learning_rate_is_a_multiple_of_gs() -> None:
    model = small(lr_ratio=2.5)
    rates = [{group["lr"] for group in part.param_groups} for part in (model.G_opt, model.D_opt)]
    assert rates == [{1e-3}, {2.5e-3}]
    train_step(model, Batch(torch.rand(4, 3, 16, 16)), 0)
    assert [{group["lr"] for group in part.param_groups} for part in (model.G_opt, model.D_opt)] == rates


def test_mixing_takes_the_finer_styles_from_a_second_z() -> None:
    model = small(**FULL, mixing=1.0)
    crossings = set()
    for seed in range(40):
        torch.manual_seed(seed)
        ws = model.styles(torch.zeros(4, 3, 16, 16), 4)
        same = [torch.equal(ws[:, layer], ws[:, layer + 1]) for layer in range(5)]
        assert same.count(False) == 1
        crossings.add(same.index(False) + 1)
    assert crossings == {1, 2, 3, 4, 5}


def test_mixing_happens_within_what_has_grown_and_as_often_as_asked() -> None:
    model = small(**FULL)
    mixed = []
    for seed in range(200):
        torch.manual_seed(seed)
        ws = model.styles(torch.zeros(1, 3, 16, 16), 2.5)[:, :4]
        mixed.append(any(not torch.equal(a, b) for a, b in pairwise(ws.unbind(1))))
    assert np.mean(mixed) == pytest.approx(0.9, abs=0.06)
    never = small(**FULL, mixing=0.0).styles(torch.zeros(2, 3, 16, 16), 4)
    assert all(torch.equal(a, b) for a, b in pairwise(never.unbind(1)))


def test_r1_by_hand() -> None:
    model, real = small(**FULL), torch.randn(2, 3, 16, 16).requires_grad_()
    slope = torch.randn(2, 3, 16, 16)
    r1 = model.r1(real, (slope * real + real**2 / 2).sum((1, 2, 3)))
    torch.testing.assert_close(r1, (slope + real).square().sum((1, 2, 3)).mean())


def test_r1_at_a_small_size_is_that_of_pictures_at_full_size() -> None:
    model, images = rendering(start_resolution=4), noise(4, 3, 16, 16)
    small_ones = shrink(images, 8).requires_grad_()
    images.requires_grad_()
    (gradients,) = torch.autograd.grad(model.D(shrink(images, 8), 3.0).sum(), images)
    expected = gradients.square().sum((1, 2, 3)).mean()
    torch.testing.assert_close(model.r1(small_ones, model.D(small_ones, 3.0)), expected)


def test_ds_loss_is_logistic_with_r1_and_gs_non_saturating() -> None:
    model = small(**FULL, gamma=6.0)
    logits = heard_from(model.D)
    first, second = train_step(model, Batch(torch.rand(4, 3, 16, 16)))
    real, fake, fooled = logits
    torch.testing.assert_close(first["loss/D"], softplus(-real).mean() + softplus(fake).mean() + 3 * first["r1"])
    torch.testing.assert_close(second["loss/G"], softplus(-fooled).mean())


def test_lazy_r1_comes_at_every_third_step_and_counts_three_times() -> None:
    model = small(**FULL, gamma=6.0, r1_every=3)
    logits = heard_from(model.D)
    for step in range(7):
        logits.clear()
        first, _ = train_step(model, Batch(torch.rand(4, 3, 16, 16)), step)
        real, fake, _ = logits
        penalty = 9 * first["r1"] if step % 3 == 0 else 0.0
        torch.testing.assert_close(first["loss/D"], softplus(-real).mean() + softplus(fake).mean() + penalty)
        assert ("r1" in first) is (step % 3 == 0)


def heard_from(D: nn.Module) -> list[Tensor]:
    """What D says from now on."""
    logits: list[Tensor] = []
    D.register_forward_hook(lambda _network, _inputs, output: logits.append(output.detach()))
    return logits


def test_without_r1_nothing_is_taken_for_it() -> None:
    first, _ = train_step(small(**FULL, gamma=0.0), Batch(torch.rand(4, 3, 16, 16)))
    assert "r1" not in first


def test_a_phase_takes_no_gradient_of_the_other_network() -> None:
    model = small(**FULL)
    phases = model.training_step(Batch(torch.rand(4, 3, 16, 16)))
    next(phases)
    assert all(parameter.grad is None for parameter in model.G.parameters())
    slopes = [parameter.grad.clone() for parameter in model.D.parameters() if parameter.grad is not None]
    next(phases)
    after = [parameter.grad for parameter in model.D.parameters() if parameter.grad is not None]
    assert all(torch.equal(old, new) for old, new in zip(slopes, after, strict=True))


def test_mixing_all_layers_is_the_other_picture_and_none_the_same() -> None:
    model = rendering()
    one, other = model.mapping(zs(1)), model.mapping(zs(1, seed=1))
    assert model.num_ws == one.shape[1] == 6
    mixed = torch.cat([one[:, :0], other], dim=1)
    assert torch.equal(model.synthesis(mixed), model.sample(zs(1, seed=1)))
    assert torch.equal(model.synthesis(torch.cat([one, other[:, 6:]], dim=1)), model.sample(zs(1)))
    for layer in range(6):
        partly = one.clone()
        partly[:, layer] = other[:, layer]
        assert not torch.equal(model.synthesis(partly), model.synthesis(one))


def test_at_psi_0_every_picture_is_the_mean_one() -> None:
    model = rendering()
    mean = model.ema["G"].get_buffer("mapping.w_avg")
    ws = model.mapping(zs(3), psi=0.0)
    assert torch.equal(ws, mean.expand(3, 6, -1))
    half = model.mapping(zs(3), psi=0.5, cutoff=2)
    torch.testing.assert_close(half[:, :2], (mean + model.mapping(zs(3))[:, :2]) / 2)
    assert torch.equal(half[:, 2:], model.mapping(zs(3))[:, 2:])


def test_the_mean_w_follows_w() -> None:
    model = small(**FULL, mixing=0.0)
    ws = model.styles(torch.zeros(8, 3, 16, 16), 4)
    torch.testing.assert_close(model.G.mapping.w_avg, 0.005 * ws[:, 0].detach().mean(0))


def test_noise_is_a_seed_a_layer() -> None:
    model = rendering()
    ws = model.mapping(zs(2))
    pictures = model.synthesis(ws, noise_seeds=[1, 2, 3, 4, 5, 6])
    assert torch.equal(pictures, model.synthesis(ws, noise_seeds=[1, 2, 3, 4, 5, 6]))
    for layer in range(6):
        seeds: list[int | None] = [1, 2, 3, 4, 5, 6]
        seeds[layer] = 9
        assert not torch.equal(pictures, model.synthesis(ws, noise_seeds=seeds))
    silent = model.synthesis(ws, noise_seeds=[None] * 6)
    for network in model.ema["G"].modules():
        if isinstance(network, StyleLayer):
            network.noise_weight.zero_()
    assert torch.equal(silent, model.synthesis(ws))
    with pytest.raises(StudioError, match="5 noise seeds for 6 layers"):
        model.synthesis(ws, noise_seeds=[0] * 5)


def test_without_noise_its_weights_stay_0() -> None:
    for noisy in (False, True):
        model = small(**FULL, noise=noisy)
        train_step(model, Batch(torch.rand(4, 3, 16, 16)))
        weights = [layer.noise_weight for layer in model.G.modules() if isinstance(layer, StyleLayer)]
        assert all(bool(weight.any()) is noisy for weight in weights)


def test_pictures_are_scored_each_on_its_own() -> None:
    model, images = rendering(), noise(4, 3, 16, 16)
    torch.testing.assert_close(model.realism(images)[:1], model.realism(images[:1]))
    assert model.realism(images).shape == (4,)


@pytest.mark.parametrize("name", ["resolution", "start_resolution"])
def test_sizes_are_powers_of_two(name: str) -> None:
    with pytest.raises(StudioError, match=f"{name} is 12 px"):
        settings(**{"resolution": 16, name: 12})


def test_nothing_starts_larger_than_it_ends() -> None:
    with pytest.raises(StudioError, match="Set start_resolution to 16 or less"):
        settings(start_resolution=32)


def trainer_of(**values: Any) -> Trainer:
    random = np.random.default_rng(0)
    pictures = random.integers(0, 255, (30, 16, 16, 3), np.uint8)
    data = Dataset(DataInfo(DataKind.UNLABELLED, 30, 16), "toys", pictures)
    return Trainer(small(**values), data, seed=0, steps=100, device=torch.device("cpu"))


def advance_to(trainer: Trainer, step: int) -> Trainer:
    while trainer.step < step:
        trainer.advance()
    return trainer


@pytest.mark.parametrize("broken_off_at", [2, 3, 5, 6])
def test_resuming_is_exact_to_the_bit_while_it_grows(broken_off_at: int) -> None:
    values = {"stable_kimg": 0.008, "fade_kimg": 0.012}
    straight = advance_to(trainer_of(**values), 9)
    broken_off = advance_to(trainer_of(**values), broken_off_at)
    torch.manual_seed(99)
    resumed = trainer_of(**values)
    resumed.load_state_dict(broken_off.state_dict())
    advance_to(resumed, 9)
    theirs = flatten(straight.state_dict())[0]
    ours = flatten(resumed.state_dict())[0]
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert torch.equal(tensor, theirs[name]), name


INKS = torch.tensor([[0.8, -0.6, -0.6], [-0.6, 0.7, -0.6], [-0.6, -0.6, 0.9], [0.8, 0.7, -0.7]])


def parted(count: int, draw: torch.Generator) -> Tensor:
    """Pictures parted into a coloured and a grey side."""
    ink = INKS[torch.randint(4, (count,), generator=draw)][:, :, None, None]
    edge = torch.randint(2, 7, (count, 1, 1, 1), generator=draw)
    return torch.where(torch.arange(8) < edge, ink, 0.7).expand(count, 3, 8, 8).contiguous()


@pytest.mark.parametrize("seed", range(3))
def test_it_learns_while_it_grows(seed: int) -> None:
    values = {"resolution": 8, "batch": 16, "channel_max": 16, "z_dim": 16, "w_dim": 16, "mapping_layers": 2}
    model = small(seed, **values, lr=5e-3, gamma=1.0, stable_kimg=0.8, fade_kimg=0.8)
    draw = torch.Generator().manual_seed(seed)
    untrained = nearest_distance(model, 3.0)
    for step in range(150):
        train_step(model, Batch(parted(16, draw)), step)
    # Measured over three seeds: .31 to .35 of the distance before training.
    assert model.D.level == 3
    assert nearest_distance(model, 3.0) < 0.6 * untrained


def nearest_distance(model: StyleGan1, level: float) -> float:
    """How far generated pictures are from the nearest of 256 real ones, on average."""
    torch.manual_seed(0)
    with torch.no_grad():
        made = model.fake(torch.zeros(128, 3, 8, 8), level).flatten(1)
    real = parted(256, torch.Generator().manual_seed(9)).flatten(1)
    return torch.cdist(made, real).min(dim=1).values.mean().item()
