"""The conformance kit: it passes a model that keeps its promises and names each one that is broken."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from studio.api import (
    Batch,
    DataInfo,
    DataKind,
    Encoding,
    GanModel,
    Hyperparameters,
    ImageTranslation,
    Inpainting,
    LatentSampling,
    LatentSpace,
    LayoutRendering,
    ModelSpec,
    Preset,
    Realism,
    StyleMixing,
    TextPrompt,
    hyper,
)
from studio.api.testing import Report, build, check_model, check_plugin, data_info, random_batch, train_step

EVERYTHING = (
    LatentSampling,
    StyleMixing,
    ImageTranslation,
    Inpainting,
    LayoutRendering,
    TextPrompt,
    Encoding,
    Realism,
)


class Tiny(Hyperparameters):
    resolution: int = hyper(8, "Size.", ge=8, le=64)
    lr: float = hyper(1e-2, "Learning rate.", ge=1e-4, le=1, log=True, live=True)
    k: int = hyper(1, "Updates of D.", ge=1, le=3, live=True)
    mode: str = hyper("a", "Anything.", live=True)


class Kept(GanModel):
    """Keeps every promise, and has every capability."""

    ema_networks = ("G", "D")
    latent_space = LatentSpace(4)
    num_ws, object_z_dim = 2, 4
    directions, object_labels = ("A->B", "B->A"), ("first",)

    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        size = hp.resolution
        self.G = nn.Sequential(
            nn.Linear(4, 3 * size**2), nn.BatchNorm1d(3 * size**2), nn.Tanh(), nn.Unflatten(1, (3, size, size))
        )
        self.D = nn.Sequential(nn.Flatten(), nn.Linear(3 * size**2, 1))
        self.G_opt = torch.optim.Adam(self.G.parameters(), hp.lr)
        self.D_opt = torch.optim.Adam(self.D.parameters(), hp.lr)
        self.count = 0

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        self.count += 1
        for _ in range(self.hp.k):
            fake = self.G(torch.randn(len(batch), 4))
            yield self.update(self.D_opt, "loss/D", self.D(fake.detach()).mean() - self.D(batch.images).mean())
        yield self.update(self.G_opt, "loss/G", -self.D(fake).mean() * (1 + 1 / self.count))

    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Tensor | float]:
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return {name: loss.detach(), "constant": 1.0}

    def extra_state(self) -> dict[str, Any]:
        return {"count": self.count, "more": [1, (2.0, None)]}

    def load_extra_state(self, state: dict[str, Any]) -> None:
        self.count = state["count"]

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return self.ema["G"](psi * z)

    def realism(self, images: Tensor) -> Tensor:
        return self.ema["D"](images)[:, 0]

    def mapping(self, z: Tensor, *, psi: float = 1.0, cutoff: Any = None, labels: Any = None) -> Tensor:
        return z[:, None].repeat(1, self.num_ws, 1)

    def synthesis(self, ws: Tensor, *, noise_seeds: Any = None) -> Tensor:
        return self.ema["G"](ws[:, 0])

    def translate(self, images: Tensor, direction: str, generator: Any = None) -> Tensor:
        return -images

    def inpaint(self, images: Tensor, mask: Tensor, generator: torch.Generator) -> Tensor:
        return images * (1 - mask)

    def render_layout(self, boxes: Tensor, labels: Tensor, z: Tensor, present: Tensor) -> Tensor:
        return self.ema["G"]((z * present[..., None]).mean(1))

    def prompt(self, captions: Any, z: Tensor) -> Tensor:
        return self.ema["G"](z)

    def encode(self, images: Tensor) -> Tensor:
        return images.flatten(1)[:, :4]


PRESETS = {name: Preset(summary="Short.", steps=1) for name in ("quick", "paper")}


def spec_of(cls: type[GanModel], **changes: Any) -> ModelSpec:
    """A spec whose model is importable by reference, as an entry point's would be."""
    spec = ModelSpec(
        "tiny", "Tiny", "Small.", f"{__name__}:{cls.__name__}", Tiny, DataKind.UNLABELLED, (LatentSampling,), PRESETS
    )
    return replace(spec, **changes)


def reasons(report: Report) -> str:
    return "\n".join(f"{check.promise}: {check.reason}" for check in report.failures)


def test_a_model_that_keeps_every_promise_passes() -> None:
    report = check_model(spec_of(Kept, capabilities=EVERYTHING))
    assert report.ok, report
    assert "all passed" in str(report)


def test_what_a_model_raises_is_reported_with_where_it_was_raised() -> None:
    (failure,) = check_model(spec_of(Raises)).failures
    assert "test_testing.py" in failure.detail
    assert failure.detail.strip().endswith("ValueError: no such luck")
    assert "test_testing.py" in str(failure)


