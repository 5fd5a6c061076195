"""`ganvas import`: a model file becomes a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import output
from studio.cli.surroundings import AsJson, Surroundings

if TYPE_CHECKING:
    from studio.engine.runs import Run


def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A model that `ganvas export` wrote.", show_default=False)
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a run of a model file, to play with on every canvas that the model has.

    Nothing in the file is executed. What it is shows in its content, whatever it is called.
    """
    from studio.engine.home import make_home

    around = Surroundings.of(context)
    with output(json=as_json) as out:
        make_home(around.home)
        run, tensors = _read(file.expanduser(), around)
        record = run.record
        assert record.origin is not None
        out.object(run=str(run.folder), model=record.model, tensors=tensors, source_sha256=record.origin.sha256)
        out.text(f"Imported {tensors:,} tensors of {record.model} as {run.name}.")


def _read(path: Path, around: Surroundings) -> tuple[Run, int]:
    """The run that was made of a file, and how many tensors it has."""
    from studio.api.errors import StudioError
    from studio.engine.portable import is_portable, keep_portable, read_portable

    if not path.is_file():
        raise StudioError(f"There is no file {path}.", "Give a model that `ganvas export` wrote.")
    if is_portable(path):
        found = read_portable(path)
        return keep_portable(around.store(), around.host(), found, path.name), found.tensors
    raise StudioError(f"{path.name} is no model file that Ganvas knows.", "Give one that `ganvas export` wrote.")
