"""The gan plugin: what its phases do and leave alone, what can be changed, and that it learns."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import studio_gan
from studio.api import Batch, Hyperparameters, ModelSpec, StudioError
from studio.api.testing import build, check_plugin, train_step
from studio_gan import DCGAN, MLP_GAN
from studio_gan.model import Gan

SMALL: dict[str, dict[str, Any]] = {
    "gan": {"resolution": 8, "batch": 4, "width": 4, "z_dim": 5},
    "gan-mlp": {"resolution": 8, "batch": 4, "hidden": 16, "units": 8, "z_dim": 5},
}
BOTH = pytest.mark.parametrize("spec", [DCGAN, MLP_GAN], ids=lambda spec: spec.id)


def small(spec: ModelSpec, **values: Any) -> Gan:
    model = build(spec, spec.hyperparameters.build({**SMALL[spec.id], **values}.items()))
    assert isinstance(model, Gan)
    return model


def noise(count: int = 4) -> Tensor:
    return torch.rand(count, 3, 8, 8, generator=torch.Generator().manual_seed(1)) * 2 - 1


def values_of(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def unchanged(before: list[Tensor], network: nn.Module) -> bool:
    return all(torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True))


def test_the_plugin_conforms() -> None:
    report = check_plugin(studio_gan)
    assert report.ok, report


@BOTH
@pytest.mark.parametrize("loss", ["bce", "bce-minimax", "lsgan", "hinge"])
def test_every_loss_trains(spec: ModelSpec, loss: str) -> None:
    model = small(spec, loss=loss)
    d_phase, g_phase = train_step(model, Batch(noise()))
    assert set(d_phase) == {"loss/D", "D/real", "D/fake"}
    assert set(g_phase) == {"loss/G"}
    assert all(math.isfinite(value) for phase in (d_phase, g_phase) for value in phase.values())


@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
def test_every_norm_of_d_trains(norm: str) -> None:
    model = small(DCGAN, d_norm=norm)
    before = values_of(model.D)
    train_step(model, Batch(noise()))
    assert not unchanged(before, model.D)


@BOTH
def test_a_phase_moves_its_own_network_and_takes_no_gradient_of_the_other(spec: ModelSpec) -> None:
    model = small(spec)
    phases = model.training_step(Batch(noise()))
    G, D = values_of(model.G), values_of(model.D)
    next(phases)
    assert unchanged(G, model.G)
    assert not unchanged(D, model.D)
    assert all(parameter.grad is None for parameter in model.G.parameters())
    D, slopes = values_of(model.D), [parameter.grad.clone() for parameter in model.D.parameters()]  # type: ignore[union-attr]
    next(phases)
    assert not unchanged(G, model.G)
    assert unchanged(D, model.D)
    assert all(torch.equal(old, new.grad) for old, new in zip(slopes, model.D.parameters(), strict=True))
    assert all(parameter.requires_grad for parameter in model.D.parameters())


def test_real_and_generated_pictures_go_through_d_apart() -> None:
    model, sizes = small(DCGAN), []
    model.D.register_forward_hook(lambda _layer, inputs, _output: sizes.append(len(inputs[0])))
    train_step(model, Batch(noise()))
    assert sizes == [4, 4, 4]


def test_dcgan_starts_with_the_reference_codes_adam() -> None:
    model = build(DCGAN, DCGAN.hyperparameters(resolution=8))
    for optimiser in (model.G_opt, model.D_opt):  # type: ignore[attr-defined]
        (group,) = optimiser.param_groups
        assert (group["lr"], group["betas"]) == (2e-4, (0.5, 0.999))


def test_new_learning_rates_reach_the_optimisers() -> None:
    model = small(DCGAN)
    model.hp = model.hp.changed(lr=1e-3, lr_ratio=2.0)
    model.hyperparameters_changed()
    assert model.G_opt.param_groups[0]["lr"] == 1e-3
    assert model.D_opt.param_groups[0]["lr"] == 2e-3


@BOTH
def test_new_label_smoothing_reaches_the_loss(spec: ModelSpec) -> None:
    model = small(spec)
    logits = torch.tensor([2.0])
    before = model.loss.discriminator(logits, logits).item()
    model.hp = model.hp.changed(label_smoothing=0.1)
    model.hyperparameters_changed()
    assert model.loss.discriminator(logits, logits).item() == pytest.approx(before + 0.1 * 2.0)


def test_the_first_gans_rate_decays_and_its_momentum_grows() -> None:
    model = small(MLP_GAN, momentum_steps=1000)
    for step, momentum in ((0, 0.5), (500, 0.6), (5000, 0.7)):
        train_step(model, Batch(noise()), step)
        (group,) = model.G_opt.param_groups
        assert group["lr"] == pytest.approx(0.1 / 1.000004**step, rel=1e-9)
        assert group["momentum"] == pytest.approx(momentum)


def test_the_first_gan_halves_ds_loss_as_its_code_does() -> None:
    model = small(MLP_GAN, dropout=False)
    real, fake = noise(), noise().flip(0)
    slopes = torch.autograd.grad(model.loss.discriminator(model.D(real), model.D(fake)), list(model.D.parameters()))
    model.discriminator_phase(real, fake)
    for whole, parameter in zip(slopes, model.D.parameters(), strict=True):
        torch.testing.assert_close(parameter.grad, whole / 2)


def test_hinge_refuses_smoothing_and_odd_sizes_name_the_nearest() -> None:
    with pytest.raises(StudioError, match="no targets to smooth"):
        DCGAN.hyperparameters.build({"loss": "hinge", "label_smoothing": 0.1}.items())
    with pytest.raises(StudioError, match=r"48 or 56"):
        DCGAN.hyperparameters.build({"resolution": 50}.items())


@pytest.mark.parametrize(("name", "spread"), [("normal", 1.0), ("uniform", 3**-0.5)])
def test_z_is_drawn_from_the_space_that_is_announced(name: str, spread: float) -> None:
    model = small(DCGAN, z_distribution=name, z_dim=100)
    assert model.latent_space.distribution == name
    z = model.draw_z(torch.zeros(500, 1))
    assert z.shape == (500, 100)
    assert z.std().item() == pytest.approx(spread, rel=0.02)
    assert name == "normal" or z.abs().max() <= 1


@BOTH
def test_every_default_of_its_own_says_where_it_comes_from(spec: ModelSpec) -> None:
    own = [info for info in spec.hyperparameters.describe() if info.name not in Hyperparameters.model_fields]
    assert [info.name for info in own if not info.source] == []


INKS = torch.tensor([[0.8, -0.6, -0.6], [-0.6, 0.7, -0.6], [-0.6, -0.6, 0.9], [0.8, 0.7, -0.7]])


def shapes(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Red discs, green squares, blue crosses and yellow rings near the middle of 16 px, and which is which."""
    draw = torch.Generator().manual_seed(seed)
    kind = torch.randint(4, (count,), generator=draw)
    centre = torch.randint(6, 11, (2, count, 1, 1), generator=draw)
    rows, columns = torch.meshgrid(torch.arange(16), torch.arange(16), indexing="ij")
    y, x = (rows - centre[0]).abs(), (columns - centre[1]).abs()
    disc, square = y**2 + x**2 <= 16, torch.maximum(y, x) <= 3
    cross, ring = (torch.minimum(y, x) <= 1) & (torch.maximum(y, x) <= 4), disc & (y**2 + x**2 > 4)
    mask = torch.stack([disc, square, cross, ring])[kind, torch.arange(count)][:, None].float()
    return mask * INKS[kind][:, :, None, None] + (1 - mask) * 0.7, kind


