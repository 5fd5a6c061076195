"""`ganvas import`: a model file becomes a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import output
from studio.cli.surroundings import AsJson, Surroundings

if TYPE_CHECKING:
    from studio.api.data import DataInfo
    from studio.api.files import ImporterSpec
    from studio.api.hyperparameters import Hyperparameters
    from studio.api.model import ModelSpec
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run
    from studio.importers.confined import ForeignModel

ADDRESS = re.compile(r"(https?|ftp|s3|hf):/+(.+)", re.IGNORECASE)  # a path keeps one of its slashes


def import_file(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A model: NVIDIA's .pkl, a .pt or .pth, safetensors, or what a plugin reads.",
            show_default=False,
        ),
    ],
    *,
    model: Annotated[
        str, typer.Option(metavar="ID", help="Whose weights they are, for a plain state_dict.", show_default=False)
    ] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="How that model was made; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a run of a model file, to play with on every canvas that the model has.

    Nothing in the file is executed. What it is shows in its content, whatever it is called. What Ganvas does not know
    is read by a plugin, where one names its ending: a plugin is a program that runs as you.
    """
    from studio.engine.home import make_home

    around = Surroundings.of(context)
    with output(json=as_json) as out:
        make_home(around.home)
        run, tensors, notes = _read(file.expanduser(), around, model, values or [])
        record = run.record
        assert record.origin is not None
        out.object(run=str(run.folder), model=record.model, tensors=tensors, source_sha256=record.origin.sha256)
        out.text(f"Imported {tensors:,} tensors of {record.model} as {run.name}.")
        for note in notes:
            out.text(note)


def _read(path: Path, around: Surroundings, model: str, values: list[str]) -> tuple[Run, int, Sequence[str]]:
    """The run that was made of a file, how many tensors it has, and what a person should know of it."""
    from studio.api.errors import StudioError
    from studio.engine.importing import readers_of
    from studio.engine.portable import is_portable, keep_portable, read_portable
    from studio.importers.errors import ForeignFileError

    if address := ADDRESS.match(path.as_posix()):
        raise StudioError(
            f"{address[1]}://{address[2]} is an address, and Ganvas downloads nothing.",
            "Download the file first, and give that: ganvas import FILE.",
        )
    if not path.is_file():
        raise StudioError(f"There is no file {path}.", "Give a model file.")
    if is_portable(path):
        found = read_portable(path)
        if model not in ("", found.about.model):
            raise StudioError(f"{path.name} is a {found.about.model}, not a {model}.", "Leave --model out.")
        return keep_portable(around.store(), around.host(), found, path.name), found.tensors, ()
    readers = [] if model or values else readers_of(path, around.host())
    try:
        return _keep_foreign(path, around, model, values)
    except ForeignFileError:
        if not readers:
            raise
    return _keep_by_plugin(path, around, readers)


def _keep_by_plugin(
    path: Path, around: Surroundings, readers: Sequence[ImporterSpec]
) -> tuple[Run, int, Sequence[str]]:
    """The same for a file that the first plugin reads which does not refuse it."""
    from studio.api.errors import StudioError
    from studio.engine.importing import keep_read, read_with

    host = around.host()
    refusals: list[StudioError] = []
    for reader in readers:
        try:
            found = read_with(reader, host, path, around.home)
        except StudioError as refusal:
            refusals.append(refusal)
            continue
        run = keep_read(around.store(), host, found, path)
        return run, sum(len(arrays) for arrays in found.networks.values()), found.notes
    raise refusals[0]


def _keep_foreign(path: Path, around: Surroundings, model: str, values: list[str]) -> tuple[Run, int, Sequence[str]]:
    """The same for a file that others' programs wrote."""
    from studio.engine.imported import keep_as_run
    from studio.importers.confined import read_foreign

    foreign = read_foreign(path)
    if not foreign.model or model:
        foreign = _fitted(foreign, around, model, values)
    run = keep_as_run(
        around.store(),
        around.host(),
        foreign.model,
        foreign.hyperparameters,
        foreign.info,
        foreign.networks,
        source=foreign.source,
        sha256=foreign.sha256,
    )
    return run, foreign.tensors, foreign.notes


def _fitted(foreign: ForeignModel, around: Surroundings, model: str, values: list[str]) -> ForeignModel:
    """The tensors of a plain file as a model that the person named."""
    from studio.api.errors import StudioError
    from studio.cli.training import assignments
    from studio.importers.errors import ForeignFileError
    from studio.importers.fitting import fitted

    if foreign.model and foreign.model != model:
        raise StudioError(f"{foreign.source} is a {foreign.model}, not a {model}.", "Leave --model out.")
    if not model:
        remedy = "Name it: ganvas import FILE --model stylegan."
        raise ForeignFileError(f"{foreign.source} has weights, but does not say of which model.", remedy)
    host = around.host()
    spec = host.model(model)
    averaged = host.load_model(model).ema_networks
    return fitted(foreign, spec, assignments(values), averaged, partial(_shapes, host, spec))


def _shapes(
    host: PluginHost, spec: ModelSpec, hp: Hyperparameters, info: DataInfo
) -> dict[str, dict[str, tuple[int, ...]]]:
    """The shapes of every network of a model, by network and name; without memory for its weights."""
    import torch

    from studio.engine.player import build_model
    from studio.engine.trainer import network_names

    with torch.device("meta"):
        built = build_model(host, spec, hp.model_dump(), info)
    return {
        name: {key: tuple(tensor.shape) for key, tensor in getattr(built, name).state_dict().items()}
        for name in network_names(built)
    }
