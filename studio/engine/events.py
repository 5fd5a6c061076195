"""What the engine tells its users: frozen, picklable facts, never a tensor and never a reference to anything alive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from studio.api.capabilities import LatentSpace

if TYPE_CHECKING:
    import numpy as np

    from studio.api.canvas import Progress


class RunState(StrEnum):
    """Where a run stands.

    idle -> preparing -> training <-> paused; training or paused -> stopping -> stopped; training -> finished;
    anything -> failed. `interrupted` is what a run on disk is called whose process died: it can be resumed.
    """

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def busy(self) -> bool:
        """Whether the device thread is at work on a run, so that no other can begin."""
        return self in (RunState.PREPARING, RunState.TRAINING, RunState.PAUSED, RunState.STOPPING)


@dataclass(frozen=True)
class ModelFacts:
    """What a canvas may know of a model: facts to lay panels out by, never its name.

    Attributes:
        model: the model's id.
        title: the model's title.
        resolution: height and width of its pictures.
        capabilities: names of the Protocols it satisfies.
        latent_space: where it samples from z.
        num_ws: where it mixes styles; 0 elsewhere.
        directions: where it translates.
        labels: class or object names, where it has any.
        hyperparameters: as the run was started, with later changes.
    """

    model: str
    title: str
    resolution: int
    capabilities: tuple[str, ...]
    latent_space: LatentSpace | None = None
    num_ws: int = 0
    directions: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Anything that the engine tells."""


@dataclass(frozen=True)
class DeviceReady(Event):
    """Torch has loaded and a device was chosen: `kind` is cpu, cuda or mps, `name` what a person calls it."""

    kind: str
    name: str
    memory_bytes: int = 0


@dataclass(frozen=True)
class StateChanged(Event):
    """A run entered another state. `run` is its folder, empty while there is none; `model` its id."""

    state: RunState
    run: str = ""
    model: str = ""
    step: int = 0
    steps: int = 0


@dataclass(frozen=True)
class TaskProgress(Event):
    """Long work before training goes on: `done` of `total` pictures prepared, say. total 0: unknown."""

    task: str
    done: int
    total: int


@dataclass(frozen=True)
class RunOpened(Event):
    """Requests for `run` are answered from now on. `live`: it is the run in training and its weights move."""

    run: str
    facts: ModelFacts
    live: bool
    step: int


@dataclass(frozen=True)
class StepLogged(Event):
    """One point of every plot. `elapsed` is training time in seconds, pauses left out; `seconds_left` may be None."""

    run: str
    step: int
    images: int
    elapsed: float
    metrics: Mapping[str, float]
    images_per_second: float
    seconds_left: float | None


@dataclass(frozen=True)
class SamplesReady(Event):
    """The sample grid: uint8 (N, H, W, 3). Picture i is that of seed `seed` + i; None where seeds do not decide it."""

    run: str
    step: int
    seed: int | None
    pictures: np.ndarray


@dataclass(frozen=True)
class Rendered(Event):
    """The answer to a client's request `serial`: uint8 (N, H, W, 3).

    Attributes:
        client: who asked.
        serial: which request of that client; later ones have larger numbers.
        pictures: what was asked for.
        milliseconds: from the asking to the answer.
        step: the step whose weights made it.
    """

    client: str
    serial: int
    pictures: np.ndarray
    milliseconds: float
    step: int


@dataclass(frozen=True)
class Progressed(Event):
    """Long work has come further. `step`: of the weights it works with. `finished`: this is the last of it."""

    client: str
    serial: int
    step: int
    progress: Progress
    finished: bool


@dataclass(frozen=True)
class RenderFailed(Event):
    """A request or long work came to nothing; `message` is one sentence, `detail` a traceback where it was a bug."""

    client: str
    serial: int
    message: str
    detail: str = ""


@dataclass(frozen=True)
class CheckpointSaved(Event):
    """A checkpoint is on disk and will survive a crash. `seconds` is how long writing took, off the device thread."""

    run: str
    step: int
    path: str
    seconds: float


@dataclass(frozen=True)
class HyperparameterChanged(Event):
    """A hyperparameter was changed in mid-run and is in force from `step` on."""

    run: str
    step: int
    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Noticed(Event):
    """Something a person should know that stops nothing: a damaged checkpoint was passed over, data has changed."""

    message: str


@dataclass(frozen=True)
class Rollback:
    """A way back: to resume `run` from its checkpoint of `step`, with `changes` of live hyperparameters."""

    run: str
    step: int
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Failed(Event):
    """Something went wrong. `message` and `remedy` are for people; `detail` is a traceback where it was a bug.

    `rollback`: where training has diverged, what to offer. `held`: nothing is lost, the run is held (`RunState.PAUSED`
    is told next, if it was not before) and goes on where it was by `Proceed`, once there is room on the disk.
    """

    message: str
    remedy: str = ""
    detail: str = ""
    rollback: Rollback | None = None
    held: bool = False
