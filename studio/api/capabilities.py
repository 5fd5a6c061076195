"""One Protocol for each thing a trained model can do. Canvases are offered by these, never by a model's name.

Every method renders with the averaged networks (`model.ema`), takes and returns tensors on the model's device, works in
the dtype of what it is given (pictures for keeps are rendered in float64 on a CPU, so that they are the same on every
CPU), and draws random numbers only from what it is handed: training may be running beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class LatentSpace:
    """The space that a generator's input is drawn from.

    Attributes:
        dim: length of z.
        distribution: `normal` is N(0, 1), `uniform` is U(-1, 1), each component on its own.
        groups: names for stretches of z, as (first, one past last); what is not named belongs to `z`.
    """

    dim: int
    distribution: Literal["normal", "uniform"] = "normal"
    groups: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def bounds(self) -> tuple[float, float]:
        """The range a slider should offer for one component."""
        return (-3.0, 3.0) if self.distribution == "normal" else (-1.0, 1.0)

    def draw(self, seed: int) -> np.ndarray:
        """The z of a seed: float32 (dim,).

        NumPy's frozen `RandomState`, as in NVIDIA's StyleGAN tools, so that a seed means the same z in every
        version, on every device, and without torch.
        """
        state = np.random.RandomState(seed % 2**32)
        values = state.randn(self.dim) if self.distribution == "normal" else state.uniform(-1, 1, self.dim)
        return values.astype(np.float32)


@runtime_checkable
class LatentSampling(Protocol):
    """Makes pictures from z."""

    @property
    def latent_space(self) -> LatentSpace:
        """What z is drawn from."""
        ...

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from z (N, dim).

        `psi` in [0, 1] is truncation: 1 leaves z as it is, 0 is the mean picture. `labels` int64 (N,) where the model
        is conditional, ignored elsewhere.
        """
        ...


@runtime_checkable
class StyleMixing(Protocol):
    """Makes pictures from one style a layer."""

    @property
    def num_ws(self) -> int:
        """How many layers take a w."""
        ...

    def mapping(
        self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Tensor | None = None
    ) -> Tensor:
        """ws (N, num_ws, w_dim) from z (N, dim); truncation up to layer `cutoff`."""
        ...

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from ws (N, num_ws, w_dim); a seed, or None for no noise, a layer."""
        ...


@runtime_checkable
class ImageTranslation(Protocol):
    """Turns pictures of one domain into another."""

    @property
    def directions(self) -> tuple[str, ...]:
        """`FROM->TO` for each, with the names of the data's domains: `A->B`."""
        ...

    def translate(self, images: Tensor, direction: str, generator: Generator | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] in the other domain.

        `generator` feeds dropout where the model keeps it, the same for every picture; None leaves dropout out.
        """
        ...


@runtime_checkable
class Inpainting(Protocol):
    """Fills holes in a way of its own; every model with LatentSampling and Realism can fill them without."""

    def inpaint(self, images: Tensor, mask: Tensor, generator: Generator) -> Tensor:
        """Pictures with the pixels where `mask` (N, 1, H, W) is 1 replaced."""
        ...


@runtime_checkable
class LayoutRendering(Protocol):
    """Draws objects into boxes."""

    @property
    def object_labels(self) -> tuple[str, ...]:
        """What may stand in a box, by label index."""
        ...

    @property
    def object_z_dim(self) -> int:
        """Length of one object's z."""
        ...

    def render_layout(self, boxes: Tensor, labels: Tensor, z: Tensor, present: Tensor) -> Tensor:
        """Pictures from boxes (N, K, 4) as fractions, labels (N, K), z (N, K, object_z_dim) and present (N, K)."""
        ...


@runtime_checkable
class TextPrompt(Protocol):
    """Makes pictures from words."""

    def prompt(self, captions: Sequence[str], z: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from N captions and z (N, dim)."""
        ...


@runtime_checkable
class Encoding(Protocol):
    """Finds the latent of a picture."""

    def encode(self, images: Tensor) -> Tensor:
        """z (N, dim) of pictures (N, 3, H, W) in [-1, 1]."""
        ...


@runtime_checkable
class Realism(Protocol):
    """Scores how real a picture looks to D."""

    def realism(self, images: Tensor) -> Tensor:
        """One score a picture (N,), higher is more real; differentiable."""
        ...
