"""`ganvas render`: the picture of a saved edit."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import Output, output
from studio.cli.surroundings import DeviceText, Surroundings

if TYPE_CHECKING:
    from studio.api.canvas import Document
    from studio.edit.documents import EditEnvelope
    from studio.engine.player import Player
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run


def render(
    context: typer.Context,
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="A PNG that was saved on a canvas, or a JSON.")],
    *,
    out: Annotated[Path, typer.Option(metavar="PATH", help="A picture, or a folder for one PNG each.")],
    run: Annotated[
        str | None, typer.Option(metavar="RUN", help="Another run of the same model than the one it was made with.")
    ] = None,
    device: DeviceText = "auto",
) -> None:
    """Make the picture of a saved edit.

    With the weights that it was seen with, where that checkpoint is kept; with the newest of the run otherwise.
    """
    from studio.cli.pictures import check_target, write_pictures

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        check_target(out, 1)
        from studio.edit.documents import read_envelope

        envelope = read_envelope(document.expanduser())
        found = around.store().find(run or envelope.run)
        host = around.host()
        edit = _document(host, envelope)
        player = _player(found, host, envelope.step, device, lines)
        lines.text(write_pictures(out, iter([player.render(edit.wish(player.model))])))


def _document(host: PluginHost, envelope: EditEnvelope) -> Document:
    from studio.api.errors import StudioError

    reference = next((spec.document for spec in host.canvases() if spec.id == envelope.canvas), "")
    if not reference:
        raise StudioError(
            f"This edit was made on a canvas called {envelope.canvas}, which cannot be rendered here.",
            "Install the plugin that it comes from.",
        )
    module, _, name = reference.partition(":")
    made: Document = getattr(importlib.import_module(module), name).from_json(envelope.document)
    return made


def _player(run: Run, host: PluginHost, step: int, device: str, lines: Output) -> Player:
    from studio.engine.device import choose_device
    from studio.engine.player import load_player

    kept = [checkpoint.step for checkpoint in run.checkpoints.all()]
    if step not in kept and kept:
        lines.text(f"The weights of step {step:,} are not kept; step {max(kept):,} is used.")
    return load_player(run, host, choose_device(device), step if step in kept else None).exact()
