"""The layout2image plugin: its declaration, its losses, a step, exact resuming."""

from __future__ import annotations

import copy
import dataclasses
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, l1_loss
from torch.optim import Adam

import studio_layout2image
from studio.api import Clock, DataInfo, DataKind, StudioError, hyper
from studio.api.testing import check_plugin, train_step
from studio.data.dataset import Dataset, Objects
from studio.engine.player import build_model
from studio.engine.plugins import PluginHost
from studio.engine.state_tree import flatten
from studio.engine.trainer import Trainer
from studio_layout2image import LAYOUT2IMAGE
from studio_layout2image.crop_encoder import draw, kl_divergence
from studio_layout2image.hyperparameters import Layout2ImageHyperparameters
from studio_layout2image.model import Drawing, Layout2Image
from studio_layout2image.objects import pack, shuffled
from tests.plugins.layout2image_kit import SMALL, noise, small

WEIGHTS = ("kl", "image_l1", "z_l1", "image_adversarial", "object_adversarial", "classification")
LOSSES = ("kl", "image_l1", "z_l1", "G_image", "G_object", "G_label")


class Narrow(Layout2ImageHyperparameters):
    """The plugin's, small enough to be checked in seconds."""

    width: int = hyper(4, "Channels.", ge=4)
    crop: int = hyper(8, "Object crops.", ge=8)


def test_the_plugin_conforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_layout2image, "LAYOUT2IMAGE", dataclasses.replace(LAYOUT2IMAGE, hyperparameters=Narrow))
    report = check_plugin(studio_layout2image)
    assert report.ok, report


def test_every_hyperparameter_of_its_own_says_where_it_comes_from() -> None:
    shared = {"ema_kimg", "ema_rampup", "log_every", "sample_every", "checkpoint_every"}
    described = LAYOUT2IMAGE.hyperparameters.describe()
    assert [info.name for info in described if not info.source and info.name not in shared] == []


def test_the_paper_preset_is_the_authors_code() -> None:
    preset = LAYOUT2IMAGE.presets["paper"]
    hp = LAYOUT2IMAGE.hyperparameters.build(preset.values.items())
    assert isinstance(hp, Layout2ImageHyperparameters)
    assert (hp.resolution, hp.crop, hp.batch, hp.embedding, hp.z_dim, hp.width) == (64, 32, 8, 64, 64, 64)
    assert (hp.lstm_layers, hp.residual_blocks, preset.steps) == (3, 6, 300_000)
    assert [getattr(hp, name) for name in WEIGHTS] == [0.01, 1, 10, 1, 1, 1]
    assert (hp.lr, hp.beta1, hp.beta2) == (1e-4, 0.5, 0.999)
    assert (hp.object_width, hp.hidden, hp.forget_bias, hp.bounded) == (0, 0, 0, False)
    assert (hp.last_lr, hp.lr_decay_start) == (1, 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [({"resolution": 50}, "Use 48 or 56"), ({"crop": 30}, "Use 28 or 32"), ({"resolution": 20}, "Use 24")],
)
def test_sizes_that_cannot_be_halved_are_refused(values: dict[str, int], words: str) -> None:
    with pytest.raises(StudioError, match=words):
        LAYOUT2IMAGE.hyperparameters.build(values.items())


def test_the_divergence_is_the_closed_form() -> None:
    mu, logvar = torch.tensor([[1.0, 0.0], [-2.0, 0.5]]), torch.tensor([[0.0, math.log(4)], [0.0, 0.0]])
    # 1/2 (mu^2 + sigma^2 - 1 - log sigma^2) summed: .5 + (3 - log 4) / 2 + 2 + .125.
    assert kl_divergence(mu, logvar).item() == pytest.approx(0.5 + 1.5 - math.log(2) + 2 + 0.125)
    assert kl_divergence(torch.zeros(5, 3), torch.zeros(5, 3)).item() == 0


def test_z_is_drawn_from_the_posterior() -> None:
    torch.manual_seed(0)
    z = draw(torch.full((20_000,), 3.0), torch.full((20_000,), math.log(0.25)))
    assert z.mean().item() == pytest.approx(3, abs=0.02)
    assert z.std().item() == pytest.approx(0.5, abs=0.02)


