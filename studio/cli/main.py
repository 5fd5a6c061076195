"""The entry point: the commands, and what becomes of an error."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from studio.cli import (
    catalogue,
    data,
    doctor,
    exporting,
    importing,
    measuring,
    rendering,
    runs,
    sampling,
    training,
    translating,
    window,
)
from studio.cli.output import HOW_TO_REPORT, NOBODY_READS, tell
from studio.cli.quick import QuickCommand, QuickGroup
from studio.cli.surroundings import Surroundings
from studio.engine.home import home_folder

HELP = "Ganvas: train generative adversarial networks and play with what they learn. Alone it opens the studio."

# Rich would double the time that `ganvas --help` takes; the options for shell completion would load pydantic.
app = typer.Typer(
    cls=QuickGroup, help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)


@app.callback(invoke_without_command=True)
def ganvas(
    context: typer.Context,
    *,
    safe_mode: Annotated[bool, typer.Option("--safe-mode", help="Load the built-in plugins alone.")] = False,
    in_process: Annotated[
        bool,
        typer.Option("--in-process", help="The window trains in its own process, and ends where a plugin crashes."),
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
) -> None:
    """Ganvas: train generative adversarial networks and play with what they learn. Alone it opens the studio."""
    context.obj = Surroundings(home_folder(), safe_mode, in_process)
    if version:
        from studio import __version__

        typer.echo(f"ganvas {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        window.studio(context)


app.command("demo", cls=QuickCommand)(window.demo)
app.command("plugins", cls=QuickCommand)(catalogue.plugins)
app.add_typer(catalogue.models_app, name="models")
app.command("data", cls=QuickCommand)(data.data)
app.command("train", cls=QuickCommand)(training.train)
app.command("resume", cls=QuickCommand)(training.resume)
runs.runs_app.command("measure", cls=QuickCommand)(measuring.measure)
app.add_typer(runs.runs_app, name="runs")
app.command("show", cls=QuickCommand)(runs.show)
app.command("sample", cls=QuickCommand)(sampling.sample)
app.command("translate", cls=QuickCommand)(translating.translate)
app.command("render", cls=QuickCommand)(rendering.render)
app.command("import", cls=QuickCommand)(importing.import_file)
app.command("export", cls=QuickCommand)(exporting.export)
app.command("doctor", cls=QuickCommand)(doctor.doctor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line, `sys.argv` by default, and returns the exit code.

    0: done. 1: a bug, with its traceback. 2: something that the person can mend, in one sentence with a remedy.
    130, 143, 129: ended by Ctrl-C, by SIGTERM, by closing the terminal. 141: nobody reads standard output any more.
    """
    _speak_any_language()
    code = _run(sys.argv[1:] if arguments is None else list(arguments))
    if code == NOBODY_READS:
        _leave_the_pipe()
    return code


def _run(arguments: list[str]) -> int:
    try:
        typer.main.get_command(app).main(arguments, prog_name="ganvas")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        return _explain(error)
    return 0


def _explain(error: Exception) -> int:
    from studio.api.errors import StudioError

    if isinstance(error, StudioError):
        tell(str(error))
        return 2
    tell("".join(traceback.format_exception(error)).rstrip())
    tell(HOW_TO_REPORT)
    return 1


def _speak_any_language() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave_the_pipe() -> None:
    # Python flushes once more at exit, and would complain.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
