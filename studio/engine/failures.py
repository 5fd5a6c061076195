"""What went wrong in training, in words, and the way on: lower what was too high, or go back and go on more slowly."""

from __future__ import annotations

import re
import shlex
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio.api.errors import StudioError
from studio.engine.events import Failed, Rollback

if TYPE_CHECKING:
    from studio.api.hyperparameters import Hyperparameters
    from studio.engine.job import TrainingJob

LEARNING_RATE = re.compile(r"(?:\w_)?(?:lr|learning_rate)(?:_\w)?")
SMALLEST_RESOLUTION = 8


class DivergedError(StudioError):
    """A loss or a weight has become NaN or infinite. Averages and checkpoints are those of the steps before."""


def explain(error: BaseException, job: TrainingJob | None) -> Failed:
    """What a person is told. To be asked while `error` is handled, and before the job is given up."""
    if isinstance(error, DivergedError) and job is not None:
        return _diverged(error, job)
    if isinstance(error, StudioError):
        return Failed(error.message, error.remedy)
    if job is not None and _out_of_memory(error):
        traceback.clear_frames(error.__traceback__)  # they hold what the next attempt needs
        job.trainer.let_go_of_gradients()
        return Failed(*_too_large(job.trainer.model.hp))
    if device_is_lost(error):
        reason = str(error).partition("\n")[0]
        return Failed(f"The GPU was lost ({reason}).", "Resume from the last checkpoint.", traceback.format_exc())
    said = f"{type(error).__name__}: {error}".rstrip(" .:")
    return Failed(f"{said}.", _what_is_kept(job), traceback.format_exc())


def device_is_lost(error: BaseException) -> bool:
    """Whether the process can compute on its GPU no more: after such an error every later call fails too."""
    import torch

    return isinstance(error, torch.AcceleratorError)


def learning_rates(hp: Hyperparameters) -> dict[str, float]:
    """The live hyperparameters that are learning rates, by name: `lr`, `lr_D`, `g_lr`, `learning_rate`."""
    return {
        entry.name: getattr(hp, entry.name)
        for entry in hp.describe()
        if entry.live and entry.kind == "float" and LEARNING_RATE.fullmatch(entry.name)
    }


def halved(hp: Hyperparameters) -> dict[str, float]:
    """Every learning rate at half of its value, where its bounds allow that."""
    lower = {name: float(f"{value / 2:.4g}") for name, value in learning_rates(hp).items()}
    least = {entry.name: entry.minimum or 0.0 for entry in hp.describe()}
    return {name: value for name, value in lower.items() if value > least[name]}


def resume_command(run: str, changes: Mapping[str, Any]) -> str:
    """What to type to go on with a run, given by name or folder, with changed hyperparameters."""
    return shlex.join(["ganvas", "resume", run, *(part for pair in changes.items() for part in ("--set", _set(*pair)))])


def _diverged(error: DivergedError, job: TrainingJob) -> Failed:
    step = job.settle()
    lower = halved(job.trainer.model.hp)
    if step is None:
        values = " ".join(f"--set {_set(*pair)}" for pair in lower.items())
        slower = f", with a lower learning rate: {values}" if values else ""
        return Failed(error.message, f"There is no checkpoint to go back to; train again{slower}.")
    remedy = f"Go back to step {step:,}" + (" and halve the learning rate." if lower else " and change something.")
    return Failed(error.message, remedy, rollback=Rollback(str(job.run.folder), step, lower))


def _what_is_kept(job: TrainingJob | None) -> str:
    if job is None:
        return ""
    return "There is no checkpoint yet." if job.settle() is None else "The run keeps its last checkpoint."


def _set(name: str, value: Any) -> str:
    return f"{name}={value}"


def _out_of_memory(error: BaseException) -> bool:
    import torch

    # CPU allocators raise plain errors.
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "not enough memory" in str(error)


def _too_large(hp: Any) -> tuple[str, str]:
    message = f"The device ran out of memory at batch {hp.batch} and resolution {hp.resolution}."
    if hp.batch > 1:
        return message, f"Halve the batch: --set batch={hp.batch // 2}."
    if hp.resolution > SMALLEST_RESOLUTION:
        return message, f"Halve the resolution: --set resolution={hp.resolution // 2}."
    return message, "Choose a smaller model, or another device."