def told() -> tuple[Layout2Image, Drawing]:
    """A model whose E and Ds say what the test tells them to, and a drawing of two layouts with three objects."""
    model = small()
    empty = torch.zeros(2, 3, dtype=torch.int64)
    objects = pack(torch.zeros(2, 3, 4), empty, torch.tensor([[True, False, False], [True, False, True]]))
    objects = dataclasses.replace(objects, labels=torch.tensor([0, 2, 1]))
    made = torch.tensor([0.5, -0.25, 9.0, 9.0]).view(4, 1, 1, 1).expand(4, 3, 2, 2)
    drawing = Drawing(
        objects,
        real=torch.tensor([0.0, 0.75]).view(2, 1, 1, 1).expand(2, 3, 2, 2),
        made=made,
        real_crops=torch.zeros(3, 3, 2, 2),
        made_crops=torch.arange(6.0).view(6, 1, 1, 1).expand(6, 3, 2, 2),
        mu=torch.tensor([[2.0], [0.0], [0.0]]),
        logvar=torch.zeros(3, 1),
        z=torch.tensor([[1.0], [2.0], [4.0]]),
    )
    parts: dict[str, Any] = {
        "E": lambda crops, labels: (crops[:, 0, :1, 0], None),
        "D_image": lambda images: images[:, 0, 0, 0],
        "D_object": lambda crops: (crops[:, 0, 0, 0], torch.eye(3)[[0, 0, 1, 0, 2, 2]]),
    }
    vars(model).update(parts)
    return model, drawing


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


def test_each_loss_of_g_is_the_papers() -> None:
    model, drawing = told()
    losses = {name: loss.item() for name, loss in model.generator_losses(drawing).items()}
    assert losses["kl"] == pytest.approx(0.5 * 2**2)
    # |.5 - 0| and |-.25 - .75|; the pictures of drawn z do not count.
    assert losses["image_l1"] == pytest.approx((0.5 + 1) / 2)
    # E finds 3, 4 and 5 in the crops of the pictures of drawn z, which was 1, 2 and 4.
    assert losses["z_l1"] == pytest.approx((2 + 2 + 1) / 3)
    # Half the reconstructions' mean, half the others'.
    assert losses["G_image"] == pytest.approx(0.5 * (softplus(-0.5) + softplus(0.25)) / 2 + 0.5 * softplus(-9))
    by_object = [softplus(-x) for x in range(6)]
    assert losses["G_object"] == pytest.approx(0.5 * sum(by_object[:3]) / 3 + 0.5 * sum(by_object[3:]) / 3)
    # D's classes are 0 0 1 and 0 2 2 where they should be 0 2 1: right is log(e + 2) - 1, wrong log(e + 2).
    assert losses["G_label"] == pytest.approx(math.log(math.e + 2) - (0.5 * 2 / 3 + 0.5 * 2 / 3))
    assert tuple(losses) == LOSSES


def test_each_weight_counts_its_own_loss() -> None:
    weights = dict(zip(WEIGHTS, (0.03, 2.0, 5.0, 0.7, 1.3, 0.4), strict=True))
    phase = train_step(model := small(**weights), noise(model))[-1]
    expected = sum(weights[weight] * phase[f"loss/{loss}"] for weight, loss in zip(WEIGHTS, LOSSES, strict=True))
    torch.testing.assert_close(phase["loss/G"], expected)
    for name in LOSSES:
        assert phase[f"loss/{name}"] > 0


