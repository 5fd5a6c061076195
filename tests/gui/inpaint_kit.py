"""What the tests of the inpainting canvas share: an engine that fills holes with one colour each."""

from __future__ import annotations

from typing import Any

import numpy as np
from canvas_kit import Answering

from studio.api.canvas import Progress
from studio.api.capabilities import LatentSpace
from studio.api.requests import ExactRequest
from studio.edit.inpaint import Candidate, InpaintDocument
from studio.edit.inpaint_mask import MaskSheet
from studio.edit.inpaint_request import InpaintRequest
from studio.edit.inpaint_search import InpaintSearch
from studio.edit.latent import LatentDocument
from studio.engine import commands
from studio.engine.events import ModelFacts, Progressed, RenderFailed

SIZE = 16
DIM = 4
FACTS = ModelFacts("tiny", "Tiny", SIZE, ("LatentSampling", "Realism"), latent_space=LatentSpace(DIM))
CLASSES = ModelFacts(
    "tiny", "Tiny", SIZE, ("LatentSampling", "Realism"), latent_space=LatentSpace(DIM), labels=("cat", "dog")
)


def noise(seed: int, size: int = SIZE) -> np.ndarray:
    """A picture like no other."""
    return np.random.default_rng(seed).integers(256, size=(size, size, 3), dtype=np.uint8)


def latents(seeds: tuple[int, ...]) -> np.ndarray:
    """What a search finds from seeds: its first number is the colour of the filling."""
    return np.stack([np.full(DIM, seed % 200 + 20, np.float32) for seed in seeds])


def filled(photo: np.ndarray, cover: np.ndarray, latent: np.ndarray) -> np.ndarray:
    """What the engine makes of uint8 (S, S, 3) and a latent."""
    return np.where(cover[..., None] > 0, np.uint8(latent[0]), photo)


def candidate(seed: int, loss: float) -> Candidate:
    """One that was found."""
    return Candidate.of(seed, "z", latents((seed,))[0], loss, loss / 100, 0.5)


class Filling(Answering):
    """Fills holes with one colour each, and searches as far as it is told."""

    def pictures(self, request: Any) -> np.ndarray:
        if isinstance(request, ExactRequest):
            document = request.document
            if isinstance(document, LatentDocument):
                return noise(document.seed)[None]
            assert isinstance(document, InpaintDocument)
            assert document.best is not None
            cover = document.cover(MaskSheet(SIZE))
            return filled(document.pixels(SIZE), cover, document.best.values)[None]
        assert isinstance(request, InpaintRequest)
        return np.stack([filled(request.photo, request.cover, one) for one in request.latents])

    @property
    def search(self) -> InpaintSearch:
        """The newest search that was wished for."""
        request = self._session.last(commands.Begin).request
        assert isinstance(request, InpaintSearch)
        return request

    def advance(self, done: int, *, losses: list[float] | None = None, finished: bool = False) -> None:
        """Tells how far the newest search is."""
        begun, search = self._session.last(commands.Begin), self.search
        count = len(search.seeds)
        found = latents(search.seeds)
        loss = np.array(losses or range(1, count + 1), np.float32)
        values = {"space": np.array("z"), "latent": found, "loss": loss, "mismatch": loss / 100, "realism": -loss}
        pictures = np.stack([filled(search.photo, search.cover, one) for one in found])
        progress = Progress(done, search.iterations, pictures, values)
        self._tell(Progressed(begun.client, begun.serial, self.step, progress, finished))

    def fail(self, message: str) -> None:
        """The newest search cannot be done."""
        begun = self._session.last(commands.Begin)
        self._tell(RenderFailed(begun.client, begun.serial, message))

    def cancelled(self) -> bool:
        """Whether the newest search was left."""
        asked = [type(one) for one in self._session.asked]
        return commands.Cancel in asked[asked.index(commands.Begin) :]
