"""Edits on disk: an envelope around any canvas's document, as a JSON file or inside the PNG that it made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from studio.api.errors import StudioError
from studio.edit import checked
from studio.edit.whole_files import write_whole

VERSION = 1
CHUNK = "ganvas"
MAX_BYTES = 16 * 2**20
MAX_PIXELS = 2**26

_DAMAGED = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)

_ENCODERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    ".png": ("PNG", {"compress_level": 6}),
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".webp": ("WEBP", {"lossless": True}),
}


@dataclass(frozen=True)
class EditEnvelope:
    """A document, the canvas that it belongs to, and the weights that it was seen with.

    Attributes:
        canvas: the canvas's id.
        run: the run's name.
        step: the step whose weights made the picture.
        document: the canvas's own values, JSON-ready.
    """

    canvas: str
    run: str
    step: int
    document: Mapping[str, Any]

    def to_text(self) -> str:
        """The envelope as JSON."""
        values = {
            "ganvas": VERSION,
            "canvas": self.canvas,
            "run": self.run,
            "checkpoint step": self.step,
            "document": dict(self.document),
        }
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The envelope that `to_text` wrote.

        Raises:
            StudioError: it is not an edit, or one of a newer version.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise StudioError("This is not a saved edit: it is not JSON.", "Choose a file that Ganvas saved.") from None
        if not isinstance(values, dict) or "ganvas" not in values:
            raise StudioError("This is JSON, but not a saved edit.", "Choose a file that Ganvas saved.")
        if checked.whole(values["ganvas"], "ganvas", 1, 2**31) > VERSION:
            raise StudioError("This edit was saved by a newer Ganvas.", "Update Ganvas to open it.")
        return cls(
            canvas=checked.text(values.get("canvas"), "canvas"),
            run=checked.text(values.get("run"), "run"),
            step=checked.whole(values.get("checkpoint step", 0), "checkpoint step", 0, 2**63),
            document=checked.mapping(values.get("document"), "document"),
        )


def write_envelope(path: Path, envelope: EditEnvelope) -> None:
    """Writes an edit as a JSON file: the whole of it or nothing.

    Raises:
        StudioError: it cannot be written.
    """
    _written(path, lambda: write_whole(path, (envelope.to_text() + "\n").encode()))


def read_envelope(path: Path) -> EditEnvelope:
    """The edit in a JSON file, or the one that a PNG carries.

    Raises:
        StudioError: there is none, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StudioError(f"{path.name} cannot be read: {error.strerror}.") from error
    if content.startswith(b"\x89PNG"):
        return EditEnvelope.from_text(_carried(path))
    if len(content) > MAX_BYTES:
        raise StudioError(f"{path.name} is not a saved edit.", "Choose a file that Ganvas saved.")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise StudioError(
            f"{path.name} carries no edit.", "PNG pictures saved by Ganvas carry theirs; JPEG and WebP do not."
        ) from None
    return EditEnvelope.from_text(text)


def save_picture(path: Path, pixels: np.ndarray, envelope: EditEnvelope | None = None) -> None:
    """Writes a picture, uint8 (H, W, 3), whole or not at all, as its name's ending says; a PNG carries `envelope`.

    Raises:
        StudioError: an ending that is not .png, .jpg, .jpeg or .webp, or it cannot be written.
    """
    encoder = _ENCODERS.get(path.suffix.lower())
    if encoder is None:
        raise StudioError(f"{path.name} does not end in a kind of picture.", "Use .png, .jpg or .webp.")
    kind, options = encoder
    carried = {"pnginfo": _chunk(envelope)} if kind == "PNG" and envelope is not None else {}
    content = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(content, kind, **options, **carried)
    _written(path, lambda: write_whole(path, content.getvalue()))


def load_pixels(path: Path) -> np.ndarray:
    """The pixels of a picture that `save_picture` wrote: uint8 (H, W, 3).

    Raises:
        StudioError: it is not such a picture, or it is damaged or too large.
    """
    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            _check_size(path, image)
            return np.asarray(image.convert("RGB"))
    except _DAMAGED as error:
        raise StudioError(f"{path.name} cannot be read as a picture.") from error


def _chunk(envelope: EditEnvelope) -> PngInfo:
    info = PngInfo()
    info.add_itxt(CHUNK, envelope.to_text())
    return info


def _carried(path: Path) -> str:
    try:
        with Image.open(path, formats=("PNG",)) as image:
            text = image.info.get(CHUNK)
            if text is None and isinstance(image, PngImageFile):
                _check_size(path, image)
                text = image.text.get(CHUNK)
    except _DAMAGED as error:
        raise StudioError(f"{path.name} is a damaged PNG.", "Use another copy of it.") from error
    if not isinstance(text, str):
        raise StudioError(f"{path.name} carries no edit.", "Only PNG pictures saved by Ganvas do.")
    return text


def _check_size(path: Path, image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise StudioError(f"{path.name} is {image.width} × {image.height} pixels, which is more than Ganvas opens.")


def _written(path: Path, write: Callable[[], None]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise StudioError(
            f"{path.name} could not be written: {error.strerror}.", "Choose another folder, or make room and try again."
        ) from error
