"""A model file that was dropped on the window: read in a process of its own, then opened in Play."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.gui.drops import source_of

if TYPE_CHECKING:
    from studio.api.files import ImporterSpec
    from studio.gui.studio import Studio

ENDINGS = (".safetensors", ".pkl", ".pt", ".pth")
POLL_SECONDS = 0.2
COMMAND = (sys.executable, "-P", "-m", "studio.cli", "import", "--json")


def may_be_a_model(paths: list[Path], importers: Iterable[ImporterSpec] = ()) -> bool:
    """Whether what was dropped is one file of a kind that carries models, one that a plugin reads among them."""
    if len(paths) != 1 or not paths[0].is_file():
        return False
    name = paths[0].name.lower()
    theirs = () if source_of(paths) else tuple(ending for spec in importers for ending in spec.suffixes)
    return name.endswith((*ENDINGS, *theirs))


def import_model(studio: Studio, path: Path) -> None:
    """Makes a run of the file and shows it in Play; where that cannot be, says why."""
    studio.notify(f"Reading {path.name}. It opens in Play when it is done.")

    def failed(error: Exception) -> None:
        studio.refuse(error, f"{path.name} cannot be imported.", "bad")

    home, closing = studio.store.home, studio.jobs.closing
    studio.jobs.run(studio, lambda: imported_apart(path, home, closing), studio.play_wanted.emit, failed)


def imported_apart(path: Path, home: Path, closing: threading.Event) -> str:
    """The folder of the run that `ganvas import` makes of a file; given up when `closing` is set.

    Building the model draws from torch's global generators, on which training in this process may depend.

    Raises:
        StudioError: it made none, and why.
    """
    from studio.api.errors import StudioError

    environment = {**os.environ, "GANVAS_HOME": str(home)}
    process = subprocess.Popen(
        [*COMMAND, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        while True:
            try:
                said, complaint = process.communicate(timeout=POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if closing.is_set():
                    process.kill()
    if process.returncode == 0:
        return str(json.loads(said.splitlines()[-1])["run"])
    if process.returncode == 2:
        raise StudioError(complaint.strip().splitlines()[-1])
    raise RuntimeError(complaint.strip() or f"the import ended with {process.returncode}")
