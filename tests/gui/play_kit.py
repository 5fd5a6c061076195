"""What the tests of the Play page share: an engine that answers, and a latent canvas over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from canvas_kit import Answering

from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.latent import LatentDocument
from studio.edit.requests import LatentRequest
from studio.engine.events import ModelFacts, RunOpened

SPACE = LatentSpace(24, groups={"shape": (0, 20)})
FACTS = ModelFacts("tiny", "Tiny", 16, ("LatentSampling",), latent_space=SPACE)


def picture_of(z: np.ndarray, psi: float) -> np.ndarray:
    """A picture, uint8 (16, 16, 3), that says which z and psi made it."""
    marks = np.frombuffer(z.tobytes() + np.float32(psi).tobytes(), np.uint8)
    return np.resize(marks, (16, 16, 3))


class Engine(Answering):
    """Draws points of z."""

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            assert isinstance(request.document, LatentDocument)
            request = LatentRequest.of([request.document], SPACE)
        assert isinstance(request, LatentRequest)
        return np.stack([picture_of(z, request.psi) for z in request.z])

    def open(self, run: str, facts: ModelFacts = FACTS, *, live: bool = False) -> None:
        """The run can be played with."""
        self._tell(RunOpened(run, facts, live, self.step))
