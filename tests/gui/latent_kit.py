"""What the tests of the latent canvas's sections share: canvases that close, of a model with styles too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from canvas_kit import canvases
from play_kit import FACTS, Engine
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from studio.api.canvas import Progress
from studio.edit.directions import Directions
from studio.engine import commands
from studio.engine.events import Progressed
from studio.gui.canvases.latent import LatentCanvas

STYLE_FACTS = replace(FACTS, capabilities=("LatentSampling", "StyleMixing"), num_ws=6)
VECTORS = np.random.RandomState(0).randn(3, 8).astype(np.float32)
SHARES = np.array([0.5, 0.3, 0.1])

Make = Callable[..., LatentCanvas]


def directions(step: int = 100) -> Directions:
    """Three of them, through w."""
    return Directions.of(VECTORS, SHARES, "w", step)


def drag(qtbot: QtBot, widget: QWidget, *places: QPoint) -> None:
    """Presses at the first place, moves through the others and lets go at the last."""
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        at, beyond = QPointF(place), QPointF(widget.mapToGlobal(place))
        nothing, left, plain = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, beyond, nothing, left, plain))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=places[-1])


def opened(canvas: LatentCanvas, name: str) -> Any:
    """What a section that folds holds, unfolded and scrolled into view."""
    section = getattr(canvas.panel, name)
    section.set_open(True)
    QApplication.processEvents()
    area = section.window().findChild(QScrollArea)
    area.ensureWidgetVisible(section.content)
    QApplication.processEvents()
    return section.content


def tell_found(session: Any, tell: Callable[..., None], *, done: int = 10_000) -> None:
    """The engine's answer to the newest search: `done` of 10,000 seeds, with vectors once it is complete."""
    wish = session.last(commands.Begin)
    values = {"vectors": VECTORS, "shares": SHARES} if done == 10_000 else {}
    finished = done == 10_000
    tell(Progressed(wish.client, wish.serial, 100, Progress(done, 10_000, values=values), finished))


@pytest.fixture
def engine(session: Any, tell: Callable[..., None]) -> Engine:
    return Engine(session, tell)


@pytest.fixture
def make(studio: Any, engine: Engine, qtbot: QtBot) -> Iterator[Make]:
    """Makes a latent canvas that shows its first picture."""
    with canvases(studio, qtbot, LatentCanvas, "latent") as shown:

        def made(facts: Any = STYLE_FACTS, **options: Any) -> LatentCanvas:
            canvas = shown(facts, **options)
            engine.answer()
            return canvas

        yield made
