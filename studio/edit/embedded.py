"""A square picture inside a document: PNG, written as text so that JSON can hold it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Self

import numpy as np
from PIL import Image

from studio.api.errors import StudioError

LARGEST = 1024

_DAMAGED = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture as a value: equal where the PNG is. It is decoded once, however many documents hold it.

    Attributes:
        text: the PNG in base64.
    """

    text: str

    @classmethod
    def of(cls, pixels: np.ndarray) -> Self:
        """The picture of uint8 (S, S, 3)."""
        content = BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(content, "PNG", optimize=True)
        return cls(base64.b64encode(content.getvalue()).decode())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The picture of a PNG in base64.

        Raises:
            StudioError: it is not a square PNG of at most 1,024 pixels a side, or it is damaged.
        """
        picture = cls(text)
        picture.pixels  # noqa: B018 - decoding is the check
        return picture

    @property
    def size(self) -> int:
        """Bytes of the PNG."""
        return len(self.text) * 3 // 4

    @cached_property
    def pixels(self) -> np.ndarray:
        """Uint8 (S, S, 3).

        Raises:
            StudioError: it cannot be decoded.
        """
        try:
            content = BytesIO(base64.b64decode(self.text, validate=True))
            with Image.open(content, formats=("PNG",)) as image:
                if image.width != image.height or image.width > LARGEST:
                    raise StudioError(
                        f"A picture in the saved edit is {image.width} × {image.height} pixels.",
                        f"Squares of up to {LARGEST:,} pixels can be opened.",
                    )
                return np.asarray(image.convert("RGB"))
        except (*_DAMAGED, binascii.Error) as error:
            raise StudioError("A picture in the saved edit is damaged.", "Use another copy of the file.") from error

    def scaled(self, resolution: int) -> np.ndarray:
        """Uint8 (resolution, resolution, 3): the very pixels where it has that size."""
        if self.pixels.shape[0] == resolution:
            return self.pixels
        resized = Image.fromarray(self.pixels).resize((resolution, resolution), Image.Resampling.LANCZOS)
        return np.asarray(resized)
