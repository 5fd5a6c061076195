"""What the tests of every canvas share: an engine that answers, and canvases that are closed in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.engine import commands
from studio.engine.events import ModelFacts, Rendered, RunState, StateChanged
from studio.gui.canvases.canvas import Canvas
from studio.gui.canvases.host import CanvasHost

ROUNDS = 10_000
MILLISECONDS = 9.0

Made = TypeVar("Made", bound=Canvas[Any])


class Answering:
    """Answers what a fake session was asked. A kit says in a subclass which pictures a request gets.

    Attributes:
        step: the step whose weights answer.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        self._session = session
        self._tell = tell
        self._seen = 0
        self.step = 100

    def pictures(self, request: Any) -> np.ndarray | None:
        """Uint8 (N, H, W, 3); None where the request has to wait."""
        raise NotImplementedError

    def pending(self) -> list[commands.Render]:
        """The requests that nobody has answered."""
        return [one for one in self._session.asked[self._seen :] if isinstance(one, commands.Render)]

    def answer(self) -> int:
        """Answers every request, and those that follow from the answers; how many there were."""
        count = 0
        for _ in range(ROUNDS):
            pending = self.pending()
            if not pending:
                return count
            self._seen = len(self._session.asked)
            for wish in pending:
                count += 1
                pictures = self.pictures(wish.request)
                if pictures is not None:
                    self._tell(Rendered(wish.client, wish.serial, pictures, MILLISECONDS, self.step))
        raise AssertionError("Every answer leads to another request.")

    def train(self, run: str) -> None:
        """The run is training from now on."""
        self._tell(StateChanged(RunState.TRAINING, run, "tiny", self.step, 1000))

    def stop(self, run: str) -> None:
        """The run has ended."""
        self._tell(StateChanged(RunState.STOPPED, run, "tiny", self.step, 1000))


@contextmanager
def canvases(
    studio: Any, qtbot: QtBot, kind: Callable[..., Made], canvas: str, width: int = 1200
) -> Iterator[Callable[..., Made]]:
    """Makes canvases of one kind, on screen and with the focus; closes them at the end of the test."""
    hosts: list[CanvasHost] = []

    def make(
        facts: ModelFacts, document: Any = None, keep: Path | None = None, run: str = "run", **options: Any
    ) -> Made:
        values = document.to_json() if hasattr(document, "to_json") else document
        name = f"{canvas}-{len(hosts)}"
        hosts.append(CanvasHost(studio, run, facts, name, canvas=canvas, document=values, keep=keep))
        made = kind(hosts[-1], **options)
        qtbot.addWidget(made)
        made.resize(width, 800)
        made.show()
        made.setFocus()
        return made

    yield make
    for host in hosts:
        host.close()


def nameless(canvas: QWidget) -> list[QWidget]:
    """What of the studio's own takes the focus and tells a screen reader nothing."""
    return [
        one
        for one in canvas.findChildren(QWidget)
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not one.accessibleName()
        and not getattr(one, "text", str)()
        and type(one).__module__.startswith("studio.")
    ]
