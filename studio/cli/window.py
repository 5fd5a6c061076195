"""`ganvas` alone and `ganvas demo`: the way to the window."""

from __future__ import annotations

import importlib.util
import os
import sys

import typer

from studio.cli.surroundings import Surroundings


def studio(context: typer.Context) -> None:
    """Open the studio."""
    _open(context, demo=False)


def demo(context: typer.Context) -> None:
    """Open the studio with the demo data, training begun."""
    _open(context, demo=True)


def _open(context: typer.Context, *, demo: bool) -> None:
    check_window()
    from studio.gui.app import open_studio

    around = Surroundings.of(context)
    raise typer.Exit(open_studio(demo=demo, safe_mode=around.safe_mode, in_process=around.in_process, home=around.home))


def check_window() -> None:
    """Finds out whether a window can be opened here.

    Raises:
        StudioError: it cannot, and why.
    """
    from studio.api.errors import StudioError

    if importlib.util.find_spec("PySide6") is None:
        raise StudioError(
            "The window needs PySide6, which is not installed here.",
            "Install pyside6-essentials, or train without a window: ganvas train gan --data demo:icons.",
        )
    # Qt would end the process with a core dump.
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        raise StudioError(
            "There is no screen to open a window on.", "Train without one: ganvas train gan --data demo:icons."
        )
