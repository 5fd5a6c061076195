"""Whether a model trains as the studio expects: phases, plain scalars, everything learning, nothing hidden."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from studio.api.conformance import workbench
from studio.api.conformance.report import Inspector, require
from studio.api.data import Batch
from studio.api.hyperparameters import HyperparameterInfo
from studio.api.model import OWN_COLUMNS, GanModel, ModelSpec

STEPS = 2


def check_training(spec: ModelSpec, values: Mapping[str, Any], inspector: Inspector) -> GanModel | None:
    """Builds the model, trains it a little, and gives it back with averaged networks if it can be rendered with."""
    model: GanModel | None = None
    with inspector.check("it builds with the smallest pictures that its hyperparameters allow"):
        model = workbench.build(spec, workbench.small_hyperparameters(spec, values))
    if model is None:
        return None
    batch = workbench.random_batch(model.data, model.hp.batch)
    before = workbench.snapshot(model)
    phases: list[Mapping[str, Any]] | None = None
    with inspector.check(f"it trains for {STEPS} steps"):
        phases = [phase for step in range(STEPS) for phase in workbench.train_step(model, batch, step)]
    if phases is None:
        return None
    with inspector.check("it yields after every phase"):
        _require_yields(model, phases)
    with inspector.check("what it yields are finite, detached scalars by name"):
        for phase in phases:
            _require_scalars(phase)
    with inspector.check("every network with an optimiser learns"):
        _require_learning(model, before)
    with inspector.check("what a checkpoint keeps is all that it needs to go on exactly"):
        _require_exact_resume(spec, model, batch)
    with inspector.check("hyperparameters marked live can change while it trains"):
        _change_live_hyperparameters(model, batch)
    averaged = False
    with inspector.check("its ema_networks can be averaged"):
        workbench.average(model)
        averaged = True
    return model if averaged else None


def _require_yields(model: GanModel, phases: list[Mapping[str, Any]]) -> None:
    optimisers = sum(isinstance(part, Optimizer) for part in workbench.parts(model).values())
    a_step = len(phases) / STEPS
    require(
        a_step >= optimisers,
        f"{optimisers} optimisers, but {a_step:g} yields a step: yield after the update of each.",
    )


def _require_scalars(phase: Mapping[str, Any]) -> None:
    require(isinstance(phase, Mapping), f"It yielded {type(phase).__name__}, not a mapping of names to scalars.")
    for name, value in phase.items():
        require(name not in OWN_COLUMNS, f"{name} is the name of a column of the run's own.")
        require(isinstance(name, str) and name and name.isprintable(), f"{name!r} is not a name on one line.")
        if isinstance(value, Tensor):
            require(value.ndim == 0, f"{name} has shape {tuple(value.shape)}: take its mean.")
            require(not value.requires_grad, f"{name} keeps its graph alive: detach it.")
        else:
            require(isinstance(value, float | int), f"{name} is a {type(value).__name__}.")
        require(math.isfinite(value), f"{name} is {float(value)}.")


def _require_learning(model: GanModel, before: dict[str, Any]) -> None:
    optimisers = [part for part in workbench.parts(model).values() if isinstance(part, Optimizer)]
    require(optimisers, "No attribute is an optimiser.")
    optimised = {id(p) for part in optimisers for group in part.param_groups for p in group["params"]}
    for name, network in workbench.networks(model).items():
        learning = {key for key, parameter in network.named_parameters() if id(parameter) in optimised}
        after = network.state_dict()
        moved = any(not torch.equal(before[name][key], after[key]) for key in learning)
        require(moved or not learning, f"No parameter of {name} changed in {STEPS} steps.")
        strays = [key for key, p in network.named_parameters() if p.requires_grad and id(p) not in optimised]
        require(not strays or not learning, f"{name} has parameters that no optimiser holds: {', '.join(strays[:3])}.")


def _require_exact_resume(spec: ModelSpec, model: GanModel, batch: Batch) -> None:
    kept, extra = workbench.snapshot(model), copy.deepcopy(model.extra_state())
    _require_plain(extra, "extra_state()")
    resumed = workbench.build(spec, model.hp, seed=1)
    for name, part in workbench.parts(resumed).items():
        part.load_state_dict(copy.deepcopy(kept[name]))
    resumed.load_extra_state(copy.deepcopy(extra))
    workbench.train_step(model, batch, STEPS)
    workbench.train_step(resumed, batch, STEPS)
    went_on = workbench.networks(resumed)
    for name, network in workbench.networks(model).items():
        theirs = went_on[name].state_dict()
        differs = [key for key, value in network.state_dict().items() if not torch.equal(value, theirs[key])]
        require(
            not differs, f"A copy made from the saved state differs one step later: {name}.{', '.join(differs[:3])}."
        )


def _require_plain(node: Any, path: str) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            _require_plain(value, f"{path}[{key!r}]")
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            _require_plain(value, f"{path}[{index}]")
    else:
        kind = type(node).__name__
        require(
            isinstance(node, Tensor | bool | int | float | str | None), f"{path} is a {kind}, which cannot be kept."
        )


def _change_live_hyperparameters(model: GanModel, batch: Batch) -> None:
    as_built = model.hp
    for info in model.hp.describe():
        if info.live:
            model.hp = as_built.changed(**{info.name: _another_value(info, getattr(as_built, info.name))})
            model.hyperparameters_changed()
            workbench.train_step(model, batch, STEPS + 1)
    model.hp = as_built
    model.hyperparameters_changed()


def _another_value(info: HyperparameterInfo, value: Any) -> Any:
    match info.kind:
        case "bool":
            return not value
        case "choice":
            return next((choice for choice in info.choices if choice != value), value)
        case "int":
            return value - 1 if value == info.maximum else value + 1
        case "float":
            return _another_float(info, value)
        case _:
            return value


def _another_float(info: HyperparameterInfo, value: float) -> float:
    if info.maximum is not None and value < info.maximum:
        return (9 * value + info.maximum) / 10
    return value if info.minimum is None else (9 * value + info.minimum) / 10
