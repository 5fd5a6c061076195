"""What a canvas declares, and how it asks for a picture without ever seeing a device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from studio.api.model import GanModel


@runtime_checkable
class RenderRequest(Protocol):
    """A frozen, picklable wish for a picture: all that a canvas ever sends to the thread that owns the device.

    A request is a value: it holds numbers, strings and NumPy arrays, never a tensor, a widget or a callback.
    """

    def render(self, model: GanModel) -> Tensor:
        """Pictures as float (N, 3, H, W) in [-1, 1], from the averaged networks of `model`.

        Runs off the GUI thread under `torch.inference_mode`. It must not touch torch's global random state: training
        may be drawing from it at this moment. Draw from a `torch.Generator` of its own, or from NumPy.
        """
        ...


@dataclass(frozen=True, eq=False)
class Progress:
    """How far long work is, and what it has so far.

    Attributes:
        done, total: in steps of the work's own.
        pictures: uint8 (N, H, W, 3), where there is something to see.
        values: arrays by name, where there is something to know.
    """

    done: int
    total: int
    pictures: np.ndarray | None = None
    values: Mapping[str, np.ndarray] = field(default_factory=dict)


@runtime_checkable
class LongRequest(Protocol):
    """A frozen, picklable wish for something that takes many steps: a search in z, statistics of w.

    A value like a `RenderRequest`, and under the same rules.
    """

    def steps(self, model: GanModel) -> Iterator[Progress]:
        """Works, and tells of it. Other requests are answered at every yield, so a step should take less than .1 s.

        `model` has averaged networks of its own, which training does not move. Gradients are on: turn them off where
        none are needed. The generator is closed when the work is cancelled.
        """
        ...


class Document(Protocol):
    """What a person made on a canvas, as a value: it renders without the canvas, and without Qt."""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The document in a saved edit.

        Raises:
            StudioError: it is damaged.
        """
        ...

    def wish(self, model: GanModel) -> RenderRequest:
        """The request for its pictures.

        Raises:
            StudioError: it was made with a model that can do other things.
        """
        ...


@dataclass(frozen=True)
class CanvasSpec:
    """A place to play with a trained model.

    Attributes:
        id: unique among canvases.
        title: the tab's label.
        requires: the capability Protocols a model must have for this canvas to be offered.
        widget: `module:Class` of a QWidget that takes a `CanvasHost`; imported when first shown.
        summary: one line for the tooltip.
        document: `module:Class` of its `Document`, for `ganvas render`; empty where there is none. Imports no Qt.
    """

    id: str
    title: str
    requires: tuple[type, ...]
    widget: str
    summary: str = ""
    document: str = ""
