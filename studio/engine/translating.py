"""Pictures of one's own, translated for keeps: a function of (run, picture, direction, seed) alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import ImageTranslation
from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.engine.device import choose_device
from studio.engine.player import load_player

if TYPE_CHECKING:
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run


class Translator:
    """A run's model, ready to translate in one direction.

    Attributes:
        direction: the direction.
        resolution: height and width of the pictures that it takes and gives.
    """

    def __init__(
        self, run: Run, host: PluginHost, direction: str | None = None, *, seed: int = 0, device: str = "auto"
    ) -> None:
        """Loads the model, on a CPU in float64, so that a picture does not depend on the processor.

        Args:
            run: whose model.
            host: the plugins.
            direction: one of the model's; its first where None.
            seed: what dropout is drawn from, where the model keeps it.
            device: where to compute.

        Raises:
            StudioError: the model translates no pictures, or not in that direction.
        """
        self._player = load_player(run, host, choose_device(device)).exact()
        facts = self._player.facts
        if not isinstance(self._player.model, ImageTranslation):
            raise StudioError(f"{facts.title} makes no pictures from pictures.", "Use `ganvas sample`.")
        if direction is not None and direction not in facts.directions:
            raise StudioError(f"{run.name} does not know {direction}.", f"Choose from: {', '.join(facts.directions)}.")
        self.direction = direction or facts.directions[0]
        self.resolution = facts.resolution
        self._seed = seed

    def translate(self, picture: np.ndarray) -> np.ndarray:
        """One picture, uint8 (resolution, resolution, 3), in the other domain."""
        pictures = self._player.render(TranslationRequest(picture[None], self.direction, self._seed))
        made: np.ndarray = pictures[0]
        return made
