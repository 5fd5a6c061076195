"""The cyclegan plugin: its terms against hand-worked values, a whole step against the paper, pools, exact resuming."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.optim import Adam

import studio_cyclegan
from studio.api import Batch, Clock, DataInfo, DataKind, StudioError
from studio.api.testing import build, check_model, check_plugin, random_batch, train_step
from studio.data.dataset import Dataset
from studio.engine.state_tree import flatten, unflatten
from studio.engine.trainer import Trainer
from studio.nn.unet import UNet
from studio_cyclegan import CYCLEGAN, CycleGanHyperparameters
from studio_cyclegan.model import CycleGan

SMALL = {"resolution": 16, "batch": 2, "width": 4, "blocks": 1, "d_width": 4, "receptive_field": "16", "pool": 3}
PLAIN = {"jitter": 1, "flip": False}


def small(**values: Any) -> CycleGan:
    model = build(CYCLEGAN, CYCLEGAN.hyperparameters.build({**SMALL, **values}.items()))
    assert isinstance(model, CycleGan)
    return model


def noise(model: CycleGan, seed: int = 0) -> Batch:
    return random_batch(model.data, model.hp.batch, seed)


def values_of(*networks: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for network in networks for parameter in network.parameters()]


def slopes_of(*networks: nn.Module) -> list[Tensor | None]:
    grads = [parameter.grad for network in networks for parameter in network.parameters()]
    return [None if grad is None else grad.clone() for grad in grads]


def unchanged(before: list[Any], after: list[Any]) -> bool:
    return all(old is new or torch.equal(old, new) for old, new in zip(before, after, strict=True))


class Affine(nn.Module):
    """A network with values to work out by hand: factor x + shift."""

    def __init__(self, factor: float, shift: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(float(factor)))
        self.shift = nn.Parameter(torch.tensor(float(shift)))

    def forward(self, x: Tensor) -> Tensor:
        return self.factor * x + self.shift


class Mean(Affine):
    """Scores a pixel by its mean over the channels."""

    def __init__(self) -> None:
        super().__init__(1, 0)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.mean(dim=1, keepdim=True))


def worked_by_hand(**values: Any) -> CycleGan:
    """G_AB adds .2, G_BA halves, both discriminators give the mean."""
    model = small(**PLAIN, **values)
    model.G_AB, model.G_BA = Affine(1, 0.2), Affine(0.5, 0)
    model.D_A, model.D_B = Mean(), Mean()
    return model


def flat(model: CycleGan, a: float, b: float) -> Batch:
    shape = (model.hp.batch, 3, model.hp.resolution, model.hp.resolution)
    return Batch(torch.full(shape, a), torch.full(shape, b))


@pytest.mark.parametrize(
    "values",
    [{}, {"architecture": "unet", "cycle_loss": "mse"}],
    ids=lambda values: str(values or "default"),
)
def test_it_conforms(values: dict[str, Any]) -> None:
    report = check_model(CYCLEGAN, {**SMALL, **values})
    assert report.ok, report


@pytest.mark.slow
def test_the_plugin_conforms_at_its_full_width() -> None:
    report = check_plugin(studio_cyclegan)
    assert report.ok, report


def test_every_hyperparameter_of_its_own_says_where_it_comes_from() -> None:
    shared = {"ema_kimg", "ema_rampup", "log_every", "sample_every", "checkpoint_every"}
    unsourced = {info.name for info in CYCLEGAN.hyperparameters.describe() if not info.source}
    assert unsourced == shared - {"ema_kimg", "ema_rampup"}


def test_the_paper_preset_is_the_authors_code() -> None:
    preset = CYCLEGAN.presets["paper"]
    hp = CycleGanHyperparameters.build(preset.values.items())
    assert (hp.resolution, hp.batch, hp.architecture, hp.width, hp.blocks) == (256, 1, "resnet", 64, 9)
    assert (hp.d_width, hp.patch, hp.pool, hp.cycle_weight, hp.identity_weight) == (64, 70, 50, 10, 0.5)
    assert (hp.cycle_loss, hp.lr_decay_start, hp.jitter, hp.flip) == ("l1", 0.5, 286 / 256, True)
    model = small(**{name: getattr(hp, name) for name in ("lr", "beta1", "beta2", "pool")})
    for optimiser in (model.G_opt, model.D_opt):
        assert isinstance(optimiser, Adam)
        assert (optimiser.param_groups[0]["lr"], optimiser.param_groups[0]["betas"]) == (2e-4, (0.5, 0.999))
    assert (model.pool_A.size, model.pool_B.size) == (50, 50)


def test_the_lecture_preset_has_u_nets_and_squared_errors() -> None:
    hp = CycleGanHyperparameters.build(CYCLEGAN.presets["lecture"].values.items())
    assert (hp.architecture, hp.cycle_loss, hp.resolution) == ("unet", "mse", 128)
    assert hp.halvings == 7
    assert isinstance(small(architecture="unet").G_AB, UNet)


def test_each_term_against_values_worked_by_hand() -> None:
    model = worked_by_hand()
    generators, discriminators = train_step(model, flat(model, a=0.4, b=-0.2))
    # A -> B is .4 -> .6, and back .3; B -> A is -.2 -> -.1, and back .1; identity: G_AB(-.2) = 0, G_BA(.4) = .2.
    assert generators == {
        "loss/G_AB": pytest.approx((0.6 - 1) ** 2),
        "loss/G_BA": pytest.approx((-0.1 - 1) ** 2),
        "cycle/A": pytest.approx(0.1),
        "cycle/B": pytest.approx(0.3),
        "identity/A": pytest.approx(0.2),
        "identity/B": pytest.approx(0.2),
    }
    assert discriminators == {
        "loss/D_A": pytest.approx(((0.4 - 1) ** 2 + 0.1**2) / 2),
        "loss/D_B": pytest.approx(((-0.2 - 1) ** 2 + 0.6**2) / 2),
    }


def test_squared_terms_against_values_worked_by_hand() -> None:
    model = worked_by_hand(cycle_loss="mse")
    generators, _ = train_step(model, flat(model, a=0.4, b=-0.2))
    assert generators["cycle/A"] == pytest.approx(0.01)
    assert generators["cycle/B"] == pytest.approx(0.09)
    assert generators["identity/A"] == generators["identity/B"] == pytest.approx(0.04)


@pytest.mark.parametrize(("cycle", "identity"), [(10, 0.5), (3, 2), (10, 0), (0, 0.5)])
def test_each_term_has_its_weight(cycle: float, identity: float) -> None:
    model = worked_by_hand(cycle_weight=cycle, identity_weight=identity)
    train_step(model, flat(model, a=0.4, b=-0.2))
    G_AB, G_BA = model.G_AB, model.G_BA
    assert isinstance(G_AB, Affine)
    assert isinstance(G_BA, Affine)
    # By the shift s of G_AB: d/ds (.4 + s - 1)^2 = 2 (.6 - 1); |.5 (.4 + s) - .4| falls by .5; |-.1 + s + .2| and
    # |-.2 + s + .2| rise by 1. By that of G_BA, which G_AB(G_BA(b)) passes on: 2 (-.1 - 1), -1, 1, and |.2 - .4| falls.
    assert G_AB.shift.grad == pytest.approx(-0.8 + cycle * (-0.5 + 1) + cycle * identity * 1)
    assert G_BA.shift.grad == pytest.approx(-2.2 + cycle * (-1 + 1) + cycle * identity * -1)


def test_without_identity_weight_there_is_no_identity_pass() -> None:
    model, sizes = small(identity_weight=0), []
    model.G_AB.register_forward_hook(lambda _network, inputs, _output: sizes.append(len(inputs[0])))
    generators, _ = train_step(model, noise(model))
    assert sizes == [2, 2]
    assert generators["identity/A"] == generators["identity/B"] == 0


def plainly(model: CycleGan, A: Tensor, B: Tensor) -> list[nn.Module]:
    """Copies of the networks after one step typed from the paper: every picture goes through on its own pass."""
    G, F, D_X, D_Y = (copy.deepcopy(network) for network in (model.G_AB, model.G_BA, model.D_A, model.D_B))
    G_opt = Adam([*G.parameters(), *F.parameters()], lr=2e-4, betas=(0.5, 0.999))
    D_opt = Adam([*D_X.parameters(), *D_Y.parameters()], lr=2e-4, betas=(0.5, 0.999))
    fake_B, fake_A = G(A), F(B)
    loss = ((D_Y(fake_B) - 1) ** 2).mean() + ((D_X(fake_A) - 1) ** 2).mean()
    loss = loss + 10 * (F(fake_B) - A).abs().mean() + 10 * (G(fake_A) - B).abs().mean()
    loss = loss + 5 * (G(B) - B).abs().mean() + 5 * (F(A) - A).abs().mean()
    G_opt.zero_grad()
    loss.backward()
    G_opt.step()
    D_opt.zero_grad()
    for D, real, fake in ((D_X, A, fake_A), (D_Y, B, fake_B)):
        (0.5 * (((D(real) - 1) ** 2).mean() + (D(fake.detach()) ** 2).mean())).backward()
    D_opt.step()
    return [G, F, D_X, D_Y]


def test_a_step_is_the_papers() -> None:
    model = small(**PLAIN)
    networks = (model.G_AB, model.G_BA, model.D_A, model.D_B)
    for network in networks:
        network.double()
    batch = noise(model)
    assert batch.images_b is not None
    batch.images, batch.images_b = batch.images.double(), batch.images_b.double()
    before = values_of(*networks)
    expected = values_of(*plainly(model, batch.images, batch.images_b))
    train_step(model, batch)
    for old, new, hoped in zip(before, values_of(*networks), expected, strict=True):
        assert not torch.equal(old, new)
        assert torch.allclose(new, hoped, rtol=0, atol=1e-9)


def test_a_phase_moves_its_own_networks_and_takes_no_gradient_of_the_others() -> None:
    model = small()
    G, D = (model.G_AB, model.G_BA), (model.D_A, model.D_B)
    train_step(model, noise(model))
    phases = model.training_step(noise(model, seed=1))
    G_values, D_values, D_slopes = values_of(*G), values_of(*D), slopes_of(*D)
    next(phases)
    assert not unchanged(G_values, values_of(*G))
    assert unchanged(D_values, values_of(*D))
    assert unchanged(D_slopes, slopes_of(*D))
    G_values, G_slopes = values_of(*G), slopes_of(*G)
    next(phases)
    assert unchanged(G_values, values_of(*G))
    assert unchanged(G_slopes, slopes_of(*G))
    assert not unchanged(D_values, values_of(*D))


def test_discriminators_see_real_pictures_of_their_domain_and_what_the_pool_gives() -> None:
    model = worked_by_hand()
    batch, seen = flat(model, a=0.4, b=-0.2), {}
    for name in ("A", "B"):
        pool, D = getattr(model, f"pool_{name}"), getattr(model, f"D_{name}")
        pool.load_state_dict({"pictures": torch.full((3, 3, 16, 16), 0.7)})
        D.register_forward_hook(lambda _D, inputs, _output, name=name: seen.update({name: inputs[0][:, 0, 0, 0]}))
    shown: set[float] = set()
    for step in range(8):
        train_step(model, batch, step)
        assert seen["A"][:2].tolist() == pytest.approx([0.4, 0.4])
        assert seen["B"][:2].tolist() == pytest.approx([-0.2, -0.2])
        shown |= {round(value, 3) for value in seen["B"][2:].tolist()}
    # New fakes are .6; the pool's first ones .7.
    assert shown == {0.6, 0.7}


def test_the_learning_rate_holds_and_then_falls_to_nothing() -> None:
    model = small(lr=1e-3)
    rates = {}
    for step in (0, 499, 500, 750, 999):
        train_step(model, noise(model), step)
        (rates[step],) = {group["lr"] for part in (model.G_opt, model.D_opt) for group in part.param_groups}
    assert rates == {
        0: 1e-3,
        499: 1e-3,
        500: 1e-3,
        750: pytest.approx(5e-4),
        999: pytest.approx(1e-3 / 500),
    }


@pytest.mark.parametrize(
    ("start", "step", "part"), [(1, 999, 1.0), (0, 0, 1.0), (0, 250, 0.75), (0.9, 899, 1.0), (0.9, 950, 0.5)]
)
def test_the_decaying_part_of_the_run_can_be_chosen(start: float, step: int, part: float) -> None:
    model = small()
    model.hp = model.hp.changed(lr_decay_start=start, lr=4e-4)
    model.clock = Clock(step, 0, 1000)
    assert model.learning_rate() == pytest.approx(4e-4 * part)


def test_directions_are_called_by_the_domains() -> None:
    hp = CycleGanHyperparameters.build(SMALL.items())
    model = CycleGan(hp, DataInfo(DataKind.UNPAIRED, 9, 16, domains=("outline", "filled")))
    assert model.directions == ("outline->filled", "filled->outline")
    model.ema = {"G_AB": Affine(1, 0.2), "G_BA": Affine(0.5, 0)}
    x = torch.full((2, 3, 16, 16), 0.4)
    assert torch.allclose(model.translate(x, "outline->filled"), x + 0.2)
    assert torch.allclose(model.translate(x, "filled->outline"), 0.5 * x)
    with pytest.raises(StudioError, match=r"sideways.*outline->filled, filled->outline"):
        model.translate(x, "sideways")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"resolution": 50, "receptive_field": "16"}, "48 or 52"),
        ({"resolution": 48, "architecture": "unet"}, "32 or 64"),
        ({"resolution": 16}, "at least 24"),
        ({"receptive_field": "64"}, "1, 16, 70, 286"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_remedy(values: dict[str, Any], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        CycleGanHyperparameters.build(values.items())


def trainer_of(values: Mapping[str, Any]) -> Trainer:
    random = np.random.default_rng(0)
    info = DataInfo(DataKind.UNPAIRED, 30, 16)
    a, b = (random.integers(0, 255, (count, 16, 16, 3), np.uint8) for count in (30, 23))
    data = Dataset(info, "toys", a, pictures_b=b)
    return Trainer(small(**values), data, seed=0, steps=20, device=torch.device("cpu"))


def advance_to(trainer: Trainer, step: int) -> Trainer:
    while trainer.step < step:
        trainer.advance()
    return trainer


@pytest.mark.parametrize("stop", [1, 6])
def test_resuming_is_exact_to_the_bit_with_the_pools_half_full_and_full(stop: int) -> None:
    straight = advance_to(trainer_of({}), 14)
    broken_off = advance_to(trainer_of({}), stop)
    kept = unflatten(*flatten(copy.deepcopy(broken_off.state_dict())))
    advance_to(broken_off, stop + 1)
    torch.manual_seed(99)
    resumed = trainer_of({})
    resumed.load_state_dict(kept)
    advance_to(resumed, 14)
    theirs = flatten(straight.state_dict())[0]
    found = flatten(resumed.state_dict())[0]
    assert found.keys() == theirs.keys()
    assert any("pool_A" in name for name in found)
    for name, tensor in found.items():
        assert torch.equal(tensor, theirs[name]), name
