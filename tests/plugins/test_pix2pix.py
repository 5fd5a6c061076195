"""The pix2pix plugin: its losses, one whole step typed out, the schedule, chance, exact resuming, and learning."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss

import studio_pix2pix
from studio.api import Batch, DataInfo, DataKind, StudioError
from studio.api.model import Clock
from studio.api.testing import build, check_model, check_plugin, train_step
from studio.data.dataset import Dataset
from studio.engine.averages import Averages
from studio.engine.player import build_model
from studio.engine.plugins import PluginHost
from studio.engine.state_tree import flatten
from studio.engine.trainer import Trainer
from studio.nn.patchgan import PatchDiscriminator
from studio_pix2pix import PIX2PIX
from studio_pix2pix.hyperparameters import Pix2PixHyperparameters
from studio_pix2pix.losses import Loss, discriminator_loss, judgement, verdict
from studio_pix2pix.model import Pix2Pix

SMALL: dict[str, Any] = {"resolution": 32, "batch": 2, "width": 4}
STILL: dict[str, Any] = {"jitter": 1, "flip": False, "dropout": 0}
INKS = torch.tensor([[0.8, -0.6, -0.6], [-0.6, 0.7, -0.6], [-0.6, -0.6, 0.9], [0.8, 0.7, -0.7]])
LOSSES = pytest.mark.parametrize("loss", ["bce", "lsgan"])


def small(seed: int = 0, **values: Any) -> Pix2Pix:
    model = build(PIX2PIX, PIX2PIX.hyperparameters.build({**SMALL, **values}.items()), seed)
    assert isinstance(model, Pix2Pix)
    return model


def noise(count: int, size: int = 32, seed: int = 0) -> Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def a_batch(count: int = 2, size: int = 32) -> Batch:
    return Batch(noise(count, size, 1), noise(count, size, 2))


def values_of(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def unchanged(before: list[Tensor], network: nn.Module) -> bool:
    return all(torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True))


def test_the_plugin_conforms() -> None:
    report = check_plugin(studio_pix2pix)
    assert report.ok, report


@pytest.mark.parametrize(
    "values",
    [
        {"norm": "instance", "loss": "lsgan", "direction": "B->A"},
        {"resolution": 16, "receptive_field": "16"},
        {"resolution": 64, "receptive_field": "1", "batch": 1},
    ],
)
def test_every_network_conforms(values: dict[str, Any]) -> None:
    report = check_model(PIX2PIX, {"width": 4, **values})
    assert report.ok, report


def test_every_hyperparameter_of_its_own_says_where_it_comes_from() -> None:
    shared = {"ema_kimg", "ema_rampup", "log_every", "sample_every", "checkpoint_every"}
    assert [
        info.name for info in PIX2PIX.hyperparameters.describe() if not info.source and info.name not in shared
    ] == []


def test_the_paper_preset_is_the_authors_code() -> None:
    hp = PIX2PIX.hyperparameters.build(PIX2PIX.presets["paper"].values.items())
    assert isinstance(hp, Pix2PixHyperparameters)
    assert (hp.resolution, hp.levels, hp.width, hp.batch, hp.field, hp.norm) == (256, 8, 64, 1, 70, "batch")
    assert (hp.loss, hp.l1_weight, hp.dropout, hp.lr_decay_start) == ("bce", 100, 0.5, 0.5)
    assert (round(hp.jitter * hp.resolution), hp.flip) == (286, True)
    model = small(**{**PIX2PIX.presets["paper"].values, "resolution": 32, "width": 4})
    for optimiser in (model.G_opt, model.D_opt):
        group = optimiser.param_groups[0]
        assert (type(optimiser), group["lr"], group["betas"]) == (torch.optim.Adam, 2e-4, (0.5, 0.999))


def test_pictures_that_do_not_halve_to_one_pixel_are_refused() -> None:
    for values, reason in (
        ({"resolution": 96}, "use 64 or 128"),
        ({"resolution": 16}, "at least 24 px, not 16"),
        ({"resolution": 64, "receptive_field": "286"}, "at least 96 px, not 64"),
    ):
        with pytest.raises(StudioError, match=reason):
            PIX2PIX.hyperparameters.build(values.items())
    PIX2PIX.hyperparameters.build({"resolution": 16, "receptive_field": "16"}.items())


def test_losses_have_the_values_worked_out_by_hand() -> None:
    logits = torch.tensor([[[[0.0, math.log(3)]]]], dtype=torch.float64)  # probabilities 1/2 and 3/4
    assert judgement("bce", logits, real=True).item() == pytest.approx((math.log(2) + math.log(4 / 3)) / 2)
    assert judgement("bce", logits, real=False).item() == pytest.approx((math.log(2) + math.log(4)) / 2)
    assert verdict("bce", logits).item() == pytest.approx(0.625)
    logits = torch.tensor([[[[0.5, 2.0]]]], dtype=torch.float64)
    assert judgement("lsgan", logits, real=True).item() == pytest.approx((0.25 + 1) / 2)
    assert judgement("lsgan", logits, real=False).item() == pytest.approx((0.25 + 4) / 2)
    assert verdict("lsgan", logits).item() == pytest.approx(1.25)
    assert discriminator_loss("lsgan", logits, logits).item() == pytest.approx((0.625 + 2.125) / 2)


@LOSSES
def test_one_step_is_the_papers(loss: Loss) -> None:
    model = small(loss=loss, l1_weight=7, lr=1e-3, **STILL)
    model.G.double(), model.D.double()
    batch = Batch(noise(2, seed=1).double(), noise(2, seed=2).double())
    assert batch.images_b is not None
    G, D, x, y = copy.deepcopy(model.G), copy.deepcopy(model.D), batch.images, batch.images_b
    G_opt, D_opt = (torch.optim.Adam(net.parameters(), 1e-3, (0.5, 0.999)) for net in (G, D))
    score = binary_cross_entropy_with_logits if loss == "bce" else mse_loss

    def judged(made: Tensor, target: float) -> Tensor:
        logits = D(torch.cat([x, made], dim=1))
        return score(logits, torch.full_like(logits, target))

    made = G(x)
    loss_d = (judged(y, 1) + judged(made.detach(), 0)) / 2
    D_opt.zero_grad()
    loss_d.backward()
    D_opt.step()
    loss_g, l1 = judged(made, 1), (made - y).abs().mean()
    G_opt.zero_grad()
    (loss_g + 7 * l1).backward()
    G_opt.step()

    phases = train_step(model, batch)
    assert [phase.keys() for phase in phases] == [{"loss/D", "D/real", "D/fake"}, {"loss/G", "L1"}]
    yielded = [phases[0]["loss/D"], phases[1]["loss/G"], phases[1]["L1"]]
    assert [float(value) for value in yielded] == pytest.approx(
        [loss.item() for loss in (loss_d, loss_g, l1)], rel=1e-12
    )
    for ours, theirs in ((model.G, G), (model.D, D)):
        for mine, plain in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(mine, plain, rtol=1e-9, atol=1e-12)


def test_a_phase_moves_its_own_network_and_takes_no_gradient_of_the_other() -> None:
    model = small()
    model.clock = Clock(0, 0, 10)
    phases = model.training_step(a_batch())
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


def test_real_and_made_pairs_meet_batch_norm_apart() -> None:
    model, seen = small(**STILL), []
    model.D.register_forward_hook(lambda _layer, inputs, _output: seen.append(inputs[0]))
    batch = a_batch()
    train_step(model, batch)
    assert [tuple(pairs.shape) for pairs in seen] == [(2, 6, 32, 32)] * 3
    assert all(torch.equal(pairs[:, :3], batch.images) for pairs in seen)
    assert torch.equal(seen[0], seen[2])
    assert torch.equal(seen[1][:, 3:], batch.images_b)  # type: ignore[arg-type]


def test_the_receptive_field_reaches_the_discriminator() -> None:
    for field, scores in (("1", 64), ("16", 30), ("70", 6)):
        D = small(resolution=64, receptive_field=field).D
        assert isinstance(D, PatchDiscriminator)
        assert D(torch.zeros(1, 6, 64, 64)).shape[-1] == scores


def test_both_sides_of_a_pair_are_jittered_alike() -> None:
    torch.manual_seed(0)
    images = noise(8)
    given, target = small().pair(Batch(images, images.clone()))
    assert torch.equal(given, target)
    assert not torch.equal(given, images)


def test_the_direction_says_what_is_given() -> None:
    batch = a_batch()
    given, target = small(**STILL).pair(batch)
    assert torch.equal(given, batch.images)
    assert torch.equal(target, batch.images_b)  # type: ignore[arg-type]
    given, target = small(**STILL, direction="B->A").pair(batch)
    assert torch.equal(given, batch.images_b)  # type: ignore[arg-type]
    assert torch.equal(target, batch.images)


def test_directions_are_in_the_datas_words() -> None:
    info = DataInfo(DataKind.PAIRED, 4, 32, domains=("outline", "filled"))
    for direction, words in (("A->B", "outline->filled"), ("B->A", "filled->outline")):
        hp = PIX2PIX.hyperparameters.build({**SMALL, "direction": direction}.items())
        model = Pix2Pix(hp, info)
        Averages(model)
        assert model.directions == (words,)
        assert model.translate(noise(1), words).shape == (1, 3, 32, 32)
        with pytest.raises(StudioError, match="not learnt 'sideways'") as refusal:
            model.translate(noise(1), "sideways")
        assert refusal.value.remedy == f"Use {words!r}."


def test_translations_draw_from_the_generator_and_do_not_depend_on_the_batch() -> None:
    model = small(resolution=64)
    Averages(model)
    images = noise(3, 64)

    def made(chosen: Tensor, seed: int | None) -> Tensor:
        return model.translate(chosen, "A->B", None if seed is None else torch.Generator().manual_seed(seed))

    for seed in (None, 1):
        assert torch.equal(made(images, seed), made(images, seed))
        assert torch.allclose(made(images, seed)[1], made(images[1:2], seed)[0], atol=1e-5)
    assert not torch.allclose(made(images, 1), made(images, 2))
    assert not torch.allclose(made(images, 1), made(images, None))


@pytest.mark.parametrize(
    ("start", "shares"),
    [
        (0.5, [1, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2]),
        (0.0, [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        (1, [1] * 10),
    ],
)
def test_the_learning_rate_falls_in_a_straight_line(start: float, shares: list[float]) -> None:
    model, used = small(lr=1e-3, lr_decay_start=start), []
    for step in range(10):
        model.clock = Clock(step, 0, 10)
        next(model.training_step(a_batch()))
        assert model.G_opt.param_groups[0]["lr"] == model.D_opt.param_groups[0]["lr"]
        used.append(model.G_opt.param_groups[0]["lr"])
    assert used == pytest.approx([1e-3 * share for share in shares])


def test_the_learning_rate_is_never_below_zero_and_a_new_one_counts_at_once() -> None:
    model = small()
    model.clock = Clock(30, 0, 10)
    assert model.learning_rate == 0
    model.clock = Clock()
    assert model.learning_rate == 2e-4
    model.hp = model.hp.changed(lr=3e-3)
    next(model.training_step(a_batch()))
    assert model.G_opt.param_groups[0]["lr"] == 3e-3


def trainer_of(values: Mapping[str, Any]) -> Trainer:
    random, info = np.random.default_rng(0), DataInfo(DataKind.PAIRED, 10, 64)
    sides = (random.integers(0, 255, (10, 64, 64, 3), np.uint8) for _ in "AB")
    data = Dataset(info, "toys", *sides)
    torch.manual_seed(0)
    hosted = build_model(
        PluginHost.of({"pix2pix": studio_pix2pix}), PIX2PIX, {**SMALL, "resolution": 64, **values}, info
    )
    return Trainer(hosted, data, seed=0, steps=8, device=torch.device("cpu"))


def advance_to(trainer: Trainer, step: int) -> Trainer:
    while trainer.step < step:
        trainer.advance()
    return trainer


@pytest.mark.parametrize("values", [{}, {"norm": "instance", "batch": 1, "loss": "lsgan"}])
def test_resuming_through_the_trainer_is_exact_to_the_bit(values: dict[str, Any]) -> None:
    straight = advance_to(trainer_of(values), 8)
    broken_off = advance_to(trainer_of(values), 3)
    torch.manual_seed(99)
    resumed = trainer_of(values)
    resumed.load_state_dict(broken_off.state_dict())
    advance_to(resumed, 8)
    theirs = flatten(straight.state_dict())[0]
    for name, tensor in flatten(resumed.state_dict())[0].items():
        assert torch.equal(tensor, theirs[name]), name


def shapes(count: int, size: int, draw: torch.Generator) -> Batch:
    """Outlines of ellipses and boxes in an ink of their own, and the same shapes filled with that ink."""
    steps = (torch.arange(size) + 0.5) / size
    centre, radius = (
        0.4 + 0.2 * torch.rand(2, count, 1, 1, generator=draw),
        0.2 + 0.15 * torch.rand(2, count, 1, 1, generator=draw),
    )
    across, down = ((steps - centre[0]) / radius[0]).abs(), ((steps[:, None] - centre[1]) / radius[1]).abs()
    round_one = torch.rand(count, 1, 1, generator=draw) < 0.5
    distance = torch.where(round_one, (across.square() + down.square()).sqrt(), torch.maximum(across, down))
    ink = INKS[torch.randint(len(INKS), (count,), generator=draw)][:, :, None, None]
    inside, edge = (distance < 1)[:, None], ((distance < 1) & (distance > 0.75))[:, None]
    return Batch(torch.where(edge, ink, 1.0), torch.where(inside, ink, 1.0))


def held_out(model: Pix2Pix, batch: Batch) -> float:
    """L1 distance of the averaged network's pictures to the targets, as a share of that of the inputs."""
    assert batch.images_b is not None
    with torch.inference_mode():
        made = model.translate(batch.images, model.directions[0])
    return ((made - batch.images_b).abs().mean() / (batch.images - batch.images_b).abs().mean()).item()


def trained(seed: int, steps: int, **values: Any) -> Pix2Pix:
    model = small(seed, **values)
    averages, draw, size = Averages(model), torch.Generator().manual_seed(seed), model.hp.resolution
    for step in range(steps):
        torch.manual_seed(step)
        model.clock = Clock(step, step * model.hp.batch, steps)
        for _ in model.training_step(shapes(model.hp.batch, size, draw)):
            pass
        averages.update(model.hp, (step + 1) * model.hp.batch, model.hp.batch)
    return model


@pytest.mark.parametrize("seed", range(3))
def test_it_learns_to_fill_outlines(seed: int) -> None:
    values = {"receptive_field": "16", "width": 16, "batch": 4, "lr": 5e-3, "ema_kimg": 0.2}
    model = trained(seed, 300, **values)
    assert held_out(model, shapes(32, 32, torch.Generator().manual_seed(1000))) <= 0.5
