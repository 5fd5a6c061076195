"""From what a person types after `--data` to a source of pictures."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from studio.api.data import DataKind, DatasetSpec, SidedSource, Source
from studio.api.errors import StudioError
from studio.data.skipped import left_out_of

if TYPE_CHECKING:
    from studio.data.files import Files

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
    DatasetSpec(
        id="demo:icons-paired",
        title="Icons, outline and filled, in pairs",
        kind=DataKind.PAIRED,
        summary="About 1,800 icon glyphs twice: as a coloured outline, and filled in that colour.",
        source="studio.data.glyph_sides:icons_paired",
        credits={"Material Design Icons": "Apache-2.0"},
    ),
    DatasetSpec(
        id="demo:icons-unpaired",
        title="Icons, outlines and others filled",
        kind=DataKind.UNPAIRED,
        summary="About 900 icon glyphs as outlines, and 900 others filled: no glyph is in both.",
        source="studio.data.glyph_sides:icons_unpaired",
        credits={"Material Design Icons": "Apache-2.0"},
    ),
    DatasetSpec(
        id="demo:icons-layout",
        title="Scenes of icons",
        kind=DataKind.LAYOUT,
        summary="4,000 scenes of 3 to 8 coloured icons of twelve kinds, with their boxes.",
        source="studio.data.scenes:icons_layout",
        credits={"Material Design Icons": "Apache-2.0"},
    ),
)
NOTHING_THERE = "Give a folder or a zip of pictures, COCO's JSON, or demo:icons."


def open_source(text: str, datasets: Iterable[DatasetSpec] = BUILT_IN, wanted: DataKind | None = None) -> Source:
    """The source that `text` means: the id of a data set, a folder, a zip, or COCO's instances JSON.

    Args:
        text: what was typed or chosen.
        datasets: the data sets that are known by id.
        wanted: the kind that a model needs. The same files may be of several: folders A and B are pairs, two domains or
            two classes. None: what they look like.

    Raises:
        StudioError: there is nothing there, or nothing that Ganvas reads, or files cannot be of the wanted kind.
    """
    if not text:
        raise StudioError("No data is named.", NOTHING_THERE)
    known = {spec.id: spec for spec in datasets}
    if text in known:
        return _as(_named(known[text]), wanted)
    if _meant_as_name(text, known):
        raise StudioError(f"There is no data called {text}.", f"Choose from: {', '.join(known)}.")
    path = Path(text).expanduser()
    if not path.exists():
        raise StudioError(f"There is nothing at {text}.", NOTHING_THERE)
    if path.suffix.lower() == ".json" and path.is_file():
        return _coco(path)
    return _of(_files(path), wanted)


def _meant_as_name(text: str, known: Iterable[str]) -> bool:
    """Whether `text` is, or is meant to be, the id of a data set: `demo:flowers` beside `demo:icons`."""
    prefix, colon, _ = text.partition(":")
    return text in known or bool(
        colon and any(one.startswith(f"{prefix}:") for one in known) and not Path(text).exists()
    )


def _named(spec: DatasetSpec) -> Source:
    if spec not in BUILT_IN:
        from studio.data.offered import open_offered

        return open_offered(spec)
    module, _, name = spec.source.partition(":")
    return cast("Source", getattr(importlib.import_module(module), name)())


def _as(source: Source, wanted: DataKind | None) -> Source:
    """Pairs as two domains, where these are wanted; anything else as it is."""
    if wanted is DataKind.UNPAIRED and isinstance(source, SidedSource) and source.kind is DataKind.PAIRED:
        from studio.data.two_sides import TwoSides

        return TwoSides(source.name, wanted, source.domains, source.sides, left_out_of(source))
    return source


def _files(path: Path) -> Files:
    if path.is_dir():
        from studio.data.folder import FolderFiles

        return FolderFiles(path)
    if path.suffix.lower() == ".zip":
        from studio.data.zipped import ZipFiles

        return ZipFiles(path)
    raise StudioError(f"{path.name} is neither a folder nor a zip.", "Give the folder that the pictures are in.")


def _coco(path: Path) -> Source:
    from studio.data.coco import coco
    from studio.data.folder import FolderFiles

    root = path.parent.parent if path.parent.name == "annotations" else path.parent
    return coco(FolderFiles(root), PurePosixPath(path.relative_to(root).as_posix()))


def _of(files: Files, wanted: DataKind | None) -> Source:
    from studio.data import coco, layout_stack, two_sides
    from studio.data.file_stack import FileStack

    match wanted or _looks_like(files):
        case DataKind.PAIRED:
            return two_sides.paired(files)
        case DataKind.UNPAIRED:
            return two_sides.unpaired(files)
        case DataKind.LAYOUT:
            listed = None if layout_stack.has_layouts(files) else coco.coco_file(files)
            return layout_stack.with_layouts(files) if listed is None else coco.coco(files, listed)
    return FileStack(files)


def _looks_like(files: Files) -> DataKind:
    from studio.data import coco, layout_stack, two_sides

    if two_sides.has_sides(files):
        return DataKind.PAIRED if two_sides.has_pairs(files) else DataKind.UNPAIRED
    if layout_stack.has_layouts(files) or coco.is_coco(files):
        return DataKind.LAYOUT
    return DataKind.PAIRED if two_sides.has_halves(files) else DataKind.UNLABELLED
