"""`ganvas train` and `ganvas resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.interrupts import interrupts
from studio.cli.output import output
from studio.cli.progress import Progress
from studio.cli.surroundings import AsJson, DeviceText, RunText, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.api import ModelSpec
    from studio.cli.output import Output
    from studio.engine.session import TrainingSession

DEFAULT_PRESET = "quick"

Steps = Annotated[
    int | None,
    typer.Option("--steps", min=1, metavar="N", help="Generator updates in all.", show_default="the preset's"),
]

Values = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="One hyperparameter; may be repeated.")
]


def train(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="ID", help="The model: see `ganvas models`.", show_default=False)],
    *,
    data: Annotated[str, typer.Option(metavar="SOURCE", help="A folder, a zip, or demo:icons.", show_default=False)],
    preset: Annotated[str, typer.Option(metavar="NAME", help="Where values start from.", show_default="quick")] = "",
    values: Values = None,
    steps: Steps = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of weights, data order, noise and sample grid.")] = 0,
    device: DeviceText = "auto",
    out: Annotated[str, typer.Option(metavar="DIR", help="The run's folder.", show_default="a new one")] = "",
    as_json: AsJson = False,
) -> None:
    """Train a model. Ctrl-C stops cleanly and keeps a checkpoint."""
    from studio.engine.commands import TrainPlan

    around = Surroundings.of(context)
    with output(json=as_json) as lines:
        host = around.host()
        spec = host.model(model)
        preset, start, planned = choose_preset(spec, preset)
        chosen = {**start, **assignments(values or [])}
        spec.hyperparameters.build(chosen.items())
        plan = TrainPlan(model, data, chosen, steps=steps or planned, seed=seed, device=device, out=out, preset=preset)
        _follow(around, lines, host, lambda session: session.train(plan))


def resume(
    context: typer.Context,
    run: RunText,
    *,
    steps: Steps = None,
    values: Values = None,
    data: Annotated[
        str, typer.Option(metavar="SOURCE", help="Where its data is now.", show_default="where it was")
    ] = "",
    device: DeviceText = "auto",
    as_json: AsJson = False,
) -> None:
    """Go on with a run from its newest checkpoint; `--set` changes what may change while training."""
    around = Surroundings.of(context)
    with output(json=as_json) as lines:
        folder = str(around.run(run).folder)
        changes = assignments(values or [])
        _follow(around, lines, around.host(), lambda session: session.resume(folder, steps, device, changes, data))


def choose_preset(spec: ModelSpec, name: str) -> tuple[str, dict[str, Any], int]:
    """The preset's name, its values and its steps. Without a name: `quick`, else the model's first, else none.

    Raises:
        StudioError: there is no such preset; names those there are.
    """
    from studio.api.errors import StudioError
    from studio.engine.commands import TrainPlan

    presets = spec.presets
    if name and name not in presets:
        known = f"Choose from: {', '.join(presets)}." if presets else f"{spec.id} has none; leave --preset out."
        raise StudioError(f"{spec.id} has no preset {name!r}.", known)
    name = name or (DEFAULT_PRESET if DEFAULT_PRESET in presets else next(iter(presets), ""))
    if not name:
        return "", {}, TrainPlan.steps
    return name, dict(presets[name].values), presets[name].steps


def assignments(texts: list[str]) -> dict[str, str]:
    """`["lr=1e-4"]` as `{"lr": "1e-4"}`.

    Raises:
        StudioError: a text is not `NAME=VALUE`.
    """
    from studio.api.errors import StudioError

    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals):
            raise StudioError(f"--set cannot read {text!r}.", "Write it as NAME=VALUE: --set lr=1e-4.")
        found[name.strip()] = value.strip()
    return found


def _follow(around: Surroundings, lines: Output, host: Any, ask: Callable[[TrainingSession], None]) -> None:
    from studio.cli.following import Follower
    from studio.engine.home import make_home
    from studio.engine.session import TrainingSession
    from studio.engine.worker import WorkerOptions

    make_home(around.home)
    store = around.store()
    progress = Progress(silent=lines.json)
    with interrupts() as taken:
        session = TrainingSession(host, store, WorkerOptions(nice=0))
        session.start()
        try:
            ask(session)
            code = Follower(store, lines, progress, taken).follow(session)
        finally:
            progress.close()
            session.close()
    if code:
        raise typer.Exit(code)
