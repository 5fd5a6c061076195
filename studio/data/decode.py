"""Decodes one picture file that nobody vouches for: to uint8 RGB of one size, or a reason that a person reads."""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, UnidentifiedImageError

from studio.api.errors import StudioError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif"})
READS = "Ganvas reads PNG, JPEG, WebP, BMP, TIFF and GIF."
NO_PICTURE = "It is not a picture that Ganvas reads."

TWICE_AS_WIDE = (1.95, 2.05)

MAX_PIXELS = 64_000_000
LARGE_PIXELS = 8_000_000
ORIENTATION_TAG = 0x0112
TOO_MANY_PIXELS = f"It has too many pixels; {MAX_PIXELS // 10**6} megapixels is the limit."
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (UnidentifiedImageError, NO_PICTURE),
    (Image.DecompressionBombError, TOO_MANY_PIXELS),
    (FileNotFoundError, "It is no longer there."),
    (PermissionError, "It may not be read."),
    (MemoryError, "It is too large for the memory of this machine."),
)

# What Pillow would log of a damaged TIFF is in the reason already.
logging.getLogger("PIL").setLevel(logging.CRITICAL)

_one_large_picture_at_a_time = threading.Lock()


class Part(StrEnum):
    """Which part of a picture becomes a square."""

    MIDDLE = "middle"
    """The largest square in the middle."""
    STRETCHED = "stretched"
    """All of it, its sides made equal."""
    LEFT = "left"
    """The left one of two squares side by side."""
    RIGHT = "right"
    """The right one."""


def decode(file: Path | IO[bytes], resolution: int, part: Part = Part.MIDDLE) -> np.ndarray:
    """A square of a picture as uint8 (resolution, resolution, 3).

    Upright by its EXIF orientation, transparency on white, the first frame of an animation. A file that is cut short is
    refused, not filled with grey. Colour profiles are not applied.

    Raises:
        StudioError: it cannot be read; the message is the reason.
    """
    with _reasons(), _open(file) as image:
        image.draft("RGB", (2 * resolution, 2 * resolution))
        with _room_for(image):
            image.load()
            square = _scaled(_flat(image), part, resolution)
        return np.asarray(_upright(square, _orientation(image)))


def original_size(file: Path | IO[bytes]) -> tuple[int, int]:
    """Width and height of a picture as a viewer would show it, without decoding it.

    Raises:
        StudioError: it cannot be read; the message is the reason.
    """
    with _reasons(), _open(file) as image:
        width, height = image.size
        return (height, width) if _orientation(image) >= 5 else (width, height)


def is_two_squares(size: tuple[int, int]) -> bool:
    """Whether a picture of that width and height is two squares side by side."""
    return TWICE_AS_WIDE[0] <= size[0] / size[1] <= TWICE_AS_WIDE[1]


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Turns whatever Pillow and the codecs below it raise into a reason. They raise nearly anything."""
    # Pillow also remarks on odd files in warnings, which nobody at a window can see. The filter has to be set anew:
    # whoever uses `warnings.catch_warnings` takes it away again.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        yield
    except StudioError:
        raise
    except Exception as error:
        raise StudioError(_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and "truncated" in str(error).lower():
        return "It is cut short."
    return next((reason for kind, reason in REASONS if isinstance(error, kind)), "It is damaged.")


def _open(file: Path | IO[bytes]) -> Image.Image:
    if isinstance(file, Path) and file.stat().st_size == 0:
        raise StudioError("It is empty.")
    image = Image.open(file, formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        image.close()
        raise StudioError(TOO_MANY_PIXELS)
    return image


def _room_for(image: Image.Image) -> contextlib.AbstractContextManager[object]:
    """Large pictures take hundreds of megabytes each: threads that decode wait for one another there."""
    large = image.width * image.height > LARGE_PIXELS
    return _one_large_picture_at_a_time if large else contextlib.nullcontext()


def _flat(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled: L, RGB or another without palette and transparency."""
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if image.mode == "PA" or (image.mode != "RGBA" and "transparency" in image.info):
        image = image.convert("RGBA")
    if image.mode in ("LA", "RGBA"):
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image)
        return ground
    return image.convert("RGB") if image.mode in ("1", "P") else image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey values of 16 or 32 bits, or floats, as eight bits. Floats up to 1 are taken as fractions of white."""
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    if image.mode.startswith("I;16"):
        white = 65535.0
    else:
        white = 1.0 if top <= 1.0 else 255.0 if top <= 255.0 else max(top, 65535.0)
    values *= 255.0 / white
    return Image.fromarray(values.round(out=values).clip(0, 255, out=values).astype(np.uint8))


def _scaled(image: Image.Image, part: Part, resolution: int) -> Image.Image:
    """A part as a square. The first steps of a large reduction are whole factors, for speed."""
    if part in (Part.LEFT, Part.RIGHT):
        image = _half(image, part)  # cropped first: a box to `resize` would let the other side shine through its edge
    width, height = image.size
    box: tuple[float, float, float, float] = (0, 0, width, height)
    if part is Part.MIDDLE:
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    scaled = image.resize((resolution, resolution), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return scaled.convert("RGB")


def _half(image: Image.Image, part: Part) -> Image.Image:
    width, height = image.size
    if not is_two_squares(image.size):
        raise StudioError(f"It is not two squares side by side: it has {width} x {height} pixels.")
    middle = width // 2
    return image.crop((0, 0, middle, height) if part is Part.LEFT else (width - middle, 0, width, height))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason to refuse a picture
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if turn is None else image.transpose(turn)
