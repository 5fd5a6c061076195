"""Runs whose plugin has changed since: what of a checkpoint does not fit the model as it is now, in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.api.errors import StudioError

if TYPE_CHECKING:
    from studio.api.model import ModelSpec
    from studio.engine.plugin_status import PluginStatus
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run


def model_of(run: Run, host: PluginHost) -> ModelSpec:
    """The model that a run is of.

    Raises:
        StudioError: its plugin is not there, or could not be loaded; names it.
    """
    record = run.record
    found = host.models().get(record.model)
    if found is not None:
        return found
    failed = next((one for one in host.plugins if one.id == record.plugin and not one.ok), None)
    if failed is not None:
        raise StudioError(
            f"{run.name} needs the plugin {record.plugin}, which could not be loaded: {failed.error}",
            "`ganvas plugins` says more.",
        )
    raise StudioError(
        f"{run.name} needs {record.model}, of the plugin {record.plugin} {record.plugin_version}, which is not here.",
        f"Install that version of {record.plugin} again.",
    )


@contextlib.contextmanager
def still_fitting(run: Run, plugin: PluginStatus) -> Iterator[None]:
    """What does not fit meanwhile is said of the run, with the version of the plugin that it was made with.

    Raises:
        StudioError: something does not.
    """
    try:
        yield
    except StudioError as error:
        made, now = run.record.plugin_version, plugin.version
        whose = plugin.distribution or plugin.id
        if made == now:
            message = f"{run.name} does not fit the plugin {plugin.id} any more: {error.message}"
            raise StudioError(message, "Put the plugin back as it was, or train anew.") from error
        message = (
            f"{run.name} was made with {whose} {made}, and does not fit {now}, which is installed: {error.message}"
        )
        raise StudioError(message, f"Install {whose} {made} again, or train anew.") from error


def require_fit(name: str, part: nn.Module | torch.optim.Optimizer, kept: Mapping[str, Any] | None) -> None:
    """Compares a network or an optimiser with the state that a checkpoint has under its name.

    Raises:
        StudioError: it has none, or one of other tensors.
    """
    if kept is None:
        raise StudioError(f"There is no {name} in its checkpoint.")
    now = part.state_dict()
    if isinstance(part, nn.Module):
        _require_same_shapes(name, now, kept)
    elif _held(now) != _held(kept):
        raise StudioError(f"{name} holds {sum(_held(kept))} tensors in its checkpoint, and {sum(_held(now))} now.")


def _require_same_shapes(name: str, now: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    for key in sorted({*now, *kept}):
        before, after = _shape(kept, key), _shape(now, key)
        if before != after:
            raise StudioError(f"{name}.{key} is {before} in its checkpoint, and {after} now.")


def _shape(state: Mapping[str, Any], key: str) -> str:
    if key not in state:
        return "missing"
    value = state[key]
    return str(tuple(value.shape)) if isinstance(value, Tensor) else "no tensor"


def _held(state: Mapping[str, Any]) -> list[int]:
    return [len(group["params"]) for group in state["param_groups"]]
