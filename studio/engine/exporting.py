"""A run's model in the formats that plugins write. The file is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.api.errors import StudioError
from studio.data.replacing import replaceable
from studio.engine.atomic import TEMPORARY, disk_errors, sync_folder
from studio.engine.plugin_calls import imported, plugin_failures

if TYPE_CHECKING:
    from studio.api.files import ExporterSpec
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run


def write_with(
    spec: ExporterSpec, run: Run, host: PluginHost, path: Path, home: Path, *, step: int | None = None
) -> int:
    """Has a plugin write the checkpoint of `step`, or the newest good one; the file's size in bytes.

    Raises:
        StudioError: the plugin fails or writes nothing, there is no such checkpoint, the disk is full, or there is
            something at `path` that is no file.
    """
    import torch

    from studio.engine.player import load_player

    plugin = host.offering(spec)
    writer = imported(spec.writer, plugin, spec.title, home)
    player = load_player(run, host, torch.device("cpu"), step)
    with disk_errors(path):
        target = replaceable(path)
    with _beside(target) as place:
        with plugin_failures(plugin, f"it wrote {path.name}", home), torch.inference_mode():
            writer(player.model, place)
        if not place.is_file():
            others = ", ".join(sorted(one.name for one in place.parent.iterdir())) or "nothing"
            raise StudioError(
                f"The plugin {plugin.id} was to write {path.name}, and wrote {others}.", "Tell its makers."
            )
        with disk_errors(path):
            return _put(place, target)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A path of the same name in a folder of its own beside `path`: some writers go by the ending."""
    with contextlib.ExitStack() as stack:
        with disk_errors(path):
            folder = tempfile.TemporaryDirectory(
                prefix=f".{path.name}.", suffix=TEMPORARY, dir=path.parent, ignore_cleanup_errors=True
            )
        yield Path(stack.enter_context(folder)) / path.name


def _put(written: Path, path: Path) -> int:
    """Moves a file that is whole to where it belongs, so that it is there after a power cut too; its size."""
    with written.open("rb+") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    written.replace(path)
    sync_folder(path.parent)
    return size
