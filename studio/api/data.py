"""What a model trains on: the kinds of data, what is known of a data set, and one batch of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor


class DataKind(StrEnum):
    """How the pictures of a data set belong together."""

    UNLABELLED = "unlabelled"
    LABELLED = "labelled"
    PAIRED = "paired"
    UNPAIRED = "unpaired"
    LAYOUT = "layout"
    CAPTIONED = "captioned"


@dataclass(frozen=True)
class DataInfo:
    """All that a model may know of its data when it is built.

    Attributes:
        kind: how the pictures belong together.
        count: pictures (pairs, where paired; those of the first domain, where unpaired).
        resolution: height and width of every picture, in pixels.
        channels: 3; pictures are RGB.
        labels: the class or object names, by label index; empty where there are none.
        domains: what the two sides are called, where paired or unpaired.
        objects: the most objects in one picture, where layout.
    """

    kind: DataKind
    count: int
    resolution: int
    channels: int = 3
    labels: tuple[str, ...] = ()
    domains: tuple[str, str] = ("A", "B")
    objects: int = 0


@dataclass
class Batch:
    """One batch, on the training device. Fields that the data kind lacks are None.

    Attributes:
        images: float32 (B, 3, H, W) in [-1, 1]; the input side where paired, domain A where unpaired.
        images_b: float32 (B, 3, H, W) in [-1, 1]; the target side where paired, domain B where unpaired.
        labels: int64 (B,), or (B, K) where layout.
        boxes: float32 (B, K, 4), x y w h as fractions of the picture, where layout.
        present: bool (B, K), which of the K objects are there, where layout.
        captions: B strings, where captioned.
    """

    images: Tensor
    images_b: Tensor | None = None
    labels: Tensor | None = None
    boxes: Tensor | None = None
    present: Tensor | None = None
    captions: tuple[str, ...] = ()
    _next: Callable[[], Batch] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return int(self.images.shape[0])

    def fresh(self) -> Batch:
        """Draws the next batch of the same size within this step, as WGAN's critic does (1701.07875, algorithm 1).

        The order of draws is part of the run: it resumes exactly.
        """
        return self if self._next is None else self._next()


@runtime_checkable
class PictureSource(Protocol):
    """Where pictures come from, before they are brought to one size and cached."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def kind(self) -> DataKind:
        """How its pictures belong together."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever any picture, its order or its meaning does."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names by index; empty where there are none."""
        ...

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """What to call picture `index` when it is reported: a path, a member, a glyph's name."""
        ...

    def picture(self, index: int, resolution: int) -> np.ndarray:
        """Picture `index` as uint8 (resolution, resolution, 3).

        Raises:
            StudioError: it cannot be read; the message is the reason shown in the report of skipped files.
        """
        ...

    def size(self, index: int) -> tuple[int, int]:
        """Width and height of the original of picture `index`.

        Raises:
            StudioError: as `picture`.
        """
        ...

    def label(self, index: int) -> int:
        """The label index of picture `index`; 0 where there are none."""
        ...


@runtime_checkable
class SidedSource(Protocol):
    """Two stacks of pictures: the two sides of pairs, or two domains."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def kind(self) -> DataKind:
        """`PAIRED`: picture i of one side belongs to picture i of the other; or `UNPAIRED`."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever any picture, its order or its meaning does."""
        ...

    @property
    def domains(self) -> tuple[str, str]:
        """What the sides are called."""
        ...

    @property
    def sides(self) -> tuple[PictureSource, PictureSource]:
        """The input side or domain A, and the target side or domain B."""
        ...


@dataclass(frozen=True)
class PlacedObject:
    """One object of a layout.

    Attributes:
        label: its label index.
        box: x, y, width and height as fractions of the picture, inside it.
    """

    label: int
    box: tuple[float, float, float, float]


@runtime_checkable
class LayoutSource(PictureSource, Protocol):
    """Pictures with labelled boxes. They are stretched to squares, not cropped: every box stays inside."""

    def objects(self, index: int) -> tuple[PlacedObject, ...]:
        """What is where in picture `index`; at least one object."""
        ...


Source = PictureSource | SidedSource


@dataclass(frozen=True)
class DatasetSpec:
    """Data that a plugin offers by name.

    Attributes:
        id: what is typed after `--data`, such as `demo:icons`.
        title: what the data chooser shows.
        kind: how the pictures belong together.
        summary: one line: what is in it, from where, under which licence.
        source: `module:callable`, imported when first used; the callable takes nothing and returns a `PictureSource`,
            a `SidedSource` where paired or unpaired, a `LayoutSource` where layout.
    """

    id: str
    title: str
    kind: DataKind
    summary: str
    source: str
    credits: Mapping[str, str] = field(default_factory=dict)
