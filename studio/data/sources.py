"""From what a person types after `--data` to a source of pictures."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from studio.api.data import DataKind, DatasetSpec, PictureSource
from studio.api.errors import StudioError

BUILT_IN: tuple[DatasetSpec, ...] = (
    DatasetSpec(
        id="demo:icons",
        title="Icons",
        kind=DataKind.UNLABELLED,
        summary="About 7,300 icon glyphs in colour, rendered here; nothing is downloaded.",
        source="studio.data.glyphs:icons",
        credits={"Material Design Icons": "Apache-2.0"},
    ),
    DatasetSpec(
        id="demo:icons-labelled",
        title="Icons, filled and outline",
        kind=DataKind.LABELLED,
        summary="About 3,700 icon glyphs that come in both styles, labelled filled or outline.",
        source="studio.data.glyphs:icons_labelled",
        credits={"Material Design Icons": "Apache-2.0"},
    ),
)


def open_source(text: str, datasets: Iterable[DatasetSpec] = BUILT_IN) -> PictureSource:
    """The source that `text` means: the id of a data set, a folder or a zip.

    Raises:
        StudioError: there is nothing there, or nothing that Ganvas reads.
    """
    known = {spec.id: spec for spec in datasets}
    if text in known:
        module, _, name = known[text].source.partition(":")
        return cast("PictureSource", getattr(importlib.import_module(module), name)())
    if text.startswith("demo:"):
        raise StudioError(f"There is no data called {text}.", f"Choose from: {', '.join(known)}.")
    path = Path(text).expanduser()
    if path.is_dir():
        from studio.data.folder import FolderSource

        return FolderSource(path)
    if not path.exists():
        raise StudioError(f"There is nothing at {text}.", "Give a folder or a zip of pictures, or demo:icons.")
    if path.suffix.lower() == ".zip":
        from studio.data.zipped import ZipSource

        return ZipSource(path)
    raise StudioError(f"{path.name} is neither a folder nor a zip.", "Give the folder that the pictures are in.")