def test_a_step_is_the_plain_step() -> None:
    """The same updates from losses written out as in the authors' train.py, with plain Adam."""
    model = small(lr=1e-3)
    plain, batch = copy.deepcopy(model), noise(model)
    train_step(model, batch, step=7)
    torch.manual_seed(7)
    drawing, half = plain.draw(batch), len(batch)
    labels = drawing.objects.labels
    rec, rand = drawing.made[:half], drawing.made[half:]
    crops_rec, crops_rand = drawing.made_crops[: len(labels)], drawing.made_crops[len(labels) :]

    def bce(logits: Tensor, target: float) -> Tensor:
        return binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))

    def descend(loss: Tensor, *networks: nn.Module) -> None:
        weights = [weight for network in networks for weight in network.parameters()]
        optimizer = Adam(weights, 1e-3, (0.5, 0.999))
        for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.grad = slope
        optimizer.step()

    real, fake_rec, fake_rand = plain.D_image(torch.cat([batch.images, rec.detach(), rand.detach()])).split(half)
    image = 0.5 * bce(fake_rec, 0) + 0.5 * bce(fake_rand, 0) + bce(real, 1)
    src, cls = plain.D_object(torch.cat([drawing.real_crops, crops_rec.detach(), crops_rand.detach()]))
    src, cls = src.split(len(labels)), cls.split(len(labels))
    thing = 0.5 * bce(src[1], 0) + 0.5 * bce(src[2], 0) + bce(src[0], 1) + cross_entropy(cls[0], labels)
    descend(image, plain.D_image)
    descend(thing, plain.D_object)

    mu, logvar = drawing.mu, drawing.logvar
    fake_rec, fake_rand = plain.D_image(torch.cat([rec, rand])).split(half)
    src, cls = plain.D_object(torch.cat([crops_rec, crops_rand]))
    src, cls = src.split(len(labels)), cls.split(len(labels))
    loss = 0.01 * -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum()
    loss = loss + (rec - batch.images).abs().mean()
    loss = loss + 10 * (plain.E(crops_rand, labels)[0] - drawing.z).abs().mean()
    loss = loss + 0.5 * bce(fake_rec, 1) + 0.5 * bce(fake_rand, 1)
    loss = loss + 0.5 * bce(src[0], 1) + 0.5 * bce(src[1], 1)
    loss = loss + 0.5 * cross_entropy(cls[0], labels) + 0.5 * cross_entropy(cls[1], labels)
    descend(loss, plain.G, plain.E)
    for name in ("G", "E", "D_image", "D_object"):
        theirs = getattr(plain, name).state_dict()
        for key, value in getattr(model, name).state_dict().items():
            torch.testing.assert_close(value, theirs[key], rtol=1e-3, atol=1e-5, msg=f"{name}.{key}")


def test_it_trains_in_mixed_precision() -> None:
    model = small()
    with torch.autocast("cpu", torch.bfloat16):
        phases = train_step(model, noise(model))
    assert all(torch.tensor(float(value)).isfinite() for phase in phases for value in phase.values())


def test_one_path_has_z_of_the_posterior_and_the_other_of_the_prior() -> None:
    model = small()
    batch, seen = noise(model), []
    model.G.register_forward_pre_hook(lambda _layer, inputs: seen.append(inputs[1]))
    torch.manual_seed(3)
    drawing = model.draw(batch)
    torch.manual_seed(3)
    torch.rand(batch.labels.shape)  # type: ignore[union-attr]
    z, eps = torch.randn_like(drawing.mu), torch.randn_like(drawing.mu)
    torch.testing.assert_close(seen[0], drawing.mu + (drawing.logvar / 2).exp() * eps)
    assert torch.equal(seen[1], z)
    assert torch.equal(drawing.z, z)


def test_a_phase_moves_its_own_networks_alone() -> None:
    model = small()
    networks = {name: getattr(model, name) for name in ("G", "E", "D_image", "D_object")}
    moved = []
    phases = model.training_step(noise(model))
    for _ in range(3):
        before = {name: [value.detach().clone() for value in part.parameters()] for name, part in networks.items()}
        next(phases)
        now = {name: list(part.parameters()) for name, part in networks.items()}
        moved.append([name for name in networks if not all(map(torch.equal, before[name], now[name]))])
    assert moved == [["D_image"], ["D_object"], ["G", "E"]]


def test_d_image_takes_no_part_where_its_game_weighs_nothing() -> None:
    model = small(image_adversarial=0)
    model.D_image.register_forward_pre_hook(lambda *_: pytest.fail("D_image was asked"))
    phases = train_step(model, noise(model))
    assert len(phases) == 2
    assert not {"loss/D_image", "loss/G_image"} & {name for phase in phases for name in phase}


def test_where_games_are_rare_the_steps_between_only_reconstruct() -> None:
    model = small(game_every=3)
    torch.manual_seed(5)
    made = [train_step(model, noise(model), step) for step in range(4)]
    reconstruction = {"loss/kl", "loss/image_l1"}
    assert [len(phases) for phases in made] == [1, 1, 3, 1]
    assert [set(made[step][0]) for step in (0, 1, 3)] == [reconstruction] * 3


