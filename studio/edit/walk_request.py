"""What the walk canvas asks the device for: frames, frozen and picklable.

Each frame is computed alone, so that a picture does not depend on which others were asked for with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from studio.api.capabilities import LatentSampling, StyleMixing
from studio.api.errors import StudioError
from studio.api.requests import exact, rendering_dtype
from studio.edit.directions import Push, Through
from studio.edit.requests import pushed_ws, pushed_z

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.model import GanModel
    from studio.edit.walk import WalkDocument


@dataclass(frozen=True, eq=False)
class Look:
    """All that is done to a point of z on its way to G.

    Attributes:
        psi: truncation, 0 to 1.
        label: the class, for models that have classes.
        cutoff: the layer from which on there is no truncation; None truncates all.
        pushes: what is added to every w after truncation, or to z.
        through: which of the two.
    """

    psi: float = 1.0
    label: int | None = None
    cutoff: int | None = None
    pushes: tuple[Push, ...] = ()
    through: Through = "z"

    @property
    def in_w(self) -> bool:
        """Whether the styles of single layers matter, and not z alone."""
        return self.cutoff is not None or bool(self.pushes and self.through == "w")

    def pushes_in(self, through: Through) -> tuple[Push, ...]:
        """What is added to w, or to z."""
        return self.pushes if self.through == through else ()

    def key(self) -> bytes:
        """Equal for equal looks."""
        marks = repr((self.psi, self.label, self.cutoff, self.through, [push.span for push in self.pushes]))
        return marks.encode() + b"".join(push.vector.tobytes() for push in self.pushes)


class Share(NamedTuple):
    """A look, and how much of it there is in a frame, 0 to 1."""

    look: Look
    weight: float


Looks = tuple[Look, Look]


@dataclass(frozen=True, eq=False)
class ZFrames:
    """N pictures of a walk through z: each between the looks of two keyframes, and of the class of the first.

    Attributes:
        z: float32 (N, dim).
        looks: N pairs.
        t: N shares of the second look, 0 to 1.
    """

    z: np.ndarray
    looks: tuple[Looks, ...]
    t: tuple[float, ...]

    def key(self) -> bytes:
        """All that decides the pictures, apart from the weights."""
        return self.z.tobytes() + _key(self.looks, self.t)

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1]. At t = 0 the picture is the one that the latent canvas shows, bit for bit.

        Raises:
            StudioError: the model does not sample from a latent, or the directions are another model's.
        """
        import torch

        if not isinstance(model, LatentSampling):
            raise StudioError("This model makes no pictures from z.", "Choose another canvas.")
        points = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))
        frames = []
        for index in range(len(points)):
            shares = _shares(self.looks[index], self.t[index])
            z = _moved(points[index, None], shares)
            labels = _labels(model, shares[0].look)
            if any(look.in_w for look, _ in shares):
                frames.append(_styling(model).synthesis(_styles(model, z, shares, labels)))
            else:
                frames.append(model.sample(z, psi=_psi(shares), labels=labels))
        return torch.cat(frames)


@dataclass(frozen=True, eq=False)
class StyleFrames:
    """N pictures of a walk through w: each on the straight line between the styles of two z, each with its own look.

    Attributes:
        z: float32 (N, 2, dim).
        looks: N pairs.
        t: N shares of the second style, 0 to 1.
    """

    z: np.ndarray
    looks: tuple[Looks, ...]
    t: tuple[float, ...]

    def key(self) -> bytes:
        """All that decides the pictures, apart from the weights."""
        return self.z.tobytes() + _key(self.looks, self.t)

    def render(self, model: GanModel) -> Tensor:
        """Float (N, 3, H, W) in [-1, 1]. At t = 0 the style is the first one's bit for bit.

        Raises:
            StudioError: the model mixes no styles, or the directions are another model's.
        """
        import torch

        if not isinstance(model, StyleMixing):
            raise StudioError("This model has no w to walk through.", "Let the walk go through z.")
        points = torch.from_numpy(self.z).to(model.device, rendering_dtype(model))

        def style(index: int, end: int) -> Tensor:
            look = self.looks[index][end]
            whole = (Share(look, 1.0),)
            return _styles(model, _moved(points[index, end, None], whole), whole, _labels(model, look))

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


def _shares(looks: Looks, t: float) -> tuple[Share, ...]:
    return (Share(looks[0], 1 - t), Share(looks[1], t)) if t else (Share(looks[0], 1.0),)


def _psi(shares: tuple[Share, ...]) -> float:
    first, *rest = (weight * look.psi for look, weight in shares)
    return sum(rest, first)


def _moved(z: Tensor, shares: tuple[Share, ...]) -> Tensor:
    for look, weight in shares:
        z = pushed_z(z, look.pushes_in("z"), weight)
    return z


def _styles(model: GanModel, z: Tensor, shares: tuple[Share, ...], labels: Tensor | None) -> Tensor:
    """A w for each layer. Truncation is linear in psi, so that styles truncated in two ways blend as psi would."""
    styling = _styling(model)
    if len({look.cutoff for look, _ in shares}) == 1:
        ws = styling.mapping(z, psi=_psi(shares), cutoff=shares[0].look.cutoff, labels=labels)
    else:
        (first, share), (second, rest) = shares
        ws = share * styling.mapping(z, psi=first.psi, cutoff=first.cutoff, labels=labels)
        ws = ws + rest * styling.mapping(z, psi=second.psi, cutoff=second.cutoff, labels=labels)
    for look, weight in shares:
        ws = pushed_ws(ws, look.pushes_in("w"), weight)
    return ws


def _styling(model: GanModel) -> StyleMixing:
    if not isinstance(model, StyleMixing):
        raise StudioError("This walk moves w, and this model has none.", "Open it with the run that made it.")
    return model


def _labels(model: GanModel, look: Look) -> Tensor | None:
    import torch

    return None if look.label is None else torch.tensor([look.label], dtype=torch.int64, device=model.device)


def _key(looks: tuple[Looks, ...], t: tuple[float, ...]) -> bytes:
    return b"".join(look.key() for pair in looks for look in pair) + repr(t).encode()
