"""`ganvas plugins`, `ganvas models` and `ganvas models show`: what there is to train."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.output import Output, columns, indented, output
from studio.cli.quick import QuickCommand, QuickGroup
from studio.cli.surroundings import AsJson, Surroundings, hand_on

if TYPE_CHECKING:
    from studio.api import HyperparameterInfo, ModelSpec
    from studio.engine.plugins import PluginStatus

models_app = typer.Typer(
    cls=QuickGroup, help="List the models, or show one.", invoke_without_command=True, rich_markup_mode=None
)

ModelId = Annotated[str, typer.Argument(metavar="ID", help="A model's id.", show_default=False)]


def plugins(
    context: typer.Context,
    *,
    details: Annotated[bool, typer.Option("--details", help="Show the traceback of each failure.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Check failed plugins again, changed or not.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the plugins, and why some failed."""
    with output(json=as_json) as out:
        statuses = Surroundings.of(context).listing(retry=retry)
        for status in statuses:
            out.object(**_plugin_fields(status))
        out.table(("PLUGIN", "STATUS", "FROM", "MODELS"), [_plugin_row(status) for status in statuses])
        for status in statuses:
            if not status.ok:
                out.text(f"\n{status.id}: {status.error}")
                if details and status.detail:
                    out.text(_quoted(status.detail))
        if not details and any(status.detail for status in statuses if not status.ok):
            out.text("\n`ganvas plugins --details` shows the tracebacks.")


@models_app.callback()
def models(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the models that can be trained."""
    hand_on(context, as_json=as_json)
    if context.invoked_subcommand is not None:
        return
    with output(json=as_json) as out:
        host = Surroundings.of(context).host()
        rows = []
        for spec in host.models().values():
            plugin = host.plugin_of(spec.id).id
            out.object(**_model_fields(spec, plugin))
            rows.append((spec.id, spec.title, str(spec.data), ", ".join(spec.presets), plugin))
        out.table(("ID", "TITLE", "DATA", "PRESETS", "PLUGIN"), rows)
        failed = [status.id for status in host.plugins if not status.ok]
        if failed:
            out.note(f"Failed to load: {', '.join(failed)}. `ganvas plugins` says why.")


@models_app.command("show", cls=QuickCommand)
def show(context: typer.Context, model: ModelId, *, as_json: AsJson = False) -> None:
    """Show a model, its presets and its hyperparameters."""
    with output(json=as_json) as out:
        host = Surroundings.of(context).host()
        spec, plugin = host.model(model), host.plugin_of(model)
        described = spec.hyperparameters.describe()
        out.object(
            **_model_fields(spec, plugin.id),
            summary=spec.summary,
            paper=spec.paper,
            licence=spec.licence,
            hyperparameters=[dataclasses.asdict(info) for info in described],
            preset_values={name: dataclasses.asdict(preset) for name, preset in spec.presets.items()},
        )
        out.text(f"{spec.title}  ({spec.id})\n{spec.summary}\n")
        out.text("\n".join(columns(_facts(spec, plugin))))
        _show_presets(out, spec)
        _show_hyperparameters(out, spec, described)


def _plugin_fields(status: PluginStatus) -> dict[str, Any]:
    return {
        "id": status.id,
        "status": "ok" if status.ok else "failed",
        "distribution": status.distribution,
        "version": status.version,
        "models": status.models,
        "error": status.error,
        "offers": status.offers,
        "detail": status.detail,
    }


def _plugin_row(status: PluginStatus) -> tuple[str, str, str, str]:
    origin = f"{status.distribution} {status.version}".strip()
    return status.id, "ok" if status.ok else "failed", origin, ", ".join(status.models)


def _quoted(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _model_fields(spec: ModelSpec, plugin: str) -> dict[str, Any]:
    return {
        "id": spec.id,
        "title": spec.title,
        "data": str(spec.data),
        "capabilities": [capability.__name__ for capability in spec.capabilities],
        "presets": list(spec.presets),
        "plugin": plugin,
    }


def _facts(spec: ModelSpec, plugin: PluginStatus) -> list[tuple[str, str]]:
    facts = {
        "Paper": spec.paper,
        "Data": str(spec.data),
        "Can do": ", ".join(capability.__name__ for capability in spec.capabilities),
        "Plugin": f"{plugin.id} ({plugin.distribution} {plugin.version})".replace("( )", "").strip(),
        "Licence": spec.licence,
    }
    return [(name, text) for name, text in facts.items() if text]


def _show_presets(out: Output, spec: ModelSpec) -> None:
    if spec.presets:
        out.text("\nPRESETS")
        rows = [(f"  {name}", f"{preset.steps:,} steps", preset.summary) for name, preset in spec.presets.items()]
        out.text("\n".join(columns(rows)))


def _show_hyperparameters(out: Output, spec: ModelSpec, described: tuple[HyperparameterInfo, ...]) -> None:
    headers = ("HYPERPARAMETER", "DEFAULT", *(name.upper() for name in spec.presets), "RANGE", "")
    rows = [(info.name, *_values(info, spec), info.range_text, "live" if info.live else "") for info in described]
    heading, *lines = columns([headers, *rows])
    out.text(f"\n{heading}")
    for info, line in zip(described, lines, strict=True):
        out.text(line)
        source = f" [{info.source}]" if info.source else ""
        out.text(indented(f"{info.description}{source}", 4))
    out.text("\n`live` can change while training. Set one by: ganvas train " + spec.id + " --set NAME=VALUE")


def _values(info: HyperparameterInfo, spec: ModelSpec) -> list[str]:
    changed = [preset.values.get(info.name) for preset in spec.presets.values()]
    return [_short(info.default), *("" if value is None else _short(value) for value in changed)]


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
