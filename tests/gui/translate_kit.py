"""What the tests of the translation canvas share: an engine that inverts pictures, and pictures to invert."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from canvas_kit import Answering
from PIL import Image

from studio.api.requests import ExactRequest, TranslationRequest
from studio.edit.embedded import Picture
from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.edit.translation_requests import ChanceRequest, RoundTripRequest
from studio.engine.events import ModelFacts

SIZE = 16
ONE_WAY = ModelFacts("tiny", "Tiny", SIZE, ("ImageTranslation",), directions=("outline->filled",))
BOTH_WAYS = ModelFacts("tiny", "Tiny", SIZE, ("ImageTranslation",), directions=("cats->dogs", "dogs->cats"))


def translated(pictures: np.ndarray, direction: str, seed: int | None) -> np.ndarray:
    """What the engine makes of uint8 (N, H, W, 3)."""
    marked = 255 - pictures
    marked[:, 0, 0] = (len(direction), 0 if seed is None else 1 + seed % 200, 7)
    return marked


class Translating(Answering):
    """Inverts pictures.

    Attributes:
        chance: whether the model leaves anything to it.
        batches: how many pictures each translation had.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        super().__init__(session, tell)
        self.chance = True
        self.batches: list[int] = []

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            document = request.document
            assert isinstance(document, TranslationDocument)
            assert document.shown is not None
            return translated(document.shown.pixels(Paper(SIZE))[None], document.direction, document.seed)
        if isinstance(request, ChanceRequest):
            return np.stack([np.full((SIZE, SIZE, 3), index * self.chance, np.uint8) for index in (0, 1)])
        if isinstance(request, RoundTripRequest):
            there = translated(request.pictures, request.there, request.seed)
            return np.concatenate([there, translated(there, request.back, request.seed)])
        assert isinstance(request, TranslationRequest)
        self.batches.append(len(request.pictures))
        return translated(request.pictures, request.direction, request.seed)


def noise(seed: int, size: int = SIZE) -> np.ndarray:
    """A picture like no other."""
    return np.random.default_rng(seed).integers(256, size=(size, size, 3), dtype=np.uint8)


def given(name: str, seed: int = 0, domain: str = "") -> TranslationInput:
    """A picture for the strip."""
    return TranslationInput(name, Picture.of(noise(seed)), domain=domain)


def pixels(one: TranslationInput) -> np.ndarray:
    """What is translated."""
    return one.pixels(Paper(SIZE))


def picture_file(path: Path, seed: int = 0) -> Path:
    """A picture on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(noise(seed)).save(path)
    return path
