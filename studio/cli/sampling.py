"""`ganvas sample`: pictures from a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import output
from studio.cli.progress import Progress
from studio.cli.surroundings import DeviceText, RunText, StepNumber, Surroundings

if TYPE_CHECKING:
    import numpy as np

    from studio.data.layout_files import Layout


def sample(
    context: typer.Context,
    run: RunText,
    *,
    out: Annotated[Path, typer.Option(metavar="PATH", help="A picture, or a folder for one PNG each.")],
    count: Annotated[int, typer.Option(metavar="N", min=1, help="How many pictures.")] = 1,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Of the first picture; the next has S + 1.")] = 0,
    label: Annotated[str | None, typer.Option(metavar="L", help="The class to draw, where it knows any.")] = None,
    truncation: Annotated[float, typer.Option(metavar="T", help="0 (the mean picture) to 1 (all variety).")] = 1.0,
    layout: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What is where, as JSON, for models that draw layouts.")
    ] = None,
    step: StepNumber = None,
    device: DeviceText = "auto",
) -> None:
    """Make pictures from a run.

    They are always the same for the same run, seed and options. Files of the same name are replaced.
    """
    from studio.cli.pictures import check_target, write_pictures

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        check_target(out, count)
        found = around.run(run)
        host = around.host()
        from studio.engine import sampling

        if layout is None:
            chunks = sampling.sample(
                found, host, count, seed, label=label, truncation=truncation, device=device, step=step
            )
        else:
            asked = _read(layout.expanduser())
            chunks = sampling.sample_layout(found, host, asked, count, seed, device=device, step=step)
        progress = Progress()
        try:
            written = write_pictures(out, _watched(chunks, count, progress))
        finally:
            progress.close()
        lines.text(written)


def _read(path: Path) -> Layout:
    from studio.api.errors import StudioError
    from studio.data.layout_files import Layout

    try:
        return Layout.parse(path.read_bytes(), path.name)
    except OSError as error:
        raise StudioError(f"{path} cannot be read.", "Give a layout as a JSON file.") from error


def _watched(chunks: Iterator[np.ndarray], count: int, progress: Progress) -> Iterator[np.ndarray]:
    done = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        progress.show("Making pictures", done, count)
