"""What the tests of the translation canvas share: an engine that inverts pictures, pictures to invert, and a hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from canvas_kit import Answering, canvases
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studio.api.requests import ExactRequest, TranslationRequest
from studio.edit.embedded import Picture
from studio.edit.strokes import Paper
from studio.edit.translation import TranslationDocument, TranslationInput
from studio.edit.translation_requests import ChanceRequest, RoundTripRequest
from studio.engine.events import ModelFacts
from studio.gui.canvases.translate import TranslateCanvas
from studio.gui.widgets.picture import to_qimage

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


def names(canvas: TranslateCanvas) -> list[str]:
    """What the pictures of the strip are called."""
    return [one.name for one in canvas.editor.document.inputs]


def shows(canvas: TranslateCanvas) -> bool:
    """Whether input and translation are those of the document, to the bit."""
    document = canvas.editor.document
    assert document.shown is not None
    before = pixels(document.shown)
    after = translated(before[None], document.direction, document.seed)[0]
    return np.array_equal(canvas.stage.hero.pixels, after) and same(canvas.stage.paper.image(), before)


def same(image: QImage, picture: np.ndarray) -> bool:
    """Whether what is on screen is the picture, to the bit."""
    return image == to_qimage(picture)


def press(
    qtbot: QtBot,
    canvas: TranslateCanvas,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """A key, on the large picture."""
    qtbot.keyClick(canvas.stage.hero, key, modifiers)


def draw(qtbot: QtBot, canvas: TranslateCanvas, *places: tuple[float, float]) -> None:
    """Draws from place to place, in fractions of the paper."""
    paper = canvas.stage.paper
    around = paper.picture_rect()
    at = [
        QPoint(round(around.left() + x * around.width()), round(around.top() + y * around.height())) for x, y in places
    ]
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton, pos=at[0])
    for point in at[1:]:
        qtbot.mouseMove(paper, point)
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=at[-1])


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Translating:
    return Translating(session, tell)


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., TranslateCanvas]]:
    """Makes a translation canvas: of pictures, or of a document."""
    with canvases(studio, qtbot, TranslateCanvas, "translate") as shown:

        def made(
            facts: ModelFacts = BOTH_WAYS, *inputs: TranslationInput, document: Any = None, **options: Any
        ) -> TranslateCanvas:
            if document is None and inputs:
                document = TranslationDocument(inputs, direction=facts.directions[0])
            return shown(facts, document, **options)

        yield made


@pytest.fixture
def canvas(make: Callable[..., TranslateCanvas], engine: Translating) -> TranslateCanvas:
    """Three pictures, the first of them shown."""
    made = make(BOTH_WAYS, given("tom", 1), given("kit", 2), given("rex", 3))
    engine.answer()
    return made
