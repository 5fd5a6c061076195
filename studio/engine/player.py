"""A model that answers requests for pictures, whether it is in training or was loaded from a run."""

from __future__ import annotations

import copy
import dataclasses
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from studio.api import capabilities as known
from studio.api.data import DataInfo, DataKind
from studio.api.requests import exact, exact_dtype
from studio.data.kinds import require_kind
from studio.engine.averages import Averages
from studio.engine.device import choose_device
from studio.engine.events import ModelFacts
from studio.engine.misfits import model_of, still_fitting
from studio.engine.trainer import load_networks, place

if TYPE_CHECKING:
    from torch import Tensor

    from studio.api.canvas import LongRequest, Progress, RenderRequest
    from studio.api.model import GanModel, ModelSpec
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run

LABELS_MATTER = (DataKind.LABELLED, DataKind.LAYOUT)


@dataclass(frozen=True)
class Player:
    """Renders with a model's averaged networks.

    Attributes:
        run: the run's folder.
        model: the model, its `ema` filled.
        facts: what canvases may know of it.
        step_now: the step whose weights are in use at this moment.
        still: held by whoever moves the weights, step included, or copies them.
    """

    run: str
    model: GanModel
    facts: ModelFacts
    step_now: Callable[[], int]
    still: threading.Lock = field(default_factory=threading.Lock)

    def render(self, request: RenderRequest) -> np.ndarray:
        """The pictures of a request, uint8 (N, H, W, 3)."""
        with torch.inference_mode():
            return to_uint8(request.render(self.model))

    def undertake(self, request: LongRequest) -> Iterator[Progress]:
        """Long work with the averaged networks, which nobody may move in the meantime: see `copied`."""
        return request.steps(self.model)

    def copied(self) -> Player:
        """A copy with the averaged networks as they are now, all of one step: training moves its own."""
        model = copy.copy(self.model)
        with self.still:
            step = self.step_now()
            model.ema = {name: copy.deepcopy(network) for name, network in self.model.ema.items()}
        return dataclasses.replace(self, model=model, step_now=lambda: step)

    def held(self) -> Player:
        """As `copied`, for pictures worth keeping: `exact` as well."""
        made = self.copied()
        for network in made.model.ema.values():
            network.to(exact_dtype(made.model))
        return made

    def exact(self) -> Player:
        """A copy for pictures worth keeping: computed in float64 on a CPU, so that every CPU gives the same."""
        return dataclasses.replace(self, model=exact(self.model))


def load_player(run: Run, host: PluginHost, device: torch.device, step: int | None = None) -> Player:
    """Loads the averaged networks of a run, without touching torch's global random state.

    Raises:
        StudioError: its model is not installed, or there is no usable checkpoint.
    """
    if step is None:
        step, state, _ = run.checkpoints.load_newest()
    else:
        state = run.checkpoints.at(step).load()
    spec = model_of(run, host)
    plugin = host.plugin_of(spec.id)
    with still_fitting(run, plugin):
        spec.hyperparameters.build(state["hyperparameters"].items())
    with torch.random.fork_rng(devices=[]):
        model = build_model(host, spec, state["hyperparameters"], data_info(run.record.data_info))
        averages = Averages(model)
    with still_fitting(run, plugin):
        load_networks(model, state["model"])
        averages.load_state_dict(state["averages"])
    place(model, device)
    for network in averages.networks.values():
        network.to(device)
    loaded = step
    lacks = run.record.origin.lacks if run.record.origin is not None else ()
    return Player(str(run.folder), model, facts_of(spec, model, lacks), lambda: loaded)


def load_for_keeps(run: Run, host: PluginHost, device: str = "auto", step: int | None = None) -> Player:
    """As `load_player`, for pictures worth keeping: on a CPU in float64, so that every CPU gives the same.

    Args:
        run: whose model.
        host: the plugins.
        device: where to compute, as a person says it.
        step: of a checkpoint; the newest where None.

    Raises:
        StudioError: also where there is no such device.
    """
    return load_player(run, host, choose_device(device), step).exact()


def build_model(host: PluginHost, spec: ModelSpec, values: dict[str, Any], info: DataInfo) -> GanModel:
    """A new model of validated hyperparameters, its weights drawn from torch's global generator, on the CPU.

    Raises:
        StudioError: a value is out of bounds, or the data is not of the kind the model needs.
    """
    require_kind(info.kind, spec.data, spec.title)
    return host.load_model(spec.id)(spec.hyperparameters.build(values.items()), info)


def facts_of(spec: ModelSpec, model: GanModel, lacks: Collection[str] = ()) -> ModelFacts:
    """Reads off a model what canvases may know; `lacks` names the capabilities whose networks are not there."""
    space = model.latent_space if isinstance(model, known.LatentSampling) else None
    return ModelFacts(
        model=spec.id,
        title=spec.title,
        resolution=model.data.resolution,
        capabilities=tuple(one.__name__ for one in spec.capabilities if one.__name__ not in lacks),
        latent_space=space,
        num_ws=model.num_ws if isinstance(model, known.StyleMixing) else 0,
        directions=model.directions if isinstance(model, known.ImageTranslation) else (),
        labels=model.data.labels if model.conditional or spec.data in LABELS_MATTER else (),
        hyperparameters=model.hp.model_dump(),
    )


def data_info(stored: dict[str, Any]) -> DataInfo:
    """The `DataInfo` that a run's record holds."""
    return DataInfo(
        kind=DataKind(stored["kind"]),
        count=stored["count"],
        resolution=stored["resolution"],
        channels=stored["channels"],
        labels=tuple(stored["labels"]),
        domains=(stored["domains"][0], stored["domains"][1]),
        objects=stored.get("objects", 0),
    )


def to_uint8(images: Tensor) -> np.ndarray:
    """Pictures in [-1, 1], (N, 3, H, W), as uint8 (N, H, W, 3): 127.5 x + 127.5, rounded.

    Raises:
        TypeError: they are of another shape.
    """
    if images.ndim != 4 or images.shape[1] != 3:
        raise TypeError(f"The model made pictures of shape {tuple(images.shape)}, and (N, 3, H, W) is needed")
    scaled = images.detach().mul(127.5).add_(127.5).round_().clamp_(0, 255)
    array: np.ndarray = scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return array
