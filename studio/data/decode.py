"""Decodes one picture file that nobody vouches for: to uint8 RGB of one size, or a reason that a person reads."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.api.errors import StudioError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif"})
READS = "Ganvas reads PNG, JPEG, WebP, BMP, TIFF and GIF."
MAX_PIXELS = 64_000_000
TOO_MANY_PIXELS = f"It has too many pixels; {MAX_PIXELS // 10**6} megapixels is the limit."
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (UnidentifiedImageError, "It is not a picture that Ganvas reads."),
    (Image.DecompressionBombError, TOO_MANY_PIXELS),
    (Image.DecompressionBombWarning, TOO_MANY_PIXELS),
    (FileNotFoundError, "It is no longer there."),
    (PermissionError, "It may not be read."),
    (MemoryError, "It is too large for the memory of this machine."),
)

# Sizes are checked here before anything is decoded; Pillow's own warning would only reach a terminal.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode(file: Path | IO[bytes], resolution: int) -> np.ndarray:
    """The middle square of a picture as uint8 (resolution, resolution, 3).

    Upright by its EXIF orientation, transparency on white, the first frame of an animation.

    Raises:
        StudioError: it cannot be read; the message is the reason.
    """
    with _reasons(), _open(file) as image:
        image.draft("RGB", (2 * resolution, 2 * resolution))
        _check_size(image)
        image.load()
        square = ImageOps.fit(_rgb(_upright(image)), (resolution, resolution), Image.Resampling.LANCZOS)
        return np.asarray(square)


def original_size(file: Path | IO[bytes]) -> tuple[int, int]:
    """Width and height of a picture as a viewer would show it, without decoding it.

    Raises:
        StudioError: it cannot be read; the message is the reason.
    """
    with _reasons(), _open(file) as image:
        width, height = image.size
        return (height, width) if _orientation(image) >= 5 else (width, height)


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Turns whatever Pillow and the codecs below it raise into a reason. They raise nearly anything."""
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
    return Image.open(file, formats=FORMATS)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise StudioError(TOO_MANY_PIXELS)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason to refuse a picture
        return 1


def _upright(image: Image.Image) -> Image.Image:
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(white, with_alpha).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Grey values of 16 or 32 bits, or floats, as uint8. Floats up to 1 are taken as fractions of white."""
    values = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    scale = 255.0 if top <= 1.0 else 1.0 if top <= 255.0 else 255.0 / max(top, 65535.0)
    return np.rint(np.clip(values * scale, 0, 255)).astype(np.uint8)
