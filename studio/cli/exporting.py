"""`ganvas export`: a run's model as one file, for other people and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import output
from studio.cli.surroundings import RunText, StepNumber, Surroundings

if TYPE_CHECKING:
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
            help="safetensors: for `ganvas import`. onnx: for other programs. By the file's ending, if left out.",
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
    from studio.api.errors import StudioError
    from studio.engine.atomic import disk_errors

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        form = written_as or ENDINGS.get(out.suffix.lower(), "")
        if form not in ENDINGS.values():
            said = f"There is no format {form!r}." if form else f"The ending of {out.name} does not say the format."
            raise StudioError(said, f"Choose one: --format {' or --format '.join(ENDINGS.values())}.")
        _check_options(form, half=half, direction=direction)
        found = around.run(run)
        with disk_errors(out):
            out.parent.mkdir(parents=True, exist_ok=True)
        lines.text(
            _safetensors(found, out, step, half=half)
            if form == "safetensors"
            else _onnx(found, around, out, direction, step)
        )


def _check_options(form: str, *, half: bool, direction: str | None) -> None:
    from studio.api.errors import StudioError

    if half and form != "safetensors":
        raise StudioError(f"--half is not for {form}.", "Leave it out, or ask for --format safetensors.")
    if direction is not None and form != "onnx":
        raise StudioError(f"A {form} file has every direction.", "Leave --direction out.")


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
