"""What the tests of the layout canvas share: an engine that paints boxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from studio.api.requests import ExactRequest, LayoutRequest
from studio.edit.layout import LayoutDocument, LayoutObject
from studio.engine import commands
from studio.engine.events import ModelFacts, Rendered, RunState, StateChanged

LABELS = ("cat", "kite", "star", "tree")
FACTS = ModelFacts("painter", "Painter", 32, ("LayoutRendering",), labels=LABELS)
CAT = LayoutObject("cat", (0.1, 0.1, 0.3, 0.3), 5)
KITE = LayoutObject("kite", (0.5, 0.55, 0.25, 0.25), 6)
STAR = LayoutObject("star", (0.6, 0.05, 0.2, 0.2), 7)
DOCUMENT = LayoutDocument((CAT, KITE, STAR))


def pictures_of(request: LayoutRequest) -> np.ndarray:
    """Pictures, uint8 (N, 32, 32, 3), that say what was asked for."""
    made = []
    for row in range(len(request.boxes)):
        asked = (request.boxes[row], request.labels[row], request.present[row], request.seeds[row])
        marks = np.frombuffer(b"".join(values.tobytes() for values in asked), np.uint8)
        made.append(np.resize(marks, (32, 32, 3)))
    return np.stack(made)


class Engine:
    """Answers what a fake session was asked.

    Attributes:
        step: the step whose weights answer.
    """

    def __init__(self, session: Any, tell: Callable[..., None]) -> None:
        self._session = session
        self._tell = tell
        self._seen = 0
        self.step = 100

    def pending(self) -> list[commands.Render]:
        """The requests that nobody has answered."""
        return [one for one in self._session.asked[self._seen :] if isinstance(one, commands.Render)]

    def answer(self) -> int:
        """Answers every request, and those that follow from the answers; how many there were."""
        count = 0
        while pending := self.pending():
            self._seen = len(self._session.asked)
            for wish in pending:
                count += 1
                request = wish.request
                if isinstance(request, ExactRequest):
                    assert isinstance(request.document, LayoutDocument)
                    request = request.document.request(LABELS)
                assert isinstance(request, LayoutRequest)
                self._tell(Rendered(wish.client, wish.serial, pictures_of(request), 9.0, self.step))
        return count

    def train(self, run: str) -> None:
        """The run is training from now on."""
        self._tell(StateChanged(RunState.TRAINING, run, "painter", self.step, 1000))
