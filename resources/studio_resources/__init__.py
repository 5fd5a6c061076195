"""Typefaces, icons and starter models shipped with the studio."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


def typefaces() -> list[Path]:
    """The font files. Inter 4.1 (OFL-1.1, see Inter-LICENSE.txt), cut to Latin, Greek, Cyrillic and signs."""
    return sorted((FOLDER / "fonts").glob("*.ttf"))


def icon(name: str) -> Path:
    """The file of an icon that the stylesheet needs."""
    return FOLDER / "icons" / f"{name}.svg"


@dataclass(frozen=True)
class Starter:
    """A model to play with at once. `packaging/make_starters.py` trains it and writes its files.

    Attributes:
        name: what stands after `starter:`.
        model_id: the model that it is one of.
        title, sentence: what a person reads.
        data: the id of the data set that it learnt from.
        credit: whose pictures these are, and their licences.
        canvas: the id of the canvas that shows it best.
        cell: the side of one picture in `picture`, in pixels, the model's own resolution.
        model: the model file, as `ganvas export` writes it.
        picture: a PNG of pictures that it made, edge to edge.
    """

    name: str
    model_id: str
    title: str
    sentence: str
    data: str
    credit: str
    canvas: str
    cell: int
    model: Path
    picture: Path


def starters(folder: Path = FOLDER / "starters") -> list[Starter]:
    """The starter models that are there, in the order in which they are offered."""
    found = [(json.loads(path.read_text("utf-8")), path) for path in folder.glob("*.json")]
    return [
        Starter(
            path.stem,
            words["model"],
            words["title"],
            words["sentence"],
            words["data"],
            words["credit"],
            words["canvas"],
            words["cell"],
            path.with_suffix(".safetensors"),
            path.with_suffix(".png"),
        )
        for words, path in sorted(found, key=lambda one: one[0]["order"])
        if path.with_suffix(".safetensors").is_file()
    ]
