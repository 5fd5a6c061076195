"""`ganvas runs`, `ganvas runs pin` and `unpin`, and `ganvas show`: what is on disk, and what of it stays for good."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.output import Output, columns, output
from studio.cli.quick import QuickCommand, QuickGroup
from studio.cli.surroundings import AsJson, RunText, Surroundings, hand_on

if TYPE_CHECKING:
    from studio.engine.checkpoints import Checkpoint
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run
    from studio.engine.scores import ScoreSheet

runs_app = typer.Typer(
    cls=QuickGroup,
    help="List the runs, or pin a checkpoint of one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

PinStep = Annotated[
    int | None, typer.Argument(metavar="STEP", min=1, help="Of its checkpoint: see `ganvas show`.", show_default=False)
]


@runs_app.callback()
def runs(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the runs, newest first."""
    hand_on(context, as_json=as_json)
    if context.invoked_subcommand is not None:
        return
    with output(json=as_json) as out:
        found, unreadable = Surroundings.of(context).store().look_through()
        for reason in unreadable:
            out.note(str(reason))
        for run in found:
            out.object(**_fields(run))
        if found:
            out.table(("RUN", "MODEL", "STATUS", "STEP", "DATA", "BEGUN (UTC)"), [_row(run) for run in found])
        elif not unreadable:
            out.text("There are no runs yet. Begin one: ganvas train gan --data demo:icons")


@runs_app.command("pin", cls=QuickCommand)
def pin(context: typer.Context, run: RunText, step: PinStep = None, *, as_json: AsJson = False) -> None:
    """Keep a checkpoint of a run for good, the newest if no step is given. The run may be training."""
    _set_pinned(context, run, step, pinned=True, as_json=as_json)


@runs_app.command("unpin", cls=QuickCommand)
def unpin(context: typer.Context, run: RunText, step: PinStep = None, *, as_json: AsJson = False) -> None:
    """Let a pinned checkpoint go when the next one is made, unless it is one of those that are kept anyway."""
    _set_pinned(context, run, step, pinned=False, as_json=as_json)


def show(context: typer.Context, run: RunText, *, as_json: AsJson = False) -> None:
    """Show a run, its hyperparameters, and what it can do."""
    around = Surroundings.of(context)
    with output(json=as_json) as out:
        found = around.run(run)
        record = found.record
        abilities = _abilities(found, around.host(), out)
        newest: dict[str, Any] = next(iter(collections.deque(found.metrics(), maxlen=1)), {})
        checkpoints = found.checkpoints.all()
        sheet = found.scores.read()
        out.object(
            **_fields(found),
            **abilities,
            hyperparameters=hyperparameters(found),
            changes=[change.model_dump() for change in record.changes],
            seed=record.seed,
            preset=record.preset,
            device=record.device,
            plugin=record.plugin,
            plugin_version=record.plugin_version,
            checkpoints=[checkpoint.step for checkpoint in checkpoints],
            pinned=[checkpoint.step for checkpoint in checkpoints if checkpoint.pinned],
            best=sheet.best([checkpoint.step for checkpoint in checkpoints]),
            scores={name: scores.values for name, scores in sheet.metrics.items()},
            metrics=newest,
            message=record.message,
            origin=record.origin.model_dump() if record.origin is not None else None,
            environment=record.environment,
        )
        _describe(out, found, abilities, newest, checkpoints, sheet)


def hyperparameters(run: Run) -> dict[str, Any]:
    """A run's hyperparameters as they are now: those it began with, and every change since."""
    return {**run.record.hyperparameters, **{change.name: change.new for change in run.record.changes}}


def _set_pinned(context: typer.Context, text: str, step: int | None, *, pinned: bool, as_json: bool) -> None:
    with output(json=as_json) as out:
        run = Surroundings.of(context).run(text)
        if step is None:
            step = _newest(run) if pinned else _only_pinned(run)
        change = run.checkpoints.pin if pinned else run.checkpoints.unpin
        change(step)
        out.object(run=str(run.folder), step=step, pinned=pinned)
        out.text(f"Step {step:,} of {run.name} is {'kept for good' if pinned else 'pinned no longer'}.")


