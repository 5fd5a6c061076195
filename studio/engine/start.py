"""From a plan, or from a run on disk, to a job that can be advanced: data, model, trainer, folder."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from studio import __version__
from studio.api.errors import StudioError
from studio.data.kinds import require_kind
from studio.data.prepare import prepare
from studio.data.skipped import in_words
from studio.data.sources import BUILT_IN, open_source
from studio.engine.device import choose_device
from studio.engine.events import Noticed, TaskProgress
from studio.engine.job import TrainingJob, require_live
from studio.engine.misfits import model_of, still_fitting
from studio.engine.player import Player, build_model, facts_of
from studio.engine.previews import preview_request
from studio.engine.runs import RunRecord, free_folder
from studio.engine.trainer import WEIGHTS_STREAM, Precision, Trainer, seed_generators, stream_seed

if TYPE_CHECKING:
    from studio.api.canvas import RenderRequest
    from studio.api.hyperparameters import Hyperparameters
    from studio.api.model import ModelSpec
    from studio.data.dataset import Dataset
    from studio.engine.commands import ResumeRun, TrainPlan
    from studio.engine.events import Event, ModelFacts
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run, RunStore


@dataclass(frozen=True)
class Surroundings:
    """What starting a job needs of the studio.

    Attributes:
        host: the plugins.
        store: the runs.
        emit: takes events.
        cancelled: whether a person has changed their mind; asked every now and then.
    """

    host: PluginHost
    store: RunStore
    emit: Callable[[Event], None]
    cancelled: Callable[[], bool]


def begin(plan: TrainPlan, around: Surroundings) -> TrainingJob:
    """Prepares a new run. What can be refused is refused first, and the folder is made last: a mistake leaves none.

    Raises:
        StudioError: anything in the plan is not there or does not fit.
        Cancelled: on request, while pictures were being prepared.
    """
    if plan.steps < 1:
        raise StudioError(f"There is nothing to do in {plan.steps} steps.", "Ask for at least 1.")
    out = str(free_folder(plan.out)) if plan.out else ""
    lasting = _lasting(plan.data, around)  # before any code of the model's runs, which may change the folder
    spec = around.host.model(plan.model)
    hp = spec.hyperparameters.build(plan.hyperparameters.items())
    device = choose_device(plan.device)
    precision = choose_precision(plan.precision, device)
    data = _prepare(plan.data, spec, hp.resolution, around)
    seed_generators(stream_seed(plan.seed, WEIGHTS_STREAM), device)
    model = build_model(around.host, spec, hp.model_dump(), data.info)
    trainer = Trainer(model, data, seed=plan.seed, steps=plan.steps, device=device, precision=precision)
    shown = facts_of(spec, model), preview_request(model, data, plan.seed)
    plugin = around.host.plugin_of(spec.id)
    record = RunRecord(
        model=spec.id,
        plugin=plugin.id,
        plugin_version=plugin.version,
        data=lasting,
        data_info=dataclasses.asdict(data.info),
        data_fingerprint=data.fingerprint,
        hyperparameters=hp.model_dump(),
        preset=plan.preset,
        seed=plan.seed,
        steps=plan.steps,
        device=str(device),
        precision=precision,
        environment=_environment(),
    )
    run = around.store.create(record, out)
    if data.skipped:
        around.emit(Noticed(in_words(data.skipped)))
        run.note(in_words(data.skipped))
    return _job(run, trainer, shown, around)


def resume(command: ResumeRun, around: Surroundings) -> TrainingJob:
    """Goes on with a run from its newest good checkpoint, exactly as if it had never stopped.

    Raises:
        StudioError: there is nothing to go on from, nothing left to do, or another process trains it.
        Cancelled: on request, while pictures were being prepared.
    """
    run = around.store.find(command.run)
    if run.record.origin is not None:
        raise StudioError(
            f"{run.name} was imported: it has what pictures are made with, and not what training goes on from.",
            "Play with it, or train a run of your own.",
        )
    run.acquire()
    try:
        return _resume(run, command, around)
    except BaseException:
        run.release()
        raise


def choose_precision(text: str, device: torch.device) -> Precision:
    """`float32` or `bfloat16`. Automatic is float32: on recent GPUs matrix products then use TF32.

    Raises:
        StudioError: an unknown precision.
    """
    if text not in ("auto", "float32", "bfloat16"):
        raise StudioError(f"There is no precision {text!r}.", "Choose from: auto, float32, bfloat16.")
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high" if text == "auto" else "highest")
    return "bfloat16" if text == "bfloat16" else "float32"


def _resume(run: Run, command: ResumeRun, around: Surroundings) -> TrainingJob:
    record = run.record
    step, state, passed_over = run.checkpoints.load_newest()
    for reason in passed_over:
        around.emit(Noticed(f"{reason} Going on from step {step} instead."))
    steps = command.steps if command.steps is not None else record.steps
    if steps <= step:
        raise StudioError(f"{run.name} has done {step} steps already.", f"Ask for more: --steps {2 * step}.")
    spec = model_of(run, around.host)
    plugin = around.host.plugin_of(spec.id)
    with still_fitting(run, plugin):
        spec.hyperparameters.build(state["hyperparameters"].items())
    device = choose_device(command.device)
    source = _lasting(command.data, around) if command.data else _still_there(run)
    data = _prepare(source, spec, state["hyperparameters"]["resolution"], around)
    if data.fingerprint != record.data_fingerprint:
        around.emit(Noticed(f"The pictures in {source} are not those that this run began with, or have changed since."))
        run.note(f"step {step}: the data has changed")
    model = build_model(around.host, spec, state["hyperparameters"], data.info)
    trainer = Trainer(
        model, data, seed=record.seed, steps=steps, device=device, precision=choose_precision(record.precision, device)
    )
    with still_fitting(run, plugin):
        trainer.load_state_dict(state)
    # Made after this checkpoint was, and before the next: they are in the record alone.
    trainer.change(**{change.name: change.new for change in run.record.changes if change.step == step})
    _require_possible(command.changes, model.hp)
    run.rewind(step)
    info = dataclasses.asdict(data.info)
    run.update(steps=steps, step=step, data=source, data_fingerprint=data.fingerprint, data_info=info)
    shown = facts_of(spec, model), preview_request(model, data, record.seed)
    job = _job(run, trainer, shown, around, state["elapsed"])
    for name, value in command.changes.items():
        job.change(name, value)
    return job


def _require_possible(changes: Mapping[str, Any], hp: Hyperparameters) -> None:
    """Refuses what cannot be changed before anything of the run is."""
    for name in changes:
        require_live(hp, name)
    hp.changed(**changes)


def _job(
    run: Run,
    trainer: Trainer,
    shown: tuple[ModelFacts, RenderRequest | None],
    around: Surroundings,
    elapsed: float = 0.0,
) -> TrainingJob:
    facts, preview = shown
    player = Player(str(run.folder), trainer.model, facts, lambda: trainer.step, trainer.averages.still)
    return TrainingJob(run, trainer, player, around.emit, preview, elapsed)


def _prepare(source: str, spec: ModelSpec, resolution: int, around: Surroundings) -> Dataset:
    def progress(done: int, total: int) -> None:
        around.emit(TaskProgress("Preparing pictures", done, total))

    opened = open_source(source, (*BUILT_IN, *around.host.datasets()), spec.data)
    require_kind(opened.kind, spec.data, spec.title)
    return prepare(opened, resolution, around.store.home / "cache", progress, around.cancelled)


def _still_there(run: Run) -> str:
    """The source of the run's data; said with its place where it has gone."""
    source = run.record.data
    if Path(source).is_absolute() and not Path(source).exists():
        raise StudioError(
            f"The data of {run.name} was at {source}, where there is nothing now.",
            "Put it back there, or say where it is: ganvas resume RUN --data SOURCE.",
        )
    return source


def _lasting(source: str, around: Surroundings) -> str:
    """The name of a data set as it is, and a path so that it is found from any folder."""
    named = source in {spec.id for spec in (*BUILT_IN, *around.host.datasets())}
    return source if named else str(Path(source).expanduser().resolve())


def _environment() -> dict[str, str]:
    return {
        "ganvas": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }
