"""What a model plugin writes: hyperparameters as declared data, the model itself, and the spec that announces it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from studio.api.hyperparameters import Hyperparameters

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from studio.api.data import Batch, DataInfo, DataKind


OWN_COLUMNS = ("step", "images", "elapsed", "time")
"""What the table of a run's metrics holds beside them: no metric has one of these names."""


@dataclass(frozen=True)
class Preset:
    """A named choice of hyperparameters.

    Attributes:
        summary: one line: what it reaches, in what time, on what machine.
        steps: how many generator updates it is meant to run for.
        values: the hyperparameters that differ from their defaults.
    """

    summary: str
    steps: int
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelSpec:
    """What a plugin says about a model, without importing torch.

    Attributes:
        id: what is typed after `ganvas train`; lower case, digits and dashes.
        title: what the window shows.
        summary: one line.
        model: `module:Class` of its `GanModel`, imported when a run starts.
        hyperparameters: the type of its hyperparameters.
        data: the kind of data it needs.
        capabilities: the Protocols of `studio.api.capabilities` that the model satisfies.
        presets: by name; `quick` (something visible on a laptop's CPU in under three minutes) and `paper` are expected.
        paper: where it comes from: title, year, arXiv number.
        licence: the plugin's licence, as an SPDX identifier.
    """

    id: str
    title: str
    summary: str
    model: str
    hyperparameters: type[Hyperparameters]
    data: DataKind
    capabilities: tuple[type, ...]
    presets: Mapping[str, Preset]
    paper: str = ""
    licence: str = "Apache-2.0"


@dataclass(frozen=True)
class Clock:
    """Where a run stands.

    Attributes:
        step: generator updates done.
        images: real pictures shown to D so far.
        steps: generator updates planned.
    """

    step: int = 0
    images: int = 0
    steps: int = 0

    @property
    def kimg(self) -> float:
        """Thousands of real pictures shown to D."""
        return self.images / 1000


class GanModel:
    """A model that can be trained phase by phase. Plugins subclass it, build networks and optimisers in `__init__`, and
    write `training_step`.

    Every attribute that is a `torch.nn.Module` or a `torch.optim.Optimizer` is part of the run: it is moved to the
    device, saved in checkpoints under its attribute's name, and restored. Anything else that must survive a restart
    goes through `extra_state`.

    Attributes:
        hp: the hyperparameters, validated; replaced when one is changed during the run.
        data: what is known of the data.
        device: where the networks are; set before the first step.
        clock: where the run stands; set before every step.
        ema: the averaged copies of `ema_networks`, by name, in eval mode and without gradients. What people see is
            rendered with these.
    """

    ema_networks: ClassVar[tuple[str, ...]] = ("G",)

    device: torch.device

    def __init__(self, hp: Hyperparameters, data: DataInfo) -> None:
        self.hp: Any = hp
        self.data = data
        self.clock = Clock()
        self.ema: Mapping[str, nn.Module] = {}

    @property
    def conditional(self) -> bool:
        """Whether it draws the class that it is asked for, though its kind of data needs no classes."""
        return False

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        """One generator update, as a generator that yields after each phase.

        A yield is a safe point, between an update of D and one of G for instance: the studio may serve a canvas, log or
        pause there. Yield what to plot, by name, as detached scalars (a `.item()` would make the GPU wait); `{}` where
        there is nothing. A name is one line of text, `loss/D`, and none of `OWN_COLUMNS`.
        """
        raise NotImplementedError

    def hyperparameters_changed(self) -> None:
        """Called after `hp` was replaced during a run; put new learning rates into the optimisers here."""

    def extra_state(self) -> dict[str, Any]:
        """Whatever else must survive a restart: tensors, numbers, strings, and lists or dicts of them."""
        return {}

    def load_extra_state(self, state: dict[str, Any]) -> None:
        """Takes back what `extra_state` gave."""