def _newest(run: Run) -> int:
    from studio.api import StudioError

    checkpoints = run.checkpoints.all()
    if not checkpoints:
        raise StudioError(f"{run.name} has no checkpoint yet.", "One is made after a minute, and when it pauses.")
    return checkpoints[-1].step


def _only_pinned(run: Run) -> int:
    from studio.api import StudioError

    pinned = [checkpoint.step for checkpoint in run.checkpoints.all() if checkpoint.pinned]
    if not pinned:
        raise StudioError(f"No checkpoint of {run.name} is pinned.")
    if len(pinned) > 1:
        raise StudioError(
            f"Several checkpoints of {run.name} are pinned.", f"Say which: {', '.join(map(str, pinned))}."
        )
    return pinned[0]


def _fields(run: Run) -> dict[str, Any]:
    record = run.record
    return {
        "run": str(run.folder),
        "name": run.name,
        "model": record.model,
        "status": str(record.status),
        "step": record.step,
        "steps": record.steps,
        "data": record.data,
        "created": record.created,
    }


def _row(run: Run) -> tuple[str, ...]:
    record = run.record
    step = f"{record.step:,} of {record.steps:,}"
    return run.name, record.model, str(record.status), step, record.data, record.created[:16].replace("T", " ")


def _abilities(run: Run, host: PluginHost, out: Output) -> dict[str, list[str]]:
    """What the run's model can do. Empty where its plugin is gone: a run can be looked at all the same."""
    from studio.api import StudioError
    from studio.engine.misfits import model_of

    labels = [str(label) for label in run.record.data_info.get("labels", ())]
    try:
        lacks = run.record.origin.lacks if run.record.origin is not None else ()
        offered = [capability.__name__ for capability in model_of(run, host).capabilities]
        names = [name for name in offered if name not in lacks]
        directions = _directions(run, host) if "ImageTranslation" in names else []
    except StudioError as error:
        out.note(str(error))
        names, directions = [], []
    return {"capabilities": names, "directions": directions, "labels": labels}


def _directions(run: Run, host: PluginHost) -> list[str]:
    from studio.engine.misfits import model_of
    from studio.engine.player import build_model, data_info, facts_of

    spec = model_of(run, host)
    model = build_model(host, spec, run.record.hyperparameters, data_info(run.record.data_info))
    return list(facts_of(spec, model).directions)


def _describe(
    out: Output,
    run: Run,
    abilities: dict[str, list[str]],
    newest: dict[str, Any],
    checkpoints: list[Checkpoint],
    sheet: ScoreSheet,
) -> None:
    from studio.api.model import OWN_COLUMNS

    record = run.record
    measured = {name: value for name, value in newest.items() if name not in OWN_COLUMNS}
    facts = {
        "Run": run.name,
        "Folder": str(run.folder),
        "Model": f"{record.model} (plugin {record.plugin} {record.plugin_version})",
        "Status": f"{record.status}, step {record.step:,} of {record.steps:,}",
        "Failure": record.message,
        "Data": record.data,
        "Imported from": record.origin.source if record.origin is not None else "",
        "Preset": record.preset,
        "Seed": str(record.seed),
        "Device": record.device,
        "Can do": ", ".join(abilities["capabilities"]),
        "Directions": ", ".join(abilities["directions"]),
        "Labels": ", ".join(abilities["labels"]),
        "Newest": "  ".join(f"{name} {value:.4g}" for name, value in measured.items()),
        "Checkpoints": ", ".join(_checkpoints(checkpoints, sheet)) or "none",
    }
    out.text("\n".join(columns([(name, text) for name, text in facts.items() if text])))
    out.text("\nHYPERPARAMETERS")
    out.text("\n".join(columns([(f"  {name}", str(value)) for name, value in hyperparameters(run).items()])))
    for change in record.changes:
        out.text(f"  step {change.step:,}: {change.name} {change.old} -> {change.new}")


def _checkpoints(checkpoints: list[Checkpoint], sheet: ScoreSheet) -> Iterator[str]:
    """Each step, and in brackets what is to be known of it."""
    best = sheet.best([checkpoint.step for checkpoint in checkpoints])
    for checkpoint in checkpoints:
        told = ["pinned"] if checkpoint.pinned else []
        told += filter(None, [sheet.told(checkpoint.step, best)])
        yield f"{checkpoint.step:,}" + (f" ({', '.join(told)})" if told else "")
