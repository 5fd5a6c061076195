"""Every hook that a plugin may implement: functions marked with `hookimpl` in the entry point's module."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from studio.api.canvas import CanvasSpec
    from studio.api.data import DatasetSpec
    from studio.api.files import ExporterSpec, ImporterSpec
    from studio.api.metrics import MetricSpec
    from studio.api.model import ModelSpec

ENTRY_POINT_GROUP = "ganvas.plugins"
API_VERSION = 1

hookspec = pluggy.HookspecMarker("ganvas")
hookimpl = pluggy.HookimplMarker("ganvas")


@hookspec
def studio_models() -> Iterable[ModelSpec]:
    """The models this plugin offers."""
    raise NotImplementedError


@hookspec
def studio_datasets() -> Iterable[DatasetSpec]:
    """Named data that needs no path, such as `demo:icons`."""
    raise NotImplementedError


@hookspec
def studio_canvases() -> Iterable[CanvasSpec]:
    """Canvases, each offered for every model that has what the canvas requires."""
    raise NotImplementedError


@hookspec
def studio_metrics() -> Iterable[MetricSpec]:
    """Scores of pictures against real ones, for `ganvas runs measure`."""
    raise NotImplementedError


@hookspec
def studio_importers() -> Iterable[ImporterSpec]:
    """Readers of others' model files; the studio makes a run of what they read."""
    raise NotImplementedError


@hookspec
def studio_exporters() -> Iterable[ExporterSpec]:
    """Writers of a run's networks in other formats."""
    raise NotImplementedError


@hookspec
def studio_run_finished(run: Path, outcome: str) -> None:
    """Called once after a run ends: its folder, and `finished`, `stopped` or `failed`."""
    raise NotImplementedError
