"""The search for a picture that fits around a hole (Yeh, Chen et al. 2017, 1607.07539), as long work on the device.

The paper's losses and its bounds for z, [-1, 1]. Its lambda is .003 and its 1,500 steps of Adam have a rate of .01;
Amos's code (bamos/dcgan-completion.tensorflow) has .1 and 1,000 steps. Here lambda is Amos's, and larger steps need
fewer of them. Measured at 32 px on eight icons with a block of 40 % a side missing, the error in it against that of
pictures drawn at random, after 200 steps:

    StyleGAN2   z .01: .57   z .03: .45   z .1: .47   w .03: .45   w .1: .36   a w for each layer .1: .37, rising
    WGAN        z .01: .47   z .03: .34   z .03 with all that is known counting as much: .59 (.01)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.api.canvas import Progress
from studio.api.capabilities import LatentSampling, Realism
from studio.api.errors import StudioError
from studio.api.requests import as_images
from studio.edit.inpaint_blend import FEW_ROUNDS, MOST_ROUNDS
from studio.edit.inpaint_request import drawn, filled, pictures_of, space_of

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel

WINDOW = 7
PAPER_SIDE = 64
FARTHEST = 1.0
RATES = {"z": 0.03, "w": 0.1}
ITERATIONS = 300
PRIOR = 0.1
SLICE_SECONDS = 0.08
GLANCE_SECONDS = 0.4
JUDGED, FEW = 16, 4


@dataclass(frozen=True, eq=False)
class InpaintSearch:
    """Several candidates at once, each from a seed of its own.

    Attributes:
        photo: uint8 (S, S, 3), at the resolution of the model.
        cover: float32 (S, S) in [0, 1]; where it is more than 0 nothing is known.
        seeds: one a candidate.
        iterations: steps of Adam.
        prior: lambda, the weight of D's verdict, log(1 - D), beside the sum of differences at 64 px.
        label: the class, for models that have classes.
    """

    photo: np.ndarray
    cover: np.ndarray
    seeds: tuple[int, ...]
    iterations: int = ITERATIONS
    prior: float = PRIOR
    label: int | None = None

    def steps(self, model: GanModel) -> Iterator[Progress]:
        """Tells what the candidates look like, uint8 (N, S, S, 3), and how well they do.

        In `values`: the `space` of the latents, z or w, and of each candidate its `latent`, float32 (N, dim), its
        `loss`, its `mismatch` around the hole as a share of full range, and its `realism`, in standard deviations from
        the mean of what the model draws at random.

        Raises:
            StudioError: the model has no D or no z, or all or nothing of the picture is masked.
        """
        hunt = _Hunt(self, model)
        for _ in hunt.calibrate():
            yield Progress(0, self.iterations)
        for done in range(self.iterations):
            for _ in hunt.descend():
                yield hunt.told(done)
        hunt.weigh()
        hunt.look(MOST_ROUNDS)
        yield hunt.told(self.iterations)


def importance(hole: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """How much each known pixel counts: the share of its neighbourhood that is missing (1607.07539, equation 3).

    A pixel far from every hole counts nothing, one of the hole neither. Neighbours beyond the picture are its mirrored
    self, as in the authors' code.

    Args:
        hole: bool (S, S).
        window: the neighbourhood's side in pixels, odd; 7 in the paper, for pictures of 64 px.

    Returns:
        Float32 (S, S) in [0, 1].
    """
    reach = window // 2
    around = np.pad(hole.astype(np.float64), reach, mode="symmetric")
    missing = np.lib.stride_tricks.sliding_window_view(around, (window, window)).sum((2, 3))
    return np.where(hole, 0, missing / window**2).astype(np.float32)


class _Hunt:
    """The candidates on their way.

    A step that would hold up a canvas takes some of the candidates at a time: they know nothing of each other.
    """

    def __init__(self, search: InpaintSearch, model: GanModel) -> None:
        import torch

        if not isinstance(model, LatentSampling) or not isinstance(model, Realism):
            raise StudioError("This model cannot fill holes: it has no z, or no D.", "Choose another run.")
        hole = search.cover > 0
        if hole.all() or not hole.any():
            raise StudioError("There is nothing to search for.", "Paint over a part of the picture and leave the rest.")
        for network in model.ema.values():
            network.requires_grad_(False)
        self._search, self._model = search, model
        self._space = space_of(model)
        self._photo = as_images(search.photo[None], model)
        self._weights = torch.from_numpy(importance(hole, window_at(len(hole)))).to(self._photo)
        with torch.no_grad():
            self._latents = drawn(model, search.seeds, search.label)
            if self._space == "z":
                self._latents.clamp_(-FARTHEST, FARTHEST)
        self._latents.requires_grad_()
        self._adam = torch.optim.Adam([self._latents], RATES[self._space])
        self._found = self._photo.expand(len(search.seeds), -1, -1, -1).clone()
        self._values = {name: np.zeros(len(search.seeds), np.float32) for name in ("loss", "mismatch", "realism")}
        self._at_once = len(search.seeds)
        self._mean, self._deviation = 0.0, 1.0
        self._pictures: np.ndarray | None = None
        self._looked = 0.0

    def calibrate(self) -> Iterator[None]:
        """Finds out what D makes of the model's own pictures; a yield after each few."""
        import torch

        assert isinstance(self._model, Realism)
        scores = []
        for first in range(0, JUDGED, FEW):
            with torch.no_grad():
                latents = drawn(self._model, tuple(range(first, first + FEW)), self._search.label)
                scores.append(self._model.realism(self._drawn(latents)))
            yield
        judged = torch.cat(scores)
        self._mean, self._deviation = float(judged.mean()), max(float(judged.std()), 1e-6)

    def descend(self) -> Iterator[None]:
        """One step of Adam for all; a yield after each few."""
        import torch

        first = 0
        while first < len(self._latents):
            begun = time.monotonic()
            some = slice(first, first + self._at_once)
            torch.autograd.backward(self._judge(some).sum())
            first = some.stop
            if time.monotonic() - begun > SLICE_SECONDS:
                self._at_once = max(1, self._at_once // 2)
            yield
        self._adam.step()
        self._adam.zero_grad()
        if self._space == "z":
            with torch.no_grad():
                self._latents.clamp_(-FARTHEST, FARTHEST)

    def weigh(self) -> None:
        """Judges all where they are now."""
        import torch

        with torch.no_grad():
            for first in range(0, len(self._latents), self._at_once):
                self._judge(slice(first, first + self._at_once))

    def look(self, rounds: int) -> None:
        """Fills the hole with what was found."""
        import torch

        with torch.no_grad():
            pictures = filled(self._photo, self._found, self._search.cover, rounds=rounds)
            scaled = pictures.mul(127.5).add_(127.5).round_().clamp_(0, 255).to(torch.uint8)
        self._pictures = scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()
        self._looked = time.monotonic()

    def told(self, done: int) -> Progress:
        """How far it is. Pictures are made now and then, and told until there are others: the newest news is heard."""
        if time.monotonic() - self._looked > GLANCE_SECONDS and done < self._search.iterations:
            self.look(FEW_ROUNDS)
        latents = self._latents.detach().float().cpu().numpy().copy()
        values = {name: value.copy() for name, value in self._values.items()}
        known = {"space": np.array(self._space), "latent": latents, **values}
        return Progress(done, self._search.iterations, self._pictures, known)

    def _judge(self, some: slice) -> Tensor:
        """The losses (n,) of some candidates, and what they look like now."""
        import torch

        assert isinstance(self._model, Realism)
        found = self._drawn(self._latents[some])
        wrong = ((found - self._photo).abs() * self._weights).sum((1, 2, 3))
        realism = (self._model.realism(found) - self._mean) / self._deviation
        context = wrong * (PAPER_SIDE / len(self._weights)) ** 2
        loss = context - self._search.prior * torch.nn.functional.softplus(realism)
        self._found[some] = found.detach()
        mismatch = wrong / (2 * found.shape[1] * self._weights.sum())
        for name, value in (("loss", loss), ("mismatch", mismatch), ("realism", realism)):
            self._values[name][some] = value.detach().float().cpu().numpy()
        return loss

    def _drawn(self, latents: Tensor) -> Tensor:
        return pictures_of(self._model, latents, self._space, self._search.label)


def window_at(side: int) -> int:
    """The paper's window, as large a part of a larger picture; in a smaller one the same number of pixels."""
    return WINDOW * max(side // PAPER_SIDE, 1) | 1
