"""What the tests of the layout canvas share: an engine that paints boxes, and a hand on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from canvas_kit import Answering, canvases
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.api.requests import ExactRequest, LayoutRequest
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.engine.events import ModelFacts
from studio.gui.canvases.layout import LayoutCanvas

LABELS = ("cat", "kite", "star", "tree")
FACTS = ModelFacts("painter", "Painter", 32, ("LayoutRendering",), labels=LABELS)
CAT = LayoutObject("cat", (0.1, 0.1, 0.3, 0.3), 5)
KITE = LayoutObject("kite", (0.5, 0.55, 0.25, 0.25), 6)
STAR = LayoutObject("star", (0.6, 0.05, 0.2, 0.2), 7)
DOCUMENT = LayoutDocument((CAT, KITE, STAR))
LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


def pictures_of(request: LayoutRequest) -> np.ndarray:
    """Pictures, uint8 (N, 32, 32, 3), that say what was asked for."""
    made = []
    for row in range(len(request.boxes)):
        asked = (request.boxes[row], request.labels[row], request.present[row], request.seeds[row])
        marks = np.frombuffer(b"".join(values.tobytes() for values in asked), np.uint8)
        made.append(np.resize(marks, (32, 32, 3)))
    return np.stack(made)


class Engine(Answering):
    """Paints boxes."""

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, LayoutDocument)
            request = request.document.request(LABELS)
        assert isinstance(request, LayoutRequest)
        return pictures_of(request)


def shows(canvas: LayoutCanvas) -> bool:
    """Whether the picture is that of the document, to the bit."""
    return np.array_equal(canvas.hero.pixels, pictures_of(canvas.editor.document.request(LABELS))[0])


def box(canvas: LayoutCanvas, place: int) -> tuple[float, ...]:
    """Where an object is."""
    return canvas.editor.document.objects[place].box


def close_to(*values: float) -> Any:
    """Within a pixel of the screen."""
    return pytest.approx(values, abs=0.004)


def at(canvas: LayoutCanvas, x: float, y: float) -> QPoint:
    """A point of the picture, on the page."""
    page = canvas.view.page()
    return QPointF(page.left() + x * page.width(), page.top() + y * page.height()).toPoint()


def drag(
    qtbot: QtBot,
    canvas: LayoutCanvas,
    start: tuple[float, float],
    stop: tuple[float, float],
    modifiers: Qt.KeyboardModifier = ALT,
    *,
    release: bool = True,
) -> None:
    """Drags over the page, without snapping unless other modifiers are given."""
    view = canvas.view
    qtbot.mousePress(view, LEFT, modifiers, at(canvas, *start))
    for step in range(1, 9):
        x, y = (a + (b - a) * step / 8 for a, b in zip(start, stop, strict=True))
        move(view, at(canvas, x, y), modifiers)
    if release:
        qtbot.mouseRelease(view, LEFT, modifiers, at(canvas, *stop))


def move(view: QWidget, position: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    """Moves the pressed mouse; Qt's own test move knows no modifiers."""
    local = QPointF(position)
    event = QMouseEvent(QEvent.Type.MouseMove, local, view.mapToGlobal(local), Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(view, event)


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def make(studio: Any, qtbot: QtBot) -> Iterator[Callable[..., LayoutCanvas]]:
    """Makes a layout canvas."""
    with canvases(studio, qtbot, LayoutCanvas, "layout", width=1300) as shown:
        yield lambda document=DOCUMENT, facts=FACTS, keep=None: shown(facts, document, keep)


@pytest.fixture
def canvas(make: Callable[..., LayoutCanvas], engine: Engine) -> LayoutCanvas:
    """Three boxes, painted."""
    made = make()
    engine.answer()
    return made
