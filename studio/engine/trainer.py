"""The training loop, phase by phase, and nothing else: it knows no run, no window and no clock on the wall."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from studio.api.model import OWN_COLUMNS, Clock
from studio.data.draws import Draws
from studio.engine.averages import Averages
from studio.engine.health import Health
from studio.engine.misfits import require_fit

if TYPE_CHECKING:
    from studio.api.data import Batch
    from studio.api.model import GanModel
    from studio.data.dataset import Dataset

Precision = Literal["float32", "bfloat16"]

WEIGHTS_STREAM = 0
STEP_STREAM = 1


class Trainer:
    """Advances a model one phase at a time.

    Everything random is a function of (seed, step): weights, data order, and torch's global generators, which are
    seeded anew at every step. So a run that was stopped goes on exactly as if it had not been.

    Attributes:
        model: what is trained.
        averages: its averaged networks.
        step: generator updates done; `images` real pictures drawn so far.
        metrics: the newest that phases have yielded of each name, since the last step that `log_every` divides: what a
            model yields every few steps alone, as lazy regularisation does, is among them when they are logged.
    """

    def __init__(
        self,
        model: GanModel,
        data: Dataset,
        *,
        seed: int,
        steps: int,
        device: torch.device,
        precision: Precision = "float32",
    ) -> None:
        self.model = place(model, device)
        self.averages = Averages(model)
        self.steps = steps
        self.step = 0
        self.images = 0
        self.metrics: dict[str, Tensor | float] = {}
        self._health = Health(self.model, device)
        self._device = device
        self._seed = seed
        self._precision = precision
        self._draws = Draws(data, seed)
        self._phases: Iterator[Mapping[str, Tensor | float]] | None = None
        self._images_at_start = 0

    @property
    def between_steps(self) -> bool:
        """Whether the state is one that a checkpoint can hold."""
        return self._phases is None

    def advance(self) -> bool:
        """Runs one phase; True when a step is complete.

        Raises:
            DivergedError: on a CPU, where a loss or a weight has become NaN or infinite in this step.
            TypeError: the model yielded something else than scalars by name.
            ValueError: one has a name that it cannot have.
        """
        if self._phases is None:
            self._begin_step()
        assert self._phases is not None
        with self._autocast():
            phase = list(itertools.islice(self._phases, 1))
        if not phase:
            self._end_step()
            return True
        self.metrics.update(_scalars(phase[0]))
        return False

    def check(self) -> None:
        """Waits for the device and looks whether the numbers of every step so far were finite.

        Raises:
            DivergedError: they were not. The averages are those of the steps before.
        """
        self._health.check(self.metrics)

    def let_go_of_gradients(self) -> None:
        """Gives their memory back, and what torch keeps in reserve. Only where training has ended."""
        self._phases = None
        for _, network in _parts(self.model, nn.Module):
            network.zero_grad(set_to_none=True)
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def change(self, **values: Any) -> None:
        """Replaces hyperparameters, from the next phase on.

        Raises:
            StudioError: a value is out of bounds.
        """
        self.model.hp = self.model.hp.changed(**values)
        self.model.hyperparameters_changed()

    def state_dict(self) -> dict[str, Any]:
        """All that a resumed run needs. Only between steps."""
        assert self.between_steps
        return {
            "step": self.step,
            "images": self.images,
            "hyperparameters": self.model.hp.model_dump(),
            "model": model_state(self.model),
            "averages": self.averages.state_dict(),
            "metrics": dict(self.metrics),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state_dict` gave.

        Raises:
            StudioError: the state is of another model or of other hyperparameters.
        """
        self.model.hp = type(self.model.hp).build(state["hyperparameters"].items())
        load_model_state(self.model, state["model"])
        self.averages.load_state_dict(state["averages"])
        self.step, self.images = state["step"], state["images"]
        kept = state.get("metrics", {})  # checkpoints of older versions have none
        self.metrics = {
            name: value.to(self._device) if isinstance(value, Tensor) else value for name, value in kept.items()
        }
        self._phases = None

    def _begin_step(self) -> None:
        seed_generators(stream_seed(self._seed, STEP_STREAM, self.step), self._device)
        self.model.clock = Clock(self.step, self.images, self.steps)
        if self.step % self.model.hp.log_every == 0:
            self.metrics = {}
        self._images_at_start = self.images
        self._phases = iter(self.model.training_step(self._draw()))

    def _end_step(self) -> None:
        self._phases = None
        healthy = self._health.look(self.step + 1, self.metrics)
        on_cpu = self._device.type == "cpu"
        if on_cpu:
            self.check()
        drawn = self.images - self._images_at_start
        with self.averages.still:
            self.averages.update(self.model.hp, self.images, drawn, None if on_cpu else healthy)
            self.step += 1

    def _draw(self) -> Batch:
        size = self.model.hp.batch
        batch = self._draws.batch(self.images, size, self._device)
        batch._next = self._draw
        self.images += size
        return batch

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self._precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self._device.type, torch.bfloat16)


