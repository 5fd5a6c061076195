"""What the tests of the walk canvas share: an engine that draws frames, a walk of four keyframes, and a hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from canvas_kit import Answering, canvases
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.keyframes import Keyframe
from studio.edit.points import LatentPoint
from studio.edit.walk import WalkDocument
from studio.edit.walk_request import ExactFrames, StyleFrames, ZFrames
from studio.engine.events import ModelFacts
from studio.gui.canvases.walk import WalkCanvas
from studio.gui.canvases.walk_lane import RULER, TILE
from studio.gui.canvases.walk_timeline import MARGIN

LEFT = Qt.MouseButton.LeftButton
SPACE = LatentSpace(8)
FACTS = ModelFacts("tiny", "Tiny", 16, ("LatentSampling",), latent_space=SPACE)
STYLED = replace(FACTS, num_ws=4, capabilities=("LatentSampling", "StyleMixing"))
WALK = WalkDocument(tuple(Keyframe(LatentPoint(seed), seconds=1.0) for seed in (1, 2, 3, 4)), fps=25)


def pictures_of(wish: ZFrames | StyleFrames) -> np.ndarray:
    """Pictures, uint8 (N, 16, 16, 3), that say what made them."""
    told = []
    for index, looks in enumerate(wish.looks):
        marks = wish.z[index].tobytes() + b"".join(look.key() for look in looks) + repr(wish.t[index]).encode()
        told.append(np.resize(np.frombuffer(marks, np.uint8), (16, 16, 3)))
    return np.stack(told)


class Walking(Answering):
    """Draws frames.

    Attributes:
        asked: what it was asked.
        films: how many stretches of films.
        most: stretches of films that it answers; later ones wait.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        super().__init__(session, tell)
        self.asked: list[ZFrames | StyleFrames] = []
        self.films = 0
        self.most = 10_000

    def pictures(self, request: Any) -> np.ndarray | None:
        if isinstance(request, ExactFrames):
            self.films += 1
            if self.films > self.most:
                return None
            document = request.document
            request = document.frames(SPACE, [index / document.fps for index in range(request.first, request.stop)])
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, WalkDocument)
            request = request.document.frames(SPACE, [request.document.time])
        assert isinstance(request, ZFrames | StyleFrames)
        self.asked.append(request)
        return pictures_of(request)


def at(canvas: WalkCanvas, seconds: float, y: int = RULER + TILE // 2) -> QPoint:
    """A moment on the timeline."""
    return QPoint(round(MARGIN + canvas.timeline.lane.x(seconds)), y)


def drag(qtbot: QtBot, canvas: WalkCanvas, start: QPoint, end: QPoint) -> None:
    """Drags over the timeline."""
    qtbot.mousePress(canvas.timeline, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(canvas.timeline, start + (end - start) * step / 5)
    qtbot.mouseRelease(canvas.timeline, LEFT, pos=end)


def seeds(canvas: WalkCanvas) -> list[int]:
    """Those of the keyframes."""
    return [one.point.seed for one in canvas.editor.document.keyframes]


def run_until(qtbot: QtBot, engine: Walking, done: Callable[[], bool]) -> None:
    """Waits while the engine goes on answering."""

    def answered() -> bool:
        engine.answer()
        return done()

    qtbot.waitUntil(answered, timeout=20_000)


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Walking:
    return Walking(session, tell)


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., WalkCanvas]]:
    """Makes a walk canvas."""
    with canvases(studio, qtbot, WalkCanvas, "walk") as shown:
        yield lambda facts=FACTS, document=None, keep=None: shown(facts, document, keep)


@pytest.fixture
def canvas(make: Callable[..., WalkCanvas], engine: Walking) -> WalkCanvas:
    """A walk of four keyframes, a second each."""
    made = make(document=WALK.to_json())
    engine.answer()
    return made
