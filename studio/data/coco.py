"""COCO's instances JSON: pictures with labelled boxes, chosen as models of layouts do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from studio.api.data import PlacedObject
from studio.api.errors import StudioError
from studio.data.files import Files, is_picture_name, left_out, readable
from studio.data.layout_files import Box, inside
from studio.data.layout_stack import LayoutStack, read_bytes
from studio.data.skipped import Skipped

FEWEST, MOST = 3, 8
SMALLEST = 0.02
MOST_BYTES = 1_000_000_000
FIELDS = ("images", "annotations", "categories")
REMEDY = "Give COCO's instances JSON, or a folder that holds it and the pictures."


def coco_file(files: Files) -> PurePosixPath | None:
    """The JSON in a place that promises COCO's instances: of several, the one for training, or else the first."""
    found = [path for path in files.paths if path.suffix.lower() == ".json" and _promises(path, files)]
    return min(found, key=lambda path: ("train" not in path.name.lower(), path), default=None)


def is_coco(files: Files) -> bool:
    """Whether a place looks like COCO: it has a JSON whose name says instances."""
    return any(path.suffix.lower() == ".json" and "instances" in path.name.lower() for path in files.paths)


def coco(files: Files, path: PurePosixPath) -> LayoutStack:
    """Pictures with 3 to 8 objects of at least 2% of their area, as sg2im and layout2image choose them (1804.01622,
    appendix; 1811.11389, section 4.1). Every other picture is left out, with the reason.

    Raises:
        StudioError: the JSON is damaged or of another kind, or none of its pictures will do.
    """
    content = _parsed(read_bytes(files, path, MOST_BYTES), path)
    labels, index = _labels(content["categories"], path)
    placed = _annotations(content["annotations"], path)
    pictures = _Finder(files)
    layouts: dict[PurePosixPath, tuple[PlacedObject, ...]] = {}
    skipped: list[Skipped] = []
    for image in content["images"]:
        name = str(image.get("file_name", "a picture without file_name"))
        try:
            where = pictures.find(name)
            layouts[where] = _objects(placed.get(image.get("id"), []), image, index)
        except StudioError as error:
            skipped.append(Skipped(name, error.message))
    if not layouts:
        reason = f" {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        raise StudioError(f"Not one picture of {readable(path)} can be used.{reason}", REMEDY)
    ordered = dict(sorted(layouts.items()))
    unknown = [one for one in left_out(files, [path]) if not one.file.lower().endswith(".json")]
    unlisted = [Skipped(readable(one), "The JSON does not name it.") for one in pictures.never_found()]
    return LayoutStack(files, ordered, labels, (*unknown, *unlisted, *skipped))


def _promises(path: PurePosixPath, files: Files) -> bool:
    """Whether a name is one of COCO's, or a JSON that belongs to no single picture."""
    if "instances" in path.name.lower():
        return True
    pictures = {picture.with_suffix("") for picture in files.paths if is_picture_name(picture)}
    return path.with_suffix("") not in pictures


def _parsed(text: bytes, path: PurePosixPath) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudioError(f"{readable(path)} is not JSON, or it is damaged.", REMEDY) from error
    whole = isinstance(content, dict) and all(
        isinstance(content.get(field), list) and all(isinstance(row, dict) for row in content[field])
        for field in FIELDS
    )
    if not whole:
        raise StudioError(f"{readable(path)} is not COCO's: it needs lists of {', '.join(FIELDS)}.", REMEDY)
    assert isinstance(content, dict)
    return content


def _labels(categories: list[dict[str, Any]], path: PurePosixPath) -> tuple[list[str], Mapping[Any, int]]:
    try:
        rows = sorted({(row["id"], str(row["name"])) for row in categories})
    except (KeyError, TypeError) as error:
        raise StudioError(f"A category in {readable(path)} has no id or no name.", REMEDY) from error
    names = dict(rows)
    if twice := [f"{name} and {names[key]}" for key, name in rows if names[key] != name]:
        raise StudioError(f"Two categories in {readable(path)} have one id: {twice[0]}.", "Give each an id of its own.")
    labels = list(dict.fromkeys(names.values()))
    return labels, {key: labels.index(name) for key, name in rows}


def _annotations(rows: list[dict[str, Any]], path: PurePosixPath) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        if "image_id" not in row:
            raise StudioError(f"An annotation in {readable(path)} has no image_id.", REMEDY)
        found.setdefault(row["image_id"], []).append(row)
    return found


def _objects(rows: list[dict[str, Any]], image: dict[str, Any], index: Mapping[Any, int]) -> tuple[PlacedObject, ...]:
    """Those large enough.

    Raises:
        StudioError: one is damaged, or there are too few or too many.
    """
    if not all(isinstance(image.get(side), int | float) and image[side] > 0 for side in ("width", "height")):
        raise StudioError("The JSON does not give its width and height.")
    found = [PlacedObject(_label(row, index), _box(row, image)) for row in rows]
    large = tuple(one for one in found if one.box[2] * one.box[3] >= SMALLEST)
    if not FEWEST <= len(large) <= MOST:
        raise StudioError(f"It has {len(large)} objects of {SMALLEST:.0%} of it or more; {FEWEST} to {MOST} are used.")
    return large


def _label(row: dict[str, Any], index: Mapping[Any, int]) -> int:
    try:
        return index[row.get("category_id")]
    except (KeyError, TypeError) as error:
        raise StudioError(f"Its annotation {row.get('id')} is of no known category.") from error


def _box(row: dict[str, Any], image: dict[str, Any]) -> Box:
    """Fractions from COCO's pixels; what sticks out is cut off."""
    try:
        width, height = float(image["width"]), float(image["height"])
        x, y, w, h = (float(value) for value in row["bbox"])
        left, top, right, bottom = max(x / width, 0.0), max(y / height, 0.0), (x + w) / width, (y + h) / height
        return inside((left, top, min(right, 1.0) - left, min(bottom, 1.0) - top))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise StudioError(f"Its annotation {row.get('id')} has no usable bbox.") from error


class _Finder:
    """Pictures by what the JSON calls them: their path, or the last part of it, which is what COCO gives. The path may
    have been written on Windows.
    """

    def __init__(self, files: Files) -> None:
        pictures = [path for path in files.paths if is_picture_name(path)]
        self._by_path = {str(path): path for path in pictures}
        self._by_name = {path.name: path for path in reversed(pictures)}
        self._found: set[PurePosixPath] = set()

    def find(self, name: str) -> PurePosixPath:
        """The picture of that name.

        Raises:
            StudioError: it is not there.
        """
        names = PurePosixPath(name).name, PureWindowsPath(name).name
        path = self._by_path.get(name) or self._by_name.get(names[0]) or self._by_name.get(names[1])
        if path is None:
            raise StudioError("It is not there.")
        self._found.add(path)
        return path

    def never_found(self) -> list[PurePosixPath]:
        """Pictures that nothing named, in folders of which others were named."""
        folders = {path.parent for path in self._found}
        return [path for path in self._by_path.values() if path.parent in folders and path not in self._found]
