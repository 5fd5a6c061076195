"""`ganvas data`: what is in a source of pictures, and what had to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import Output, columns, output
from studio.cli.progress import Progress
from studio.cli.surroundings import AsJson, Surroundings

if TYPE_CHECKING:
    from studio.data.inspect import Report

MOST_SHOWN = 20
SOURCES = "A folder, a zip, or demo:icons."


def data(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCES, show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Look through a source of pictures.

    Every file that has to be left out is named, with the reason.
    """
    from studio.api.errors import StudioError
    from studio.data.inspect import inspect
    from studio.data.sources import BUILT_IN, open_source

    with output(json=as_json) as out:
        opened = open_source(source, (*BUILT_IN, *Surroundings.of(context).host().datasets()))
        progress = Progress(silent=as_json)
        try:
            report = inspect(opened, lambda done, total: progress.show("Looking through pictures", done, total))
        finally:
            progress.close()
        out.object(**report.as_json())
        _describe(out, report)
        if report.count == 0:
            raise StudioError(f"Not one picture in {source} can be read.", "Choose other data.")


def _count(report: Report) -> str:
    if report.kind == "unpaired":
        return " and ".join(f"{count:,} {name}" for name, count in report.domains.items())
    return f"{report.count:,}"


def _describe(out: Output, report: Report) -> None:
    facts = {
        "Data": report.name,
        "Kind": str(report.kind),
        "Pairs" if report.kind == "paired" else "Pictures": _count(report),
        "Size": f"{report.width} x {report.height} px, most of them" if report.count else "",
        "Labels": ", ".join(report.labels),
        "Left out": f"{len(report.skipped):,}" if report.skipped else "",
    }
    out.text("\n".join(columns([(name, text) for name, text in facts.items() if text])))
    for skipped in report.skipped[:MOST_SHOWN]:
        out.text(f"  {skipped.file}: {skipped.reason}")
    if len(report.skipped) > MOST_SHOWN:
        out.text(f"  and {len(report.skipped) - MOST_SHOWN:,} more; --json names them all.")
