"""Looking for the directions that a model's pictures vary in: principal components of many seeds.

Härkönen et al. 2020, "GANSpace: Discovering interpretable GAN controls" (2004.02546), section 2.2. Models with styles:
the principal components of w over many seeds. Models with z alone: the paper takes the activations of an early layer
and regresses z on their principal components; which layer that would be is each model's own affair, so the pictures
themselves, small, stand for the activations here, and every model that samples from z has directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.canvas import Progress
from studio.api.capabilities import LatentSampling, StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import rendering_dtype
from studio.edit.directions import Through

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel

STYLES, PICTURES = 10_000, 2_000
PICTURES_A_COMPONENT = 8
STYLES_A_STEP, PICTURES_A_STEP = 250, 8
FEATURE_PX = 16
TALLY = 1024
DEVIATIONS = 6.0

_NOTHING = 1e-9


@dataclass(frozen=True)
class DirectionSearch:
    """A wish for directions; the last `Progress` has `vectors`, float32 (K, dim), and `shares`, float64 (K,).

    A vector is one standard deviation long: of w along it, or of z. K is `most`, or less where less varies.

    Attributes:
        through: `w` for models that mix styles, `z` for others.
        label: the class to draw, for models that have classes.
        most: how many directions to look for.
        seeds: how many seeds to look at; None: 10,000 styles or 2,000 pictures, more where z is long.
    """

    through: Through
    label: int | None = None
    most: int = 10
    seeds: int | None = None

    def steps(self, model: GanModel) -> Iterator[Progress]:
        """Looks at a few seeds at a time.

        Raises:
            StudioError: the model makes no pictures from z, or has no styles to search through; or its pictures are
                all the same.
        """
        if not isinstance(model, LatentSampling) or (self.through == "w" and not isinstance(model, StyleMixing)):
            raise StudioError("This model has no directions to find.", "Choose another run.")
        dim, total, each = model.latent_space.dim, *self._effort(model.latent_space.dim)
        tally = _Tally()
        for first in range(0, total, each):
            z = np.stack([model.latent_space.draw(seed) for seed in range(first, min(first + each, total))])
            tally.add(z, self._features(model, z))
            yield Progress(min(first + each, total), total)
        if self.through == "w":
            vectors, shares = _principal(tally.covariance, self.most)
        else:
            spread = 1.0 if model.latent_space.distribution == "normal" else 3**-0.5
            vectors, shares = _regressed(tally, self.most, spread, (dim + DEVIATIONS * math.sqrt(2 * dim)) / total)
        if not len(vectors):
            raise StudioError("The pictures of this model hardly differ.", "Train it longer, then look again.")
        yield Progress(total, total, values={"vectors": vectors.astype(np.float32), "shares": shares})

    def _effort(self, dim: int) -> tuple[int, int]:
        if self.through == "w":
            return self.seeds or STYLES, STYLES_A_STEP
        return self.seeds or max(PICTURES, PICTURES_A_COMPONENT * dim), PICTURES_A_STEP

    def _features(self, model: GanModel, z: np.ndarray) -> np.ndarray:
        """Float64 (N, F): the first layer's w, or pictures of at most 16 by 16."""
        import torch

        labels = None if self.label is None else torch.full((len(z),), self.label, device=model.device)
        given = torch.from_numpy(z).to(model.device, rendering_dtype(model))
        with torch.no_grad():
            if self.through == "w":
                assert isinstance(model, StyleMixing)
                found: Tensor = model.mapping(given, labels=labels)[:, 0]
            else:
                assert isinstance(model, LatentSampling)
                pictures = model.sample(given, labels=labels)
                small = min(FEATURE_PX, *pictures.shape[2:])
                found = torch.nn.functional.adaptive_avg_pool2d(pictures, small).flatten(1)
        return found.double().cpu().numpy()


class _Tally:
    """Means and covariances of z and features, added up a few at a time; kept in blocks, as few sums are quick."""

    def __init__(self) -> None:
        self._count = 0
        self._sums: list[np.ndarray] = []
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, z: np.ndarray, features: np.ndarray) -> None:
        """Counts z (N, dim) and features (N, F)."""
        self._waiting.append((z.astype(np.float64), features))
        if sum(len(one) for one, _ in self._waiting) >= TALLY:
            self._sum_up()

    @property
    def covariance(self) -> np.ndarray:
        """Of the features, (F, F)."""
        self._sum_up()
        _, mean, squares, _ = self._means()
        return squares - np.outer(mean, mean)

    @property
    def cross_covariance(self) -> np.ndarray:
        """Of z with the features, (dim, F)."""
        self._sum_up()
        mean_z, mean, _, products = self._means()
        return products - np.outer(mean_z, mean)

    def _means(self) -> list[np.ndarray]:
        return [total / self._count for total in self._sums]

    def _sum_up(self) -> None:
        if not self._waiting:
            return
        z, features = (np.concatenate(column) for column in zip(*self._waiting, strict=True))
        self._waiting = []
        self._count += len(z)
        sums = [z.sum(0), features.sum(0), features.T @ features, z.T @ features]
        self._sums = [old + new for old, new in zip(self._sums, sums, strict=True)] if self._sums else sums


def _principal(covariance: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The directions of greatest variance (K, F), each a standard deviation long, and their shares of all variance.

    The largest component of each is positive: the same weights always give the same end of a direction.
    """
    variances, vectors = np.linalg.eigh(covariance)
    chosen = [index for index in np.argsort(variances)[::-1][:most] if variances[index] > _NOTHING * variances[-1]]
    found = vectors[:, chosen].T
    shares = variances[chosen] / max(float(variances.clip(0).sum()), _NOTHING)
    ends = np.sign(found[np.arange(len(found)), np.abs(found).argmax(1)]) if len(found) else np.zeros(0)
    return found * (ends * np.sqrt(variances[chosen]))[:, None], shares


def _regressed(tally: _Tally, most: int, spread: float, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """Directions of z (K, dim), `spread` long, that move pictures along their principal components.

    Principal coordinates are uncorrelated, so that the least squares of z on them (2004.02546, section 2.2) are the
    covariances of z with each. A direction is left out where z explains no more than `chance` of its coordinate: of
    N seeds dim / N is expected where there is nothing to explain, with a deviation of sqrt(2 dim) / N.
    """
    components, shares = _principal(tally.covariance, most)
    lengths = np.linalg.norm(components, axis=1, keepdims=True)
    slopes = components / np.maximum(lengths, _NOTHING) ** 2 @ tally.cross_covariance.T
    explained = (np.linalg.norm(slopes, axis=1) / spread) ** 2
    clear = explained > chance
    return spread * slopes[clear] / np.linalg.norm(slopes[clear], axis=1, keepdims=True), shares[clear]
