"""The models that come with the studio, each a run of the home from when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

import studio_resources
from studio.api.errors import StudioError
from studio.engine.pictures import grid, save_png
from studio.engine.portable import keep_portable, read_portable
from studio.engine.runs import RECORD, Run

if TYPE_CHECKING:
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore
    from studio_resources import Starter

PREFIX = "starter:"
FOLDER = "starter-"


def find_run(store: RunStore, host: Callable[[], PluginHost], text: str) -> Run:
    """The run that `text` means: whatever `RunStore.find` knows, `starter:NAME`, or `starter-NAME`, there or not yet.

    Raises:
        StudioError: there is none.
    """
    wanted = text if text.startswith(PREFIX) else reference(text)
    if not wanted.startswith(PREFIX):
        return store.find(text)
    return open_starter(store, host(), wanted.removeprefix(PREFIX))


def reference(run: str) -> str:
    """What a saved edit calls the run of that name: `starter:NAME` for a starter model's, which every home can make."""
    name = run.removeprefix(FOLDER)
    known = name != run and any(starter.name == name for starter in studio_resources.starters())
    return f"{PREFIX}{name}" if known else run


def open_starter(store: RunStore, host: PluginHost, name: str) -> Run:
    """The run `starter-NAME`, made where it is not there yet. Needs no torch, and may be called from many processes.

    Raises:
        StudioError: no such model came with the studio, its plugin is missing, or the disk is full.
    """
    run = f"{FOLDER}{name}"
    if (store.folder / run / RECORD).is_file():
        return Run.load(store.folder / run)
    shelf = {starter.name: starter for starter in studio_resources.starters()}
    if name not in shelf:
        known = f"Choose from: {', '.join(PREFIX + each for each in shelf)}." if shelf else "None came with it."
        raise StudioError(f"No starter model is called {name!r}.", known)
    starter = shelf[name]
    model = read_portable(starter.model)
    made = keep_portable(store, host, model, starter.model.name, data=starter.data, name=run, check=False)
    save_png(made.sample_path(made.record.step), grid(pictures_of(starter)))
    return made


def pictures_of(starter: Starter) -> np.ndarray:
    """Pictures that a starter model made, uint8 (N, H, W, 3)."""
    with Image.open(starter.picture, formats=["PNG"]) as image:
        sheet = np.asarray(image.convert("RGB"))
    side = starter.cell
    rows, columns = sheet.shape[0] // side, sheet.shape[1] // side
    cells = sheet[: rows * side, : columns * side].reshape(rows, side, columns, side, 3)
    return cells.swapaxes(1, 2).reshape(-1, side, side, 3)
