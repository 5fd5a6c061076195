"""What the walk canvas asks the device for: frames, frozen and picklable.

Each frame is computed alone, so that a picture does not depend on which others were asked for with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.capabilities import LatentSampling, StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import exact, rendering_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel
    from studio.edit.walk import WalkDocument


@dataclass(frozen=True, eq=False)
class ZFrames:
    """N pictures of a walk through z.

    Attributes:
        z: float32 (N, dim).
        psi: N truncations, 0 to 1.
        labels: N classes, for models that have classes.
    """

    z: np.ndarray
    psi: tuple[float, ...]
    labels: tuple[int, ...] | None = None

    def look(self) -> bytes:
        """All that decides the pictures, apart from the weights."""
        return self.z.tobytes() + repr((self.psi, self.labels)).encode()

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1].

        Raises:
            StudioError: the model does not sample from a latent.
        """
        import torch

        if not isinstance(model, LatentSampling):
            raise StudioError("This model makes no pictures from z.", "Choose another canvas.")
        z = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))
        labels = None if self.labels is None else torch.tensor(self.labels, dtype=torch.int64, device=model.device)
        frames = [
            model.sample(z[index, None], psi=psi, labels=None if labels is None else labels[index, None])
            for index, psi in enumerate(self.psi)
        ]
        return torch.cat(frames)


@dataclass(frozen=True, eq=False)
class StyleFrames:
    """N pictures of a walk through w: each on the straight line between the styles of two z.

    Attributes:
        z: float32 (N, 2, dim).
        psi: N pairs of truncations, 0 to 1.
        t: N shares of the second style, 0 to 1.
        labels: N pairs of classes, for models that have classes.
    """

    z: np.ndarray
    psi: tuple[tuple[float, float], ...]
    t: tuple[float, ...]
    labels: tuple[tuple[int, int], ...] | None = None

    def look(self) -> bytes:
        """All that decides the pictures, apart from the weights."""
        return self.z.tobytes() + repr((self.psi, self.t, self.labels)).encode()

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1]. At t = 0 the style is the first one's bit for bit.

        Raises:
            StudioError: the model mixes no styles.
        """
        import torch

        if not isinstance(model, StyleMixing):
            raise StudioError("This model has no w to walk through.", "Let the walk go through z.")
        z = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))

        def style(index: int, end: int) -> Tensor:
            labels = None
            if self.labels is not None:
                labels = torch.tensor([self.labels[index][end]], dtype=torch.int64, device=model.device)
            return model.mapping(z[index, end, None], psi=self.psi[index][end], labels=labels)

        frames = []
        for index, t in enumerate(self.t):
            ws = style(index, 0)
            if t:
                ws = (1 - t) * ws + t * style(index, 1)
            frames.append(model.synthesis(ws))
        return torch.cat(frames)


@dataclass(frozen=True, eq=False)
class ExactFrames:
    """A stretch of a film, for keeps: the pictures that `ganvas render` makes.

    Attributes:
        document: the walk.
        first, stop: the first frame, and one past the last.
    """

    document: WalkDocument
    first: int
    stop: int

    def render(self, model: GanModel) -> Tensor:
        """Float64 (N, 3, H, W) in [-1, 1] on a CPU, the same on every CPU; in the networks' precision elsewhere.

        Raises:
            StudioError: the walk was made with a model that can do other things.
        """
        precise = exact(model)
        return self.document.film(precise, self.first, self.stop).render(precise)
