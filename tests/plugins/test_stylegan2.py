"""StyleGAN2's training: the order and schedule of its phases, augmentation, labels, exact resuming, its presets."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import studio_stylegan
from studio.api import Batch, DataInfo, DataKind, StudioError
from studio.api.testing import check_model, check_plugin, train_step
from studio.data.dataset import Dataset
from studio.engine.player import build_model, facts_of
from studio.engine.plugins import PluginHost
from studio.engine.state_tree import flatten
from studio.engine.trainer import Trainer
from studio_stylegan import STYLEGAN2
from studio_stylegan.model import StyleGan2
from tests.plugins.stylegan2_kit import SMALL, labelled, pictures, small, small_of

PHASES = {"G": "loss/G", "path": "loss/path", "D": "loss/D", "R1": "loss/R1"}


def order(phases: list[Any]) -> list[str]:
    return [name for phase in phases for name, key in PHASES.items() if key in phase]


def values_of(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def unchanged(before: list[Tensor], network: nn.Module) -> bool:
    return all(torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True))


def test_the_plugin_offers_every_stylegan() -> None:
    assert [spec.id for spec in studio_stylegan.studio_models()] == ["stylegan", "stylegan1", "stylegan3"]
    assert STYLEGAN2.title == "StyleGAN2"


@pytest.mark.parametrize("values", [{}, {"augment": "fixed", "mirror": True}, {"augment": "ada", "half_layers": 2}])
def test_it_conforms(values: dict[str, Any]) -> None:
    report = check_model(STYLEGAN2, {**SMALL, **values})
    assert report.ok, report


def test_classes_can_be_asked_for_where_it_has_learnt_them() -> None:
    assert facts_of(STYLEGAN2, small_of(labelled(), conditional=True)).labels == labelled().labels
    assert facts_of(STYLEGAN2, small_of(labelled(), conditional=False)).labels == ()


def test_every_hyperparameter_of_its_own_says_where_it_comes_from() -> None:
    shared = {"ema_kimg", "ema_rampup", "log_every", "sample_every", "checkpoint_every"}
    described = STYLEGAN2.hyperparameters.describe()
    assert [info.name for info in described if not info.source and info.name not in shared] == []


def test_the_paper_preset_is_the_authors_code() -> None:
    preset = STYLEGAN2.presets["paper"]
    hp: Any = STYLEGAN2.hyperparameters.build(preset.values.items())
    assert preset.steps * hp.batch == 25_000_000
    assert (hp.resolution, hp.batch, hp.lr, hp.gamma, hp.std_group) == (1024, 32, 2e-3, 10, 4)
    assert (hp.r1_every, hp.pl_every, hp.pl_weight, hp.pl_shrink, hp.pl_decay) == (16, 4, 2, 2, 0.01)
    assert (hp.z_dim, hp.w_dim, hp.mapping_layers, hp.channel_base, hp.channel_max) == (512, 512, 8, 32768, 512)
    assert (hp.mixing, hp.ema_kimg, hp.ema_rampup, hp.half_layers) == (0.9, 10, 0, 4)
    assert (hp.augment, hp.ada_target, hp.ada_kimg, hp.ada_every) == ("ada", 0.6, 500, 4)


def test_sizes_are_powers_of_two() -> None:
    with pytest.raises(StudioError, match="32 or 64"):
        STYLEGAN2.hyperparameters.build({"resolution": 48}.items())
    with pytest.raises(StudioError, match="no channels at 256"):
        STYLEGAN2.hyperparameters.build({"resolution": 256, "channel_base": 128}.items())


def test_regularisers_come_every_so_often_and_after_their_network() -> None:
    model = small(pl_every=2, r1_every=3)
    found = [order(train_step(model, pictures(), step)) for step in range(5)]
    assert found == [
        ["G", "path", "D", "R1"],
        ["G", "D"],
        ["G", "path", "D"],
        ["G", "D", "R1"],
        ["G", "path", "D"],
    ]


def test_regularisers_can_be_switched_off() -> None:
    assert order(train_step(small(pl_weight=0, gamma=0), pictures())) == ["G", "D"]


def test_a_phase_moves_its_own_network_and_takes_no_gradient_of_the_other() -> None:
    model = small()
    phases = model.training_step(pictures())
    for mine, other in ((model.G, model.D), (model.G, model.D), (model.D, model.G), (model.D, model.G)):
        before, theirs = values_of(mine), values_of(other)
        slopes = [None if parameter.grad is None else parameter.grad.clone() for parameter in other.parameters()]
        next(phases)
        assert not unchanged(before, mine)
        assert unchanged(theirs, other)
        for old, parameter in zip(slopes, other.parameters(), strict=True):
            assert (old is None and parameter.grad is None) or torch.equal(old, parameter.grad)  # type: ignore[arg-type]


def test_a_penalty_counts_as_often_as_the_steps_it_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    model, losses = small(gamma=3.0, r1_every=16, pl_weight=2.0, pl_every=4), []
    monkeypatch.setattr(model, "_update", lambda _optimizer, loss: losses.append(loss.detach()))
    metrics = {name: value for phase in train_step(model, pictures()) for name, value in phase.items()}
    _, path, _, r1 = losses
    torch.testing.assert_close(r1, metrics["loss/R1"] * 3.0 / 2 * 16)
    torch.testing.assert_close(path, metrics["loss/path"] * 2.0 * 4)


def test_weights_that_a_penalty_does_not_touch_take_part_with_gradient_0() -> None:
    model = small()
    train_step(model, pictures())
    taken = [int(state["step"]) for state in model.D_opt.state.values()]
    assert taken == [2] * len(list(model.D.parameters()))
    assert all(parameter.grad is not None for parameter in model.D.parameters())


def test_the_path_length_is_measured_on_half_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    model, sizes = small(), []
    measure = model.path_length.forward
    monkeypatch.setattr(model.path_length, "forward", lambda images, ws: sizes.append(len(ws)) or measure(images, ws))
    train_step(model, pictures())
    assert sizes == [2]


def test_the_running_mean_of_w_moves_with_every_batch_drawn_and_not_by_rendering() -> None:
    model, seen = small(), []
    track = model.G.mapping.track
    model.G.mapping.track = lambda w: seen.append(w) or track(w)  # type: ignore[method-assign, assignment, func-returns-value]
    train_step(model, pictures())
    assert [len(w) for w in seen] == [4, 2, 4]
    before = model.G.mapping.w_avg.clone()
    model.sample(torch.randn(2, 6))
    assert torch.equal(model.G.mapping.w_avg, before)


def test_a_new_learning_rate_is_scaled_for_each_network() -> None:
    model = small()
    model.hp = model.hp.changed(lr=1e-2)
    model.hyperparameters_changed()
    assert model.G_opt.param_groups[0]["lr"] == pytest.approx(1e-2 * 4 / 5)
    assert model.D_opt.param_groups[0]["lr"] == pytest.approx(1e-2 * 16 / 17)


def test_d_never_sees_an_unaugmented_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    model, judged = small(augment="fixed", augment_p=0.3), []
    monkeypatch.setattr(model.augment, "forward", lambda images, p: images * 0 + p)
    model.D.register_forward_pre_hook(lambda _network, inputs: judged.append(inputs[0]))
    monkeypatch.setattr(model, "_discriminate", model.D)
    train_step(model, pictures())
    assert len(judged) == 4
    assert all(torch.equal(images, torch.full_like(images, 0.3)) for images in judged)


def test_p_follows_the_signs_of_ds_logits() -> None:
    model = small(augment="ada", ada_every=2, ada_kimg=0.1, batch=4)
    nn.init.constant_(model.D.b4.out.bias, 50.0)  # D is sure of every picture: it overfits.
    for step in range(4):
        assert model.ada.p.item() == pytest.approx(4 * 2 / 100 * (step // 2))
        train_step(model, pictures(), step)
    nn.init.constant_(model.D.b4.out.bias, -50.0)
    for step in range(4, 6):
        train_step(model, pictures(), step)
    assert model.ada.p.item() == pytest.approx(4 * 2 / 100)


def test_a_fixed_p_can_be_changed() -> None:
    model = small(augment="fixed", augment_p=0.3)
    assert model.ada.p.item() == pytest.approx(0.3)
    model.hp = model.hp.changed(augment_p=0.6)
    model.hyperparameters_changed()
    assert model.ada.p.item() == pytest.approx(0.6)


def test_mirror_turns_half_of_the_real_pictures() -> None:
    model = small(mirror=True)
    images = torch.rand(400, 3, 8, 8)
    torch.manual_seed(0)
    seen = model._real(Batch(images))
    turned = torch.tensor([torch.equal(one, other.flip(2)) for one, other in zip(seen, images, strict=True)])
    assert turned.float().mean().item() == pytest.approx(0.5, abs=0.1)
    assert torch.equal(seen[~turned], images[~turned])


def test_labels_are_learnt_where_asked_for() -> None:
    batch = pictures()
    batch.labels = torch.tensor([0, 1, 2, 1])
    model = small_of(labelled(), conditional=True)
    before = model.D.mapping.embed.weight.detach().clone()
    train_step(model, batch)
    assert not torch.equal(model.D.mapping.embed.weight, before)
    assert small_of(labelled()).D.mapped == 0


def test_what_is_yielded_has_names_that_people_know() -> None:
    phases = train_step(small(), pictures())
    assert [set(phase) for phase in phases] == [
        {"loss/G"},
        {"loss/path", "path_length"},
        {"loss/D", "D/real", "D/fake", "augment_p"},
        {"loss/R1"},
    ]


def test_compiling_leaves_names_and_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(torch, "compile", lambda function: asked.append(function) or function)
    plain, compiled = small(), small(compile=True)
    assert len(asked) == 2
    for name in ("G", "D"):
        assert list(getattr(plain, name).state_dict()) == list(getattr(compiled, name).state_dict())
    for model in (plain, compiled):
        train_step(model, pictures())
    assert unchanged(values_of(plain.G), compiled.G)


def trainer_of(**values: Any) -> Trainer:
    random = np.random.default_rng(0)
    info = DataInfo(DataKind.UNLABELLED, 30, 8)
    data = Dataset(info, "toys", random.integers(0, 255, (30, 8, 8, 3), np.uint8))
    torch.manual_seed(0)
    host = PluginHost.of({"stylegan": studio_stylegan})
    model = build_model(host, STYLEGAN2, {**SMALL, **values}, data.info)
    return Trainer(model, data, seed=0, steps=100, device=torch.device("cpu"))


def advance_to(trainer: Trainer, step: int) -> Trainer:
    while trainer.step < step:
        trainer.advance()
    return trainer


def test_resuming_through_the_trainer_is_exact_to_the_bit() -> None:
    # At step 5 the running mean of path lengths, ADA's signs and p, and w's running mean are all on their way.
    values = {"augment": "ada", "ada_every": 2, "ada_target": 0.0, "ada_kimg": 0.1, "r1_every": 3}
    straight = advance_to(trainer_of(**values), 10)
    broken_off = advance_to(trainer_of(**values), 5)
    torch.manual_seed(99)
    resumed = trainer_of(**values)
    resumed.load_state_dict(broken_off.state_dict())
    advance_to(resumed, 10)
    assert isinstance(resumed.model, StyleGan2)
    assert resumed.model.ada.p > 0
    theirs = flatten(straight.state_dict())[0]
    for name, tensor in flatten(resumed.state_dict())[0].items():
        assert torch.equal(tensor, theirs[name]), name


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # The compiler's own.
@pytest.mark.skipif(shutil.which("c++") is None, reason="torch.compile needs a C++ compiler")
def test_compiled_networks_train_as_plain_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._inductor import config

    monkeypatch.setenv("_TORCHINDUCTOR_PYOBJECT_TENSOR_DATA_PTR", "")  # the compiler sets it, and leaves it set
    plain, compiled = small(), small(compile=True)
    with config.patch(fallback_random=True):  # the compiler's own random numbers are others
        for step in range(2):
            both = zip(train_step(compiled, pictures(), step), train_step(plain, pictures(), step), strict=True)
            for ours, theirs in both:
                torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_the_plugin_conforms_at_its_full_width() -> None:
    report = check_plugin(studio_stylegan)
    assert report.ok, report
