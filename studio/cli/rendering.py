"""`ganvas render`: the picture of a saved edit, or the film of a walk."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.output import Output, output
from studio.cli.surroundings import DeviceText, Surroundings

if TYPE_CHECKING:
    from studio.api.canvas import Document
    from studio.edit.documents import EditEnvelope
    from studio.engine.film import FilmDocument
    from studio.engine.player import Player
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run


def render(
    context: typer.Context,
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="A PNG that was saved on a canvas, or a JSON.")],
    *,
    out: Annotated[
        Path, typer.Option(metavar="PATH", help="A picture, or a folder for one PNG each; of a walk an MP4 or GIF too.")
    ],
    run: Annotated[
        str | None, typer.Option(metavar="RUN", help="Another run of the same model than the one it was made with.")
    ] = None,
    scale: Annotated[
        int, typer.Option(metavar="N", min=0, max=64, help="Of a film: times as large; 0: large enough to watch.")
    ] = 0,
    device: DeviceText = "auto",
) -> None:
    """Make the picture of a saved edit, or the film of a saved walk.

    With the weights that it was seen with, where that checkpoint is kept; with the newest of the run otherwise. A walk
    becomes a film where --out ends in .mp4 or .gif or names a folder; else the picture at its playhead.
    """
    from studio.cli.pictures import check_target, is_one_picture, write_pictures

    around = Surroundings.of(context)
    with output(json=False) as lines:
        out = out.expanduser()
        from studio.edit.documents import read_envelope
        from studio.engine.film import FilmDocument, is_film_file

        envelope = read_envelope(document.expanduser())
        found = around.run(run or envelope.run)
        host = around.host()
        edit = _document(host, envelope)
        if isinstance(edit, FilmDocument) and (is_film_file(out) or not is_one_picture(out)):
            player = _player(found, host, envelope.step, device, lines)
            lines.text(_film(edit, envelope, player, out, scale))
            return
        check_target(out, 1)
        player = _player(found, host, envelope.step, device, lines)
        lines.text(write_pictures(out, iter([player.render(edit.wish(player.model))])))


def _film(edit: FilmDocument, envelope: EditEnvelope, player: Player, out: Path, scale: int) -> str:
    """Writes the film, and returns a sentence that says so; a signal leaves nothing behind."""
    from studio.cli.interrupts import interrupts
    from studio.cli.progress import Progress
    from studio.engine.film import film_writer, stretches, watchable_scale

    scale = scale or watchable_scale(out, player.facts.resolution)
    progress = Progress()
    try:
        with interrupts() as taken, film_writer(out, edit.fps, scale=scale, loop=edit.loop) as film:
            for first, stop in stretches(edit):
                pictures = player.render(edit.film(player.model, first, stop))
                for index, picture in enumerate(pictures, first):
                    film.add(picture, _note(edit, index, envelope) if film.notes else "")
                progress.show("Rendering", stop, edit.frame_count)
                if taken.received:
                    raise typer.Exit(taken.exit_code)
    finally:
        progress.close()
    many = "1 frame" if film.count == 1 else f"{film.count:,} frames"
    return f"Wrote {many}, {film.count / edit.fps:.1f} s, to {out}. {film.remark}".rstrip()


def _note(edit: FilmDocument, index: int, envelope: EditEnvelope) -> str:
    return replace(envelope, document=edit.still(index).to_json()).to_text()


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
    from studio.engine.player import load_for_keeps

    kept = [checkpoint.step for checkpoint in run.checkpoints.all()]
    if step not in kept and kept:
        lines.text(f"The weights of step {step:,} are not kept; step {max(kept):,} is used.")
    return load_for_keeps(run, host, device, step if step in kept else None)