@pytest.mark.parametrize("kind", DataKind)
def test_every_data_kind_can_be_tried(kind: DataKind) -> None:
    report = check_model(spec_of(Kept, data=kind))
    assert report.ok, report


def test_the_kit_leaves_global_chance_alone() -> None:
    before = torch.get_rng_state(), random.getstate()
    check_model(spec_of(Kept))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()


class Raises(Kept):
    def training_step(self, batch: Batch) -> Any:
        raise ValueError("no such luck")


class Exits(Kept):
    def __init__(self, hp: Any, data: DataInfo) -> None:
        sys.exit("bye")


class KeepsGraph(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return {**super().update(optimiser, name, loss), name: loss}


class YieldsVectors(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return {**super().update(optimiser, name, loss), name: loss.detach().repeat(3)}


class YieldsNan(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return {**super().update(optimiser, name, loss), name: float("nan")}


class YieldsOnce(Kept):
    def training_step(self, batch: Batch) -> Any:
        *_, last = super().training_step(batch)
        yield last


class ForgetsG(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return super().update(optimiser, name, loss) if name == "loss/D" else {name: loss.detach()}


class HasStrays(Kept):
    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G_opt = torch.optim.Adam(list(self.G.parameters())[:1])


class ForgetsState(Kept):
    def load_extra_state(self, state: dict[str, Any]) -> None:
        pass


class KeepsAnObject(Kept):
    def extra_state(self) -> dict[str, Any]:
        return {"count": self.count, "module": nn.Linear(1, 1)}


class ChokesOnLive(Kept):
    def hyperparameters_changed(self) -> None:
        raise RuntimeError("too late")


class HasNoH(Kept):
    ema_networks = ("G", "H")


class TakesFromGlobalChance(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return super().sample(z, psi=psi) + 0 * torch.rand(())


class TouchesTrainingG(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        self.G[0].bias.add_(1)
        return super().sample(z, psi=psi)


class SwitchesMode(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        self.G.eval()
        return super().sample(z, psi=psi)


class Overflows(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return 3 * super().sample(z, psi=psi)


class IsFloat32Only(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return super().sample(z, psi=psi).float()


class IgnoresPsi(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return super().sample(z)


class MixesTheBatch(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return super().sample(z - z.mean(0), psi=psi)


class IsTooSmall(Kept):
    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        return super().sample(z, psi=psi)[:, :, 1:]


class HasNoRealism(Kept):
    realism = None


class IsUnmoved(Kept):
    def realism(self, images: Tensor) -> Tensor:
        return 0 * super().realism(images)


class YieldsNothing(Kept):
    def training_step(self, batch: Batch) -> Any:
        list(super().training_step(batch))
        return iter(())


class TakesAColumn(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return {**super().update(optimiser, name, loss), "step": 1.0}


class NamesTwoLines(Kept):
    def update(self, optimiser: torch.optim.Optimizer, name: str, loss: Tensor) -> dict[str, Any]:
        return {**super().update(optimiser, name, loss), "loss\nof D": 1.0}


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Raises, "it trains for 2 steps: ValueError: no such luck"),
        (Exits, "SystemExit: bye"),
        (KeepsGraph, "loss/D keeps its graph alive"),
        (YieldsVectors, "loss/D has shape (3,)"),
        (YieldsNan, "loss/D is nan"),
        (YieldsNothing, "2 optimisers, but 0 yields a step"),
        (TakesAColumn, "step is the name of a column"),
        (NamesTwoLines, "is not a name on one line"),
        (YieldsOnce, "2 optimisers, but 1 yields a step"),
        (ForgetsG, "No parameter of G changed"),
        (HasStrays, "G has parameters that no optimiser holds: 0.bias"),
        (ForgetsState, "A copy made from the saved state differs one step later: G."),
        (KeepsAnObject, "extra_state()['module'] is a Linear"),
        (ChokesOnLive, "RuntimeError: too late"),
        (HasNoH, "its ema_networks can be averaged: AttributeError"),
        (TakesFromGlobalChance, "It draws from a global random generator"),
        (TouchesTrainingG, "It changes the networks"),
        (SwitchesMode, "It switches a training network"),
        (Overflows, "It gives values up to"),
        (IsFloat32Only, "It gives torch.float32 for torch.float64"),
        (IgnoresPsi, "At psi 0 pictures differ"),
        (MixesTheBatch, "A picture depends on what else is in its batch"),
        (IsTooSmall, "It gives shape (2, 3, 7, 8)"),
        (HasNoRealism, "Realism is declared, but"),
        (IsUnmoved, "Its gradient with respect to the pictures is 0"),
    ],
)
def test_a_broken_promise_is_named(model: type[GanModel], reason: str) -> None:
    report = check_model(spec_of(model, capabilities=(LatentSampling, Realism)))
    assert reason in reasons(report)
    assert "FAIL" in str(report)


class Undescribed(Tiny):
    silent: int = hyper(1, "")


class Unbounded(Tiny):
    rate: float = hyper(1.0, "A rate.", log=True)


class NoProtocol:
    pass


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "Not Typable"}, "lower case, digits and single dashes"),
        ({"summary": ""}, "title or summary is empty"),
        ({"presets": {"quick": PRESETS["quick"]}}, "There is no preset paper"),
        ({"presets": {**PRESETS, "quick": Preset("Short.", 1, {"lr": 7})}}, "lr cannot be 7"),
        ({"presets": {**PRESETS, "quick": Preset("Short.", 0)}}, "quick has 0 steps"),
        ({"hyperparameters": Undescribed}, "silent has no description"),
        ({"hyperparameters": Unbounded}, "rate is logarithmic but has no lower bound"),
        ({"hyperparameters": dict}, "not a Hyperparameters type"),
        ({"model": "nowhere:Model"}, "No module named 'nowhere'"),
        ({"model": f"{__name__}:NoProtocol"}, "is not a subclass of GanModel"),
        ({"capabilities": (NoProtocol,)}, "is no runtime Protocol"),
    ],
)
def test_a_faulty_declaration_is_named(changes: dict[str, Any], reason: str) -> None:
    assert reason in reasons(check_model(spec_of(Kept, **changes)))


PluginMaker = Callable[[str], ModuleType]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginMaker]:
    """Makes an importable plugin of source text."""

    def make(source: str) -> ModuleType:
        (tmp_path / "a_plugin.py").write_text('"""A plugin."""\nfrom studio.api import *\n' + source)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "a_plugin", raising=False)
        return __import__("a_plugin")

    yield make
    sys.modules.pop("a_plugin", None)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("@hookimpl\ndef studio_modles(): return ()", "unknown hook 'studio_modles'"),
        ("@hookimpl\ndef studio_models(extra): return ()", "PluginValidationError"),
        ("@hookimpl\ndef studio_models(): return ['a model']", "It returned 'a model'"),
        ("@hookimpl\ndef studio_metrics(): raise OSError('gone')", "OSError: gone"),
        ("@hookimpl\ndef studio_datasets(): return None", "It returned None"),
        (
            "@hookimpl\ndef studio_canvases(): return [CanvasSpec('c', 'C', (), 'nowhere.at.all:Widget')]",
            "No module named 'nowhere'",
        ),
        ("@hookimpl\ndef studio_importers(): return [ImporterSpec('i', 'I', ('.x',), 'reader')]", "module:name"),
        (
            "@hookimpl\ndef studio_exporters(): return [ExporterSpec('e', 'E', '.x', 'studio.no:w')]",
            "no module studio.no",
        ),
        (
            "@hookimpl\ndef studio_exporters(): return [ExporterSpec('e', 'E', 'X', 'a_plugin:w')]",
            "'X' is not of the form .abc",
        ),
        ("import PySide6.QtCore", "loads PySide6"),
        ("import sys\nassert 'pytest' in sys.modules, 'only here'", "cannot be imported in a fresh process"),
    ],
)
def test_a_faulty_plugin_is_reported_and_never_raises(plugin: PluginMaker, source: str, reason: str) -> None:
    assert reason in reasons(check_plugin(plugin(source)))


def test_a_plugin_of_every_hook_passes(plugin: PluginMaker) -> None:
    report = check_plugin(
        plugin(
            "@hookimpl\ndef studio_datasets(): return [DatasetSpec('d', 'D', DataKind.PAIRED, 'P.', 'a_plugin:P')]\n"
            "@hookimpl\ndef studio_canvases(): return [CanvasSpec('c', 'C', (), 'a_plugin:Widget')]\n"
            "@hookimpl\ndef studio_metrics(): return [MetricSpec('m', 'M', True, 'a_plugin:score')]\n"
            "@hookimpl\ndef studio_importers(): return [ImporterSpec('i', 'I', ('.i', '.tar.i'), 'a_plugin:read')]\n"
            "@hookimpl\ndef studio_run_finished(run, outcome): pass\n"
        )
    )
    assert report.ok, report
    assert "studio_metrics returns MetricSpecs" in str(report)


def test_the_bare_loop_trains_a_model_step_by_step() -> None:
    spec = spec_of(Kept)
    model = build(spec, Tiny(batch=4))
    info = data_info(DataKind.UNLABELLED, 8)
    first, second = train_step(model, random_batch(info, 4))
    assert set(first) == {"loss/D", "constant"}
    assert set(second) == {"loss/G", "constant"}
    assert model.clock.step == 0
    assert torch.equal(random_batch(info, 4, seed=3).images, random_batch(info, 4, seed=3).images)
