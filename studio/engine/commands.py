"""What the engine can be asked: frozen, picklable messages; nobody needs to know where the device thread lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.api.canvas import LongRequest, RenderRequest


@dataclass(frozen=True)
class Command:
    """Anything that the engine can be asked."""


@dataclass(frozen=True)
class TrainPlan(Command):
    """Train a model from the beginning.

    Attributes:
        model: the model's id.
        data: a path, or a name such as `demo:icons`.
        hyperparameters: the values that differ from their defaults.
        steps: generator updates in all.
        seed: of weights, data order, noise and sample grid.
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps`.
        precision: `auto`, `float32`, or `bfloat16` (autocast).
        out: the run's folder; empty for a new one in the home.
        preset: the preset the values came from, for the record.
    """

    model: str
    data: str
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    steps: int = 1000
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"
    out: str = ""
    preset: str = ""


@dataclass(frozen=True)
class ResumeRun(Command):
    """Go on with a run from its newest good checkpoint.

    Attributes:
        run: the run's folder, its name, or `latest`.
        steps: generator updates in all; None keeps the plan.
        device: as in a plan.
        changes: live hyperparameters with new values, in force from that checkpoint on.
        data: where its data is now, from then on; empty: where it was.
    """

    run: str
    steps: int | None = None
    device: str = "auto"
    changes: Mapping[str, Any] = field(default_factory=dict)
    data: str = ""


@dataclass(frozen=True)
class OpenRun(Command):
    """Load a run's averaged networks, so that requests can be answered. `step` None: the newest checkpoint."""

    run: str
    step: int | None = None
    device: str = "auto"


@dataclass(frozen=True)
class Pause(Command):
    """Hold training after the step in progress and write a checkpoint."""


@dataclass(frozen=True)
class Proceed(Command):
    """Go on after a pause."""


@dataclass(frozen=True)
class Stop(Command):
    """End training after the step in progress and write a checkpoint."""


@dataclass(frozen=True)
class SetHyperparameter(Command):
    """Change a hyperparameter that is marked as live."""

    name: str
    value: Any


@dataclass(frozen=True)
class Render(Command):
    """Answer `request` with `run`'s pictures. Of one client's requests only the newest is answered.

    Attributes:
        held: with the weights of the client's first held request, which stay until it cancels: the frames of a film
            that is made while the run trains are of one model.
    """

    client: str
    serial: int
    run: str
    request: RenderRequest
    asked: float
    held: bool = False


@dataclass(frozen=True)
class Begin(Command):
    """Begin long work with `run`'s networks as they are now, in place of the client's older work."""

    client: str
    serial: int
    run: str
    request: LongRequest


@dataclass(frozen=True)
class Cancel(Command):
    """Leave a client's long work, of which nothing more is told, and let go of the weights that are held for it."""

    client: str


@dataclass(frozen=True)
class Close(Command):
    """Stop whatever is going on, keep it, and end the thread."""