def distances(left: Tensor, right: Tensor) -> Tensor:
    return torch.cdist(left.flatten(1), right.flatten(1))


def learn(model: Gan, batches: Callable[[torch.Generator], Tensor], steps: int) -> None:
    """Trains with a weight average of half-life 34 steps."""
    draw = torch.Generator().manual_seed(0)
    average = AveragedModel(model.G, multi_avg_fn=get_ema_multi_avg_fn(0.98), use_buffers=True)
    for step in range(steps):
        train_step(model, Batch(batches(draw)), step)
        average.update_parameters(model.G)
    model.ema = {"G": average.module.eval(), "D": model.D.eval()}


def draw_samples(model: Gan, count: int = 256) -> Tensor:
    z = torch.stack([torch.from_numpy(model.latent_space.draw(seed)) for seed in range(count)])
    with torch.inference_mode():
        return model.sample(z)


@pytest.mark.parametrize("seed", range(3))
def test_dcgan_learns_every_kind_of_shape(seed: int) -> None:
    # Measured over three seeds: nearest real picture at .42 to .47 of an untrained G's distance, every kind in at least
    # .17 of the samples, diversity .95 to 1.02 of the data's. An untrained G makes one grey picture.
    hp = DCGAN.hyperparameters(resolution=16, batch=32, width=16, z_dim=16, lr=5e-3)
    model = build(DCGAN, hp, seed)
    assert isinstance(model, Gan)
    pictures, kinds = shapes(1024, seed=0)
    learn(model, lambda draw: pictures[torch.randint(len(pictures), (32,), generator=draw)], steps=300)
    samples = draw_samples(model)
    nearest = distances(samples, pictures).min(dim=1)
    seen = torch.bincount(kinds[nearest.indices], minlength=4) / len(samples)
    real, _ = shapes(256, seed=1)
    untrained = distances(torch.zeros(1, 3, 16, 16), pictures).min()
    assert nearest.values.mean() <= 0.6 * untrained
    assert seen.min() >= 0.08
    assert distances(samples, samples).mean() >= 0.6 * distances(real, real).mean()


def flat_pictures(draw: torch.Generator) -> Tensor:
    """A hundred flat grey pictures, their brightness from N(.3, .15)."""
    return (0.3 + 0.15 * torch.randn(100, 1, 1, 1, generator=draw)).expand(100, 3, 8, 8)


def first_gan(seed: int, **values: Any) -> Gan:
    model = build(MLP_GAN, MLP_GAN.hyperparameters(resolution=8, hidden=128, units=32, z_dim=8, **values), seed)
    assert isinstance(model, Gan)
    return model


@pytest.mark.parametrize("seed", range(3))
def test_the_first_gan_finds_the_mean_of_a_gaussian(seed: int) -> None:
    model = first_gan(seed, lr=0.4, momentum_steps=600)
    learn(model, flat_pictures, steps=600)
    assert draw_samples(model).mean().item() == pytest.approx(0.3, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_first_gan_finds_the_spread_of_a_gaussian(seed: int) -> None:
    model = first_gan(seed, momentum_steps=3000)
    learn(model, flat_pictures, steps=3000)
    brightness = draw_samples(model).flatten(1).mean(dim=1)
    assert brightness.mean().item() == pytest.approx(0.3, abs=0.05)
    assert 0.1 <= brightness.std().item() <= 0.25
