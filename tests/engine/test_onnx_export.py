"""ONNX: the same pictures from onnxruntime for any batch size, or no file."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.api import Batch, DataKind, StudioError
from studio.engine import onnx_export
from studio.engine.commands import TrainPlan
from studio.engine.events import RunState
from studio.engine.onnx_export import write_onnx
from studio.engine.player import load_player
from studio.engine.runs import Run
from tests import toys
from tests.engine.conftest import ToyHost, Watcher

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture
def trained(watcher: Watcher, plan: Callable[..., TrainPlan]) -> Run:
    watcher.session.train(plan(steps=2))
    return Run.load(Path(watcher.until_state(RunState.FINISHED).run))


def write(run: Run, path: Path, **options: Any) -> onnx_export.Written:
    return write_onnx(run, ToyHost(), path, **options)  # type: ignore[arg-type]


def test_onnxruntime_makes_the_pictures_that_torch_makes(trained: Run, tmp_path: Path) -> None:
    written = write(trained, tmp_path / "toy.onnx")
    assert written.inputs == ("z", "psi")
    assert written.size == (tmp_path / "toy.onnx").stat().st_size
    session = onnxruntime.InferenceSession(tmp_path / "toy.onnx", providers=["CPUExecutionProvider"])
    z = np.random.default_rng(1).standard_normal((5, 4)).astype(np.float32)
    (made,) = session.run(["pictures"], {"z": z, "psi": np.array(0.5, np.float32)})
    model: Any = load_player(trained, ToyHost(), torch.device("cpu")).model  # type: ignore[arg-type]
    with torch.inference_mode():
        expected = model.sample(torch.from_numpy(z), psi=0.5).numpy()
    np.testing.assert_allclose(made, expected, atol=1e-4)


class Precise(toys.ToyGan):
    """Networks in float64, which never learn."""

    def __init__(self, hp: Any, data: Any) -> None:
        super().__init__(hp, data)
        self.G.double()
        self.D.double()

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, torch.Tensor | float]]:
        yield {}


def test_networks_in_float64_are_written_in_float32(
    watcher: Watcher, plan: Callable[..., TrainPlan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ToyHost, "load_model", lambda _self, _model: Precise)
    watcher.session.train(plan(steps=1))
    run = Run.load(Path(watcher.until_state(RunState.FINISHED).run))
    assert write(run, tmp_path / "toy.onnx").inputs == ("z", "psi")


class Classed(toys.ToyGan):
    """Draws the class that it is asked for, as its kind of data has classes anyway."""

    def sample(self, z: torch.Tensor, *, psi: float = 1.0, labels: torch.Tensor | None = None) -> torch.Tensor:
        assert labels is not None
        return super().sample(z, psi=psi) + labels[:, None, None, None] / 9


def test_a_model_of_labelled_data_takes_labels(
    watcher: Watcher,
    plan: Callable[..., TrainPlan],
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("cats", "dogs"):
        shutil.copytree(pictures, tmp_path / "classes" / name)
    spec = replace(toys.TOY, data=DataKind.LABELLED)
    monkeypatch.setattr(ToyHost, "model", lambda _self, _model: spec)
    monkeypatch.setattr(ToyHost, "models", lambda _self: {"toy": spec})
    monkeypatch.setattr(ToyHost, "load_model", lambda _self, _model: Classed)
    watcher.session.train(replace(plan(steps=1), data=str(tmp_path / "classes")))
    run = Run.load(Path(watcher.until_state(RunState.FINISHED).run))
    assert "labels" in write(run, tmp_path / "toy.onnx").inputs


def test_a_file_that_differs_is_not_kept(trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def moody(self: toys.ToyGan, z: torch.Tensor, *, psi: Any = 1.0, labels: Any = None) -> torch.Tensor:
        offset = 0.5 if torch.compiler.is_exporting() else 0.0
        return self.ema["G"](z * psi).view(-1, 3, 8, 8) + offset  # type: ignore[no-any-return]

    monkeypatch.setattr(toys.ToyGan, "sample", moody)
    with pytest.raises(StudioError, match=r"differ by 0\.5"):
        write(trained, tmp_path / "toy.onnx")
    assert not list(tmp_path.glob("*.onnx"))


@pytest.mark.slow
def test_a_model_that_cannot_be_traced_says_so(trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def erratic(self: toys.ToyGan, z: torch.Tensor, *, psi: Any = 1.0, labels: Any = None) -> torch.Tensor:
        return self.ema["G"](z if float(z.sum().item()) > 0 else -z).view(-1, 3, 8, 8)  # type: ignore[no-any-return]

    monkeypatch.setattr(toys.ToyGan, "sample", erratic)
    with pytest.raises(StudioError, match="Toy cannot be written as ONNX"):
        write(trained, tmp_path / "toy.onnx")


def test_a_direction_is_for_those_that_translate(trained: Run, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="translates no pictures"):
        write(trained, tmp_path / "toy.onnx", direction="A->B")


def test_a_missing_package_is_named_with_the_extra(
    trained: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxscript" else there(name))
    with pytest.raises(StudioError, match=r"needs onnxscript.*ganvas\[onnx\]"):
        write(trained, tmp_path / "toy.onnx")
