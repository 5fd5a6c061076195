"""Pictures on their way to files: grids and PNGs."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image

from studio.engine.atomic import write_atomically

GAP = 2


def grid(pictures: np.ndarray, columns: int | None = None) -> np.ndarray:
    """One picture (H', W', 3) of many (N, H, W, 3), row by row, two white pixels apart; near square by default."""
    count, height, width, channels = pictures.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, channels), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = (index // columns) * (height + GAP), (index % columns) * (width + GAP)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def tiles(sheet: np.ndarray, size: int, count: int) -> np.ndarray:
    """The first `count` pictures (N, size, size, 3) of a sheet that `grid` made."""
    columns = (sheet.shape[1] + GAP) // (size + GAP)
    corners = [(index // columns * (size + GAP), index % columns * (size + GAP)) for index in range(count)]
    return np.stack([sheet[top : top + size, left : left + size] for top, left in corners])


def save_png(path: Path, picture: np.ndarray) -> None:
    """Writes one uint8 picture (H, W, 3), atomically."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    write_atomically(path, [buffer.getbuffer()])
