"""Runs that were not trained here: made of named arrays, whatever file these were read from."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import filelock
import numpy as np

from studio.api.capabilities import Realism
from studio.api.errors import StudioError
from studio.engine.atomic import disk_errors
from studio.engine.events import RunState
from studio.engine.runs import RECORD, Origin, Run, RunRecord

if TYPE_CHECKING:
    from studio.api.data import DataInfo
    from studio.api.model import GanModel, ModelSpec
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import RunStore

    Networks = Mapping[str, Mapping[str, np.ndarray]]

T = TypeVar("T")

STAGING = "imports"
JUDGE = "D"  # the one network without which there are pictures all the same
NETWORK = "module."  # where torch's AveragedModel keeps what it averages
NAMED = 3  # of many tensors that do not fit, so many are named
LONGEST_STEM = 40
OTHER_MODEL = "It was made with other hyperparameters, or with another version of the model."


def keep_as_run(
    store: RunStore,
    host: PluginHost,
    model: str,
    hyperparameters: Mapping[str, Any],
    info: DataInfo,
    networks: Networks,
    *,
    source: str,
    sha256: str,
    step: int = 0,
    data: str = "",
    name: str = "",
    check: bool = True,
) -> Run:
    """Makes a finished run of a model's averaged networks, which can be played with and not resumed.

    The run appears whole or not at all. With `check` the model is built, which draws from torch's global generators:
    not in a process that trains. Without, torch is not needed.

    Args:
        store: where the run goes.
        host: the plugins.
        model: the model's id.
        hyperparameters: its values, of which those left out have their defaults.
        info: what the model may know of its data.
        networks: the state dicts, buffers included, of each of the model's `ema_networks` by its name, and of any
            other network of the model. Without `D` the run cannot judge pictures. Floats of any width.
        source: the name of the file they come from; `sha256` its hash.
        step: generator updates that it was trained for, where known.
        data: what it learnt from, as one types it; empty where that is not known.
        name: of the run; one that is there already is given back as it is. Empty: after the moment and the source.
        check: whether to see that the arrays fit the model. Without, they are known to, and `networks` are the
            averaged ones and no other.

    Raises:
        StudioError: there is no such model, a hyperparameter is out of bounds, or the arrays do not fit the networks.
    """
    spec = host.model(model)
    values = spec.hyperparameters.build(hyperparameters.items()).model_dump()
    if values["resolution"] != info.resolution:
        problem = f"{source} is for {values['resolution']} pixels and was trained on {info.resolution} pixels."
        raise StudioError(problem, OTHER_MODEL)
    lacks = _lacks(spec, networks)
    averaged = tuple(networks)
    if check:
        averaged, networks = _checked(host, spec, values, info, networks, source)
    plugin = host.plugin_of(model)
    record = RunRecord(
        model=model,
        plugin=plugin.id,
        plugin_version=plugin.version,
        data=data,
        data_info=dataclasses.asdict(info),
        hyperparameters=values,
        steps=step,
        step=step,
        status=RunState.FINISHED,
        origin=Origin(source=source, sha256=sha256, lacks=lacks),
    )
    return _keep(store, record, _state(record, averaged, networks), name)


def _checked(
    host: PluginHost, spec: ModelSpec, values: dict[str, Any], info: DataInfo, networks: Networks, source: str
) -> tuple[tuple[str, ...], Networks]:
    """The names of the averaged networks, after every array was seen to have its place in the model; and all of them.

    Where there is no D, there is one that has learnt nothing: a model cannot be built without, and it is never asked.
    """
    import torch

    from studio.engine.player import build_model
    from studio.engine.trainer import network_names

    averaged = host.load_model(spec.id).ema_networks
    missing = [network for network in averaged if network not in networks]
    if missing and (missing != [JUDGE] or Realism not in spec.capabilities):
        raise StudioError(f"{source} lacks the {spec.title} network {missing[0]}.", "Ask for the whole model.")
    with torch.random.fork_rng(devices=[]):
        model = build_model(host, spec, values, info)
    for name, arrays in networks.items():
        if name not in network_names(model):
            raise StudioError(f"{spec.title} has no network {name}, which {source} brings.", OTHER_MODEL)
        _check_one(model, name, arrays, f"{source} does not fit {spec.title}")
    drawn = {name: {key: one.numpy() for key, one in getattr(model, name).state_dict().items()} for name in missing}
    return averaged, {**networks, **drawn}


def _check_one(model: GanModel, name: str, arrays: Mapping[str, np.ndarray], problem: str) -> None:
    wanted = {key: tuple(tensor.shape) for key, tensor in getattr(model, name).state_dict().items()}
    if absent := [key for key in wanted if key not in arrays]:
        raise StudioError(f"{problem}: {_listed(name, absent)} missing.", OTHER_MODEL)
    if strange := [key for key in arrays if key not in wanted]:
        raise StudioError(f"{problem}: {_listed(name, strange)} of no use.", OTHER_MODEL)
    for key, shape in wanted.items():
        if arrays[key].shape != shape:
            raise StudioError(f"{problem}: {name}.{key} is {arrays[key].shape} and should be {shape}.", OTHER_MODEL)
        if arrays[key].dtype.kind == "f" and not np.isfinite(arrays[key]).all():
            raise StudioError(f"{problem}: {name}.{key} holds infinite numbers or none.", "Ask for a sound file.")


def _listed(network: str, keys: Sequence[str]) -> str:
    named = ", ".join(f"{network}.{key}" for key in keys[:NAMED])
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"{named}{more} {'is' if len(keys) == 1 else 'are'}"


def _lacks(spec: ModelSpec, networks: Networks) -> tuple[str, ...]:
    """D alone says how real a picture looks, and nothing else needs it."""
    return () if JUDGE in networks or Realism not in spec.capabilities else (Realism.__name__,)


def averages_of(networks: Networks) -> dict[str, dict[str, np.ndarray]]:
    """What `Averages.load_state_dict` takes, once it is tensors, of the state dicts of averaged networks."""
    counted = {"n_averaged": np.ones((), np.int64)}
    return {
        name: {**counted, **{f"{NETWORK}{key}": array for key, array in arrays.items()}}
        for name, arrays in networks.items()
    }


def averaged_networks(state: Mapping[str, Mapping[str, T]]) -> dict[str, dict[str, T]]:
    """The state dicts of the averaged networks in what `Averages.state_dict` gave."""
    return {
        name: {key.removeprefix(NETWORK): value for key, value in averaged.items() if key.startswith(NETWORK)}
        for name, averaged in state.items()
    }


def _state(record: RunRecord, averaged: Sequence[str], networks: Networks) -> dict[str, Any]:
    """What a checkpoint of the run holds."""
    others = {name: dict(arrays) for name, arrays in networks.items() if name not in averaged}
    return {
        "step": record.step,
        "images": 0,
        "hyperparameters": record.hyperparameters,
        "model": {"parts": others, "extra": None},
        "averages": averages_of({name: networks[name] for name in averaged}),
        "elapsed": 0.0,
    }


def _keep(store: RunStore, record: RunRecord, state: dict[str, Any], name: str) -> Run:
    """Builds the run in a folder of its own and moves it among the runs when it is whole."""
    with _staging(store) as staging:
        folder = store.folder / (name or _free_name(store, record))
        if (folder / RECORD).exists():
            return Run.load(folder)
        with disk_errors(staging):
            (staging / "samples").mkdir(parents=True)
            store.folder.mkdir(parents=True, exist_ok=True)
        run = Run(staging, record)
        run.checkpoints.save_arrays(record.step, state)
        run.update(created=_now().isoformat(timespec="milliseconds"))
        with disk_errors(folder):
            staging.rename(folder)
    return Run.load(folder)


def _free_name(store: RunStore, record: RunRecord) -> str:
    """`<utc>-<model>-<file>`, and with a number behind where that is taken."""
    assert record.origin is not None
    stem = re.sub(r"[^a-z0-9]+", "-", Path(record.origin.source).stem.lower()).strip("-")[:LONGEST_STEM]
    name = "-".join(part for part in (f"{_now():%Y%m%d-%H%M%S}", record.model, stem) if part)
    numbered = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(free for free in numbered if not (store.folder / free).exists())


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@contextmanager
def _staging(store: RunStore) -> Iterator[Path]:
    """A folder that is nobody else's; what a crash left there is cleared."""
    place = store.home / STAGING
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(place / "lock"):
        folder = place / "run"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
