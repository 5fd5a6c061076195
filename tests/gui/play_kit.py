"""What the tests of the Play page share: an engine that answers, and a latent canvas over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.latent import LatentDocument
from studio.edit.requests import LatentRequest
from studio.engine import commands
from studio.engine.events import ModelFacts, Rendered, RunOpened, RunState, StateChanged

SPACE = LatentSpace(24, groups={"shape": (0, 20)})
FACTS = ModelFacts("tiny", "Tiny", 16, ("LatentSampling",), latent_space=SPACE)


def picture_of(z: np.ndarray, psi: float) -> np.ndarray:
    """A picture, uint8 (16, 16, 3), that says which z and psi made it."""
    marks = np.frombuffer(z.tobytes() + np.float32(psi).tobytes(), np.uint8)
    return np.resize(marks, (16, 16, 3))


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
                    assert isinstance(request.document, LatentDocument)
                    request = LatentRequest.of([request.document], SPACE)
                assert isinstance(request, LatentRequest)
                pictures = np.stack([picture_of(z, request.psi) for z in request.z])
                self._tell(Rendered(wish.client, wish.serial, pictures, 9.0, self.step))
        return count

    def train(self, run: str) -> None:
        """The run is training from now on."""
        self._tell(StateChanged(RunState.TRAINING, run, "tiny", self.step, 1000))

    def stop(self, run: str) -> None:
        """The run has ended."""
        self._tell(StateChanged(RunState.STOPPED, run, "tiny", self.step, 1000))

    def open(self, run: str, facts: ModelFacts = FACTS, *, live: bool = False) -> None:
        """The run can be played with."""
        self._tell(RunOpened(run, facts, live, self.step))
