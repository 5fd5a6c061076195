"""Calls of what plugins offer beside models. Whatever goes wrong there is one sentence that names the plugin."""

from __future__ import annotations

import contextlib
import datetime
import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.api.errors import StudioError

if TYPE_CHECKING:
    from studio.engine.plugin_status import PluginStatus

LOGS = Path("logs") / "plugins"
KEPT_LOGS = 10
LONGEST_REASON = 300


@contextlib.contextmanager
def plugin_failures(plugin: PluginStatus, doing: str, home: Path) -> Iterator[None]:
    """What a plugin raises meanwhile becomes a sentence, and its traceback a file among the logs of `home`.

    Args:
        plugin: whose code runs.
        doing: what it does, after `while`: `it wrote kites.gltf`.
        home: where logs are.

    Raises:
        StudioError: the plugin failed, or says itself what a person can mend.
    """
    try:
        yield
    except StudioError:
        raise
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {_first_line(error)}".rstrip(": ")
        raise StudioError(
            f"The plugin {plugin.id} failed while {doing}: {reason.rstrip('.')}.",
            f"Tell its makers; {_log(plugin, error, home)}.",
        ) from error


def imported(reference: str, plugin: PluginStatus, title: str, home: Path, install: str = "") -> Any:
    """What a `module:name` of a spec stands for, imported now.

    Args:
        reference: it.
        plugin: whose it is; `title` what a person calls it.
        home: where logs are.
        install: what brings the modules that it needs.

    Raises:
        StudioError: it cannot be imported.
    """
    from studio.engine.plugin_loading import resolve

    with plugin_failures(plugin, f"{title} was imported", home):
        try:
            return resolve(reference)
        except ModuleNotFoundError as error:
            if error.name == reference.partition(":")[0]:
                raise
            remedy = f"Install it: {install}." if install else f"Reinstall {plugin.distribution or plugin.id}."
            raise StudioError(f"{title} needs the module {error.name}, which is not installed.", remedy) from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "")[:LONGEST_REASON]


def _log(plugin: PluginStatus, error: BaseException, home: Path) -> str:
    """Writes the traceback where logs are, and tells where; a plugin's failure is told even where it cannot be."""
    folder = home / LOGS
    file = folder / f"{datetime.datetime.now(datetime.UTC):%Y%m%d-%H%M%S}-{plugin.id}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.writelines(traceback.format_exception(error))
        for old in sorted(folder.glob("*.txt"))[:-KEPT_LOGS]:
            old.unlink(missing_ok=True)
    except OSError as trouble:
        return f"the traceback could not be kept ({trouble.strerror})"
    return f"the traceback is in {file}"
