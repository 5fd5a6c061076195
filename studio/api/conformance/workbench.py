"""A model on the bench: built small, fed with random data, trained by a bare loop."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel

from studio.api.conformance.declarations import model_class
from studio.api.data import Batch, DataInfo, DataKind
from studio.api.errors import StudioError
from studio.api.hyperparameters import Hyperparameters
from studio.api.model import Clock, GanModel, ModelSpec

LABELS = ("first", "second", "third")
OBJECTS = 3


def small_hyperparameters(spec: ModelSpec, values: Mapping[str, Any]) -> Hyperparameters:
    """The smallest pictures that the hyperparameters allow, 8 px or a power of two above, in batches of 4.

    Raises:
        StudioError: `values` are not valid.
    """
    for resolution in (8, 16, 32, 64, 128):
        try:
            return spec.hyperparameters.build({"resolution": resolution, "batch": 4, **values}.items())
        except StudioError:
            continue
    return spec.hyperparameters.build({"batch": 4, **values}.items())


def data_info(kind: DataKind, resolution: int, count: int = 64) -> DataInfo:
    """What would be known of a data set of that kind; with three labels where the kind has labels."""
    labels = LABELS if kind in (DataKind.LABELLED, DataKind.LAYOUT) else ()
    return DataInfo(kind, count, resolution, labels=labels, objects=OBJECTS if kind is DataKind.LAYOUT else 0)


def build(spec: ModelSpec, hp: Hyperparameters, seed: int = 0) -> GanModel:
    """The model, as the studio builds it: seeded, and on the CPU."""
    torch.manual_seed(seed)
    model = model_class(spec)(hp, data_info(spec.data, hp.resolution))
    model.device = torch.device("cpu")
    return model


def random_batch(info: DataInfo, size: int, seed: int = 0) -> Batch:
    """A batch of noise with every field that the data kind has."""
    draw = torch.Generator().manual_seed(seed)

    def pictures() -> Tensor:
        return torch.rand(size, info.channels, info.resolution, info.resolution, generator=draw) * 2 - 1

    batch = Batch(pictures())
    if info.kind in (DataKind.PAIRED, DataKind.UNPAIRED):
        batch.images_b = pictures()
    if info.kind is DataKind.LABELLED:
        batch.labels = torch.randint(len(info.labels), (size,), generator=draw)
    if info.kind is DataKind.LAYOUT:
        batch.labels = torch.randint(len(info.labels), (size, OBJECTS), generator=draw)
        batch.boxes = random_boxes(size, draw)
        batch.present = torch.tensor([True] * (OBJECTS - 1) + [False]).repeat(size, 1)
    if info.kind is DataKind.CAPTIONED:
        batch.captions = tuple(f"a picture of {LABELS[index % len(LABELS)]}" for index in range(size))
    return batch


def random_boxes(size: int, draw: torch.Generator) -> Tensor:
    """Boxes (size, OBJECTS, 4) that lie inside the picture."""
    corners = torch.rand(size, OBJECTS, 2, generator=draw) / 2
    return torch.cat([corners, torch.full_like(corners, 0.5)], dim=2)


def train_step(model: GanModel, batch: Batch, step: int = 0) -> list[Mapping[str, Any]]:
    """One step, seeded by its number as in the studio; gives what each phase yielded."""
    torch.manual_seed(step)
    model.clock = Clock(step, step * len(batch), 1000)
    return list(model.training_step(batch))


def parts(model: GanModel) -> dict[str, nn.Module | Optimizer]:
    """The networks and optimisers by attribute name."""
    return {name: part for name, part in vars(model).items() if isinstance(part, nn.Module | Optimizer)}


def networks(model: GanModel) -> dict[str, nn.Module]:
    """The networks by attribute name."""
    return {name: part for name, part in parts(model).items() if isinstance(part, nn.Module)}


def snapshot(model: GanModel) -> dict[str, Any]:
    """A copy of the state of all parts."""
    return {name: copy.deepcopy(part.state_dict()) for name, part in parts(model).items()}


def average(model: GanModel) -> None:
    """Gives the model its averaged networks, equal to the newest."""
    model.ema = {}
    for name in model.ema_networks:
        averaged = AveragedModel(getattr(model, name), use_buffers=True)
        averaged.update_parameters(getattr(model, name))
        model.ema = {**model.ema, name: averaged.module.eval().requires_grad_(False)}


@contextmanager
def quiet_random_state() -> Iterator[None]:
    """Puts torch's global generator back where it was."""
    with torch.random.fork_rng(devices=[]):
        yield