def test_a_step_between_is_the_plain_one_of_its_two_losses() -> None:
    between, whole = small(lr=1e-3, game_every=2), small(lr=1e-3)
    train_step(between, noise(between), step=0)
    torch.manual_seed(0)
    objects = shuffled(noise(whole))
    mu, logvar = whole.E(whole.crops(noise(whole).images, objects), objects.labels)
    loss = 0.01 * kl_divergence(mu, logvar) + l1_loss(whole.G(objects, draw(mu, logvar)), noise(whole).images)
    whole.G_opt.zero_grad()
    torch.autograd.backward(loss)
    whole.G_opt.step()
    for name in ("G", "E"):
        theirs = getattr(whole, name).state_dict()
        for key, value in getattr(between, name).state_dict().items():
            torch.testing.assert_close(value, theirs[key], rtol=1e-3, atol=1e-5, msg=f"{name}.{key}")


def test_gs_phase_takes_no_gradient_of_the_ds() -> None:
    model = small()
    phases = model.training_step(noise(model))
    next(phases), next(phases)
    for network in (model.D_image, model.D_object):
        network.zero_grad()
    next(phases)
    assert all(weight.grad is None for D in (model.D_image, model.D_object) for weight in D.parameters())


def test_a_new_learning_rate_reaches_every_optimiser_at_the_next_step() -> None:
    model = small()
    model.hp = model.hp.changed(lr=3e-3)
    next(model.training_step(noise(model)))
    optimisers = (model.G_opt, model.D_image_opt, model.D_object_opt)
    assert {group["lr"] for part in optimisers for group in part.param_groups} == {3e-3}


@pytest.mark.parametrize(("start", "shares"), [(0.5, [1, 1, 1, 2 / 3, 1 / 3]), (1, [1, 1, 1, 1, 1])])
def test_the_learning_rates_fall_in_a_straight_line(start: float, shares: list[float]) -> None:
    model, used = small(lr=1e-3, last_lr=0.1, lr_decay_start=start), []
    for step in range(1, 6):
        model.clock = Clock(step, 0, 6)
        next(model.training_step(noise(model)))
        optimisers = (model.G_opt, model.D_image_opt, model.D_object_opt)
        rates = [group["lr"] for part in optimisers for group in part.param_groups]
        assert rates == pytest.approx([rates[0], 0.1 * rates[0], rates[0], rates[0]])
        used.append(rates[0])
    assert used == pytest.approx([1e-3 * share for share in shares])


def test_the_last_layer_learns_at_its_share_of_the_rate() -> None:
    model = small(last_lr=0.1, lr=1e-3)
    others, last = model.G_opt.param_groups
    assert (others["lr"], last["lr"]) == (1e-3, pytest.approx(1e-4))
    assert [id(weight) for weight in last["params"]] == [id(weight) for weight in model.G.decoder.last.parameters()]
    assert len(others["params"]) + 2 == sum(len([*part.parameters()]) for part in (model.G, model.E))
    model.hp = model.hp.changed(lr=2e-3)
    next(model.training_step(noise(model)))
    assert [group["lr"] for group in model.G_opt.param_groups] == [2e-3, pytest.approx(2e-4)]


def scenes() -> Dataset:
    random = np.random.default_rng(0)
    boxes = np.concatenate([random.random((30, 3, 2)) / 2, np.full((30, 3, 2), 0.4)], axis=2).astype(np.float32)
    present = np.arange(3) < random.integers(1, 4, (30, 1))
    objects = Objects(random.integers(0, 3, (30, 3)), boxes, present)
    info = DataInfo(DataKind.LAYOUT, 30, 16, labels=("a", "b", "c"), objects=3)
    return Dataset(info, "scenes", random.integers(0, 255, (30, 16, 16, 3), np.uint8), objects=objects)


def trainer() -> Trainer:
    data = scenes()
    torch.manual_seed(0)
    model = build_model(PluginHost.of({"layout2image": studio_layout2image}), LAYOUT2IMAGE, SMALL, data.info)
    return Trainer(model, data, seed=0, steps=100, device=torch.device("cpu"))


def advance_to(trainer: Trainer, step: int) -> Trainer:
    while trainer.step < step:
        trainer.advance()
    return trainer


def test_resuming_through_the_trainer_is_exact_to_the_bit() -> None:
    straight, broken_off = advance_to(trainer(), 7), advance_to(trainer(), 3)
    torch.manual_seed(99)
    resumed = trainer()
    resumed.load_state_dict(broken_off.state_dict())
    advance_to(resumed, 7)
    theirs = flatten(straight.state_dict())[0]
    for name, tensor in flatten(resumed.state_dict())[0].items():
        assert torch.equal(tensor, theirs[name]), name
