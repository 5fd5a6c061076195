"""`ganvas data`: what is in a source of pictures, and what had to be left out."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli.surroundings import AsJson

SHOWN = 20
SOURCES = "A folder, a zip, or demo:icons."


def data(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A folder, a zip, or demo:icons.", show_default=False)
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Look through a source of pictures.

    Every file that has to be left out is named, with the reason.
    """
    raise NotImplementedError