def _scalars(yielded: object) -> dict[str, Tensor | float]:
    """What a phase has yielded, looked at: a wrong one would be found where nobody knows any more what it was."""
    if not isinstance(yielded, Mapping):
        raise TypeError(f"training_step yielded {yielded!r:.80}, and not a mapping of names to scalars.")
    for name in yielded:
        if name in OWN_COLUMNS or not (isinstance(name, str) and name and name.isprintable()):
            raise ValueError(f"training_step yielded a metric called {name!r}, which a run cannot keep. Rename it.")
    return {name: _alone(name, value) for name, value in yielded.items()}


def _alone(name: str, value: Tensor | float) -> Tensor | float:
    """A metric without the graph that it came from, which would stay as long as it does."""
    if not isinstance(value, Tensor):
        return float(value)
    if value.numel() != 1:
        raise TypeError(f"training_step yielded {name} of shape {tuple(value.shape)}, and not a scalar.")
    return value.detach()


def stream_seed(seed: int, stream: int, step: int = 0) -> int:
    """A 64-bit seed for one use of randomness, independent of every other."""
    return int(np.random.SeedSequence([seed % 2**64, stream, step]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def seed_generators(seed: int, device: torch.device) -> None:
    """Seeds torch's global generators of the CPU and of `device`.

    Not `torch.manual_seed`: where CUDA is installed but not in use, that remembers every call for ever.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)


def place(model: GanModel, device: torch.device) -> GanModel:
    """Moves every network of the model to `device`."""
    for _, network in _parts(model, nn.Module):
        network.to(device)
    model.device = device
    return model


def model_state(model: GanModel) -> dict[str, Any]:
    """The state of every network and optimiser by its attribute's name, and the model's extra state."""
    parts = {name: part.state_dict() for name, part in _parts(model, nn.Module, torch.optim.Optimizer)}
    return {"parts": parts, "extra": model.extra_state()}


def load_model_state(model: GanModel, state: Mapping[str, Any]) -> None:
    """Takes back what `model_state` gave, onto the devices where the networks are.

    Raises:
        StudioError: it is of other networks or optimisers.
    """
    for name, part in _parts(model, nn.Module, torch.optim.Optimizer):
        require_fit(name, part, state["parts"].get(name))
        part.load_state_dict(state["parts"][name])
        if isinstance(part, torch.optim.Optimizer):
            _lay_out_as_weights(part)
    model.load_extra_state(state["extra"])


def load_networks(model: GanModel, state: Mapping[str, Any]) -> None:
    """As `load_model_state`, without optimisers: for a model that is only played with. An imported run may lack D.

    Raises:
        StudioError: it is of other networks.
    """
    for name, network in _parts(model, nn.Module):
        if name in state["parts"]:
            require_fit(name, network, state["parts"][name])
            network.load_state_dict(state["parts"][name])
    if state["extra"] is not None:
        model.load_extra_state(state["extra"])


def network_names(model: GanModel) -> tuple[str, ...]:
    """The names of all its networks."""
    return tuple(name for name, _ in _parts(model, nn.Module))


def _lay_out_as_weights(optimizer: torch.optim.Optimizer) -> None:
    """Gives an optimiser's memory of each weight that weight's strides.

    Checkpoints hold contiguous tensors, and fused optimisers walk through both in the order of storage: beside a
    channels-last weight, a contiguous moment would belong to other elements.
    """
    for weight, memory in optimizer.state.items():
        for name, value in memory.items():
            if isinstance(value, Tensor) and value.shape == weight.shape and value.stride() != weight.stride():
                memory[name] = torch.empty_like(weight, dtype=value.dtype).copy_(value)


def _parts(model: GanModel, *kinds: type) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in vars(model).items() if isinstance(value, kinds)]
