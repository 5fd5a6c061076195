"""`ganvas export`: a run's model as one file, for other people and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import output
from studio.cli.surroundings import RunText, StepNumber, Surroundings

if TYPE_CHECKING:
    from studio.api.files import ExporterSpec
    from studio.engine.runs import Run

ENDINGS = {".safetensors": "safetensors", ".onnx": "onnx"}


def export(
    context: typer.Context,
    run: RunText,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    written_as: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="safetensors: for `ganvas import`. onnx: for other programs. Or what a plugin writes. "
            "By the file's ending, if left out.",
            show_default=False,
        ),
    ] = "",
    half: Annotated[bool, typer.Option("--half", help="Half precision, for half the size; safetensors alone.")] = False,
    direction: Annotated[
        str | None, typer.Option(metavar="D", help="Which way to translate, such as A->B; onnx alone.")
    ] = None,
    step: StepNumber = None,
) -> None:
    """Write the averaged networks of a run as one file. A file of that name is replaced."""
    from studio.engine.atomic import disk_errors

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        form = written_as or ENDINGS.get(out.suffix.lower(), "")
        exporter = None if form in ENDINGS.values() else _exporter(around, out, form)
        _check_options(exporter.id if exporter else form, half=half, direction=direction)
        found = around.run(run)
        with disk_errors(out):
            out.parent.mkdir(parents=True, exist_ok=True)
        if exporter is not None:
            lines.text(_by_plugin(exporter, found, around, out, step))
        elif form == "safetensors":
            lines.text(_safetensors(found, out, step, half=half))
        else:
            lines.text(_onnx(found, around, out, direction, step))


def _exporter(around: Surroundings, out: Path, form: str) -> ExporterSpec:
    """The plugin's exporter of that format or, where none is given, of the file's ending."""
    from studio.api.errors import StudioError

    offered = around.host().exporters()
    wanted = form or out.name.lower()
    for spec in offered:
        if spec.id == wanted if form else wanted.endswith(spec.suffix):
            return spec
    said = f"There is no format {form!r}." if form else f"The ending of {out.name} does not say the format."
    formats = [*ENDINGS.values(), *(spec.id for spec in offered)]
    raise StudioError(said, f"Choose one: --format {' or --format '.join(formats)}.")


def _check_options(form: str, *, half: bool, direction: str | None) -> None:
    from studio.api.errors import StudioError

    if half and form != "safetensors":
        raise StudioError(f"--half is not for {form}.", "Leave it out, or ask for --format safetensors.")
    if direction is not None and form == "safetensors":
        raise StudioError(f"A {form} file has every direction.", "Leave --direction out.")
    if direction is not None and form != "onnx":
        raise StudioError(f"--direction is not for {form}.", "Leave it out, or ask for --format onnx.")


def _by_plugin(exporter: ExporterSpec, run: Run, around: Surroundings, out: Path, step: int | None) -> str:
    from studio.engine.exporting import write_with

    size = write_with(exporter, run, around.host(), out, around.home, step=step)
    return f"Wrote {run.record.model} to {out}, {size / 1e6:,.1f} MB, as {exporter.title}."


def _safetensors(run: Run, out: Path, step: int | None, *, half: bool) -> str:
    from studio.engine.portable import write_portable

    size = write_portable(run, out, half=half, step=step)
    return f"Wrote {run.record.model} to {out}, {size / 1e6:,.1f} MB. Elsewhere: ganvas import {out.name}"


def _onnx(run: Run, around: Surroundings, out: Path, direction: str | None, step: int | None) -> str:
    from studio.engine.onnx_export import write_onnx

    written = write_onnx(run, around.host(), out, direction, step=step)
    inputs = ", ".join(written.inputs)
    return (
        f"Wrote {run.record.model} to {out}, {written.size / 1e6:,.1f} MB, from {inputs} to pictures. "
        f"onnxruntime's pictures differ from torch's by {written.difference:.1g} at most."
    )
