"""Every installed model at a size where a step takes milliseconds, trained as far as one likes in this process."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from studio.api import ModelSpec
from studio.api.conformance.workbench import small_hyperparameters
from studio.engine import start
from studio.engine.commands import ResumeRun, TrainPlan
from studio.engine.events import RunState
from studio.engine.job import TrainingJob
from studio.engine.plugins import PluginHost
from studio.engine.runs import Run, RunStore
from studio.engine.state_tree import flatten

# Not above these, where a model has them: narrow networks, and whatever happens now and then happens often.
AT_MOST: Mapping[str, float] = {
    "width": 8,
    "d_width": 8,
    "hidden": 32,
    "units": 16,
    "z_dim": 16,
    "w_dim": 16,
    "channel_base": 256,
    "channel_max": 16,
    "d_channel_base": 256,
    "d_channel_max": 16,
    "layers": 4,
    "mapping_layers": 2,
    "blocks": 1,
    "residual_blocks": 1,
    "crop": 8,
    "embedding": 16,
    "pool": 5,
    "r1_every": 3,
    "pl_every": 2,
    "ada_every": 2,
    "ada_kimg": 0.1,
    "n_critic": 2,
    "warmup_critic": 3,
    "warmup_steps": 2,
    "refresh_every": 5,
    "stable_kimg": 0.02,
    "fade_kimg": 0.02,
    "start_resolution": 4,
}
BATCH, SEED = 3, 11


@functools.cache
def everyone() -> PluginHost:
    """The plugins of this installation, third parties' among them."""
    with tempfile.TemporaryDirectory() as home:
        return PluginHost.discover(Path(home))


def tiny_values(spec: ModelSpec) -> dict[str, Any]:
    """Hyperparameters of the smallest sensible size; every step is logged, the model alone decides the rest."""
    lower = {
        entry.name: type(entry.default)(max(entry.minimum or 0, min(AT_MOST[entry.name], entry.default)))
        for entry in spec.hyperparameters.describe()
        if entry.name in AT_MOST
    }
    return small_hyperparameters(spec, {"batch": BATCH, "log_every": 1, **lower}).model_dump()


def begin(home: Path, spec: ModelSpec, source: Path, steps: int, out: str, until: int | None = None) -> Run:
    """A new run, stopped at step `until` where that is given."""
    plan = TrainPlan(spec.id, str(source), tiny_values(spec), steps=steps, seed=SEED, device="cpu", out=out)
    return _advance(start.begin(plan, _around(home)), until)


def go_on(home: Path, folder: Path) -> None:
    """Goes on with a run to its end. Picklable: another process can be asked to."""
    torch.set_num_threads(1)
    torch.manual_seed(0xBAD)  # what another process's generators hold must not matter
    torch.rand(17)
    _advance(start.resume(ResumeRun(str(folder), device="cpu"), _around(home)), None)


def digests(run: Run) -> dict[str, str]:
    """SHA-256 of every tensor of the newest checkpoint, by name, and of all that is not a tensor."""
    step, state, passed_over = run.checkpoints.load_newest()
    assert not passed_over
    del state["elapsed"]
    tensors, skeleton = flatten(state)
    sums = {name: hashlib.sha256(_bytes(tensor)).hexdigest() for name, tensor in tensors.items()}
    return {**sums, "the rest": hashlib.sha256(repr((step, skeleton)).encode()).hexdigest()}


def _advance(job: TrainingJob, until: int | None) -> Run:
    job.begin()
    while job.state is RunState.TRAINING and job.trainer.step != until:
        job.advance()
    if job.state is RunState.TRAINING:
        job.end(RunState.STOPPED)
    return job.run


def _around(home: Path) -> start.Surroundings:
    return start.Surroundings(everyone(), RunStore(home), lambda _event: None, lambda: False)


def _bytes(tensor: torch.Tensor) -> bytes:
    return tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
