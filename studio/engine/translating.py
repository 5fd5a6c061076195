"""Pictures of one's own, translated for keeps: a function of (run, picture, direction, seed) alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import ImageTranslation, LatentSampling, LayoutRendering
from studio.api.errors import StudioError
from studio.api.requests import TranslationRequest
from studio.engine.player import load_for_keeps

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
        self,
        run: Run,
        host: PluginHost,
        direction: str | None = None,
        *,
        seed: int = 0,
        device: str = "auto",
        step: int | None = None,
    ) -> None:
        """Loads the model, on a CPU in float64, so that a picture does not depend on the processor.

        Args:
            run: whose model.
            host: the plugins.
            direction: one of the model's, `A->B` being from its first domain to its second whatever they are called;
                its first direction where None.
            seed: what dropout is drawn from, where the model keeps it.
            device: where to compute.
            step: of a checkpoint; the newest where None.

        Raises:
            StudioError: the model translates no pictures, or not in that direction, or there is no such checkpoint.
        """
        self._player = load_for_keeps(run, host, device, step)
        facts = self._player.facts
        if not isinstance(self._player.model, ImageTranslation):
            samples = isinstance(self._player.model, LatentSampling | LayoutRendering)
            remedy = "Use `ganvas sample`." if samples else "`ganvas show` says what it can do."
            raise StudioError(f"{facts.title} makes no pictures from pictures.", remedy)
        self.direction = named_direction(direction, facts.directions, self._player.model.data.domains, run.name)
        self.resolution = facts.resolution
        self._seed = seed

    def translate(self, picture: np.ndarray) -> np.ndarray:
        """One picture, uint8 (resolution, resolution, 3), in the other domain."""
        pictures = self._player.render(TranslationRequest(picture[None], self.direction, self._seed))
        made: np.ndarray = pictures[0]
        return made


def named_direction(text: str | None, directions: Sequence[str], domains: tuple[str, str], whose: str) -> str:
    """The direction that `text` means: one of a run's own, or A->B whatever the domains are called; None: the first.

    Raises:
        StudioError: the model does not know it.
    """
    a, b = domains
    named = directions[0] if text is None else {"A->B": f"{a}->{b}", "B->A": f"{b}->{a}"}.get(text, text)
    if named not in directions:
        known = ", ".join(f'"{one}"' for one in directions)
        raise StudioError(f"{whose} does not know {text}.", f"Choose from: {known}, with the quotes.")
    return named
