"""Imports one plugin, asks its hooks and checks the answers. All that can go wrong ends as a `PluginError`."""

from __future__ import annotations

import difflib
import functools
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from studio.api import (
    ENTRY_POINT_GROUP,
    CanvasSpec,
    DataKind,
    DatasetSpec,
    ExporterSpec,
    Hyperparameters,
    ImporterSpec,
    MetricSpec,
    ModelSpec,
    Preset,
    StudioError,
    hooks,
)
from studio.data.sources import BUILT_IN

T = TypeVar("T")
Called = MetricSpec | ImporterSpec | ExporterSpec

MODEL_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REFERENCE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
SUFFIX = re.compile(r"(\.[a-z0-9_-]+)+")
OWN_FORMATS = ("safetensors", "onnx")
QT_PACKAGES = ("PySide6", "PySide2", "PyQt6", "PyQt5", "shiboken6", "pyqtgraph")

COLLECTED: dict[str, type] = {
    "studio_models": ModelSpec,
    "studio_datasets": DatasetSpec,
    "studio_canvases": CanvasSpec,
    "studio_metrics": MetricSpec,
    "studio_importers": ImporterSpec,
    "studio_exporters": ExporterSpec,
}
# What each of these names by `module:callable`.
CALLED = {"studio_metrics": "metric", "studio_importers": "reader", "studio_exporters": "writer"}


class PluginError(Exception):
    """Why a plugin cannot be used: one sentence that begins with `It` or `Its`. A bug of its own is the cause."""

    @property
    def detail(self) -> str:
        """The traceback of what the plugin raised; empty where it raised nothing."""
        return "" if self.__cause__ is None else "".join(traceback.format_exception(self.__cause__))


@dataclass(frozen=True)
class Contributions:
    """What one plugin offers, checked. `manager` calls its hooks."""

    manager: pluggy.PluginManager
    models: tuple[ModelSpec, ...] = ()
    datasets: tuple[DatasetSpec, ...] = ()
    canvases: tuple[CanvasSpec, ...] = ()
    metrics: tuple[MetricSpec, ...] = ()
    importers: tuple[ImporterSpec, ...] = ()
    exporters: tuple[ExporterSpec, ...] = ()

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The ids of its models."""
        return tuple(spec.id for spec in self.models)

    @property
    def offers(self) -> tuple[str, ...]:
        """Kind and id of everything else it offers."""
        others: dict[str, tuple[Any, ...]] = {
            "dataset": self.datasets,
            "canvas": self.canvases,
            "metric": self.metrics,
            "importer": self.importers,
            "exporter": self.exporters,
        }
        return tuple(f"{kind} {spec.id}" for kind, specs in others.items() for spec in specs)


def load(entry_point: EntryPoint) -> Contributions:
    """Imports a plugin and collects what it offers.

    Raises:
        PluginError: whatever went wrong, `sys.exit` included. Ctrl-C alone passes through.
    """
    qt_before = _qt_loaded()
    plugin = _guard(entry_point.load, "while it was imported")
    if qt := _qt_loaded() - qt_before:
        raise PluginError(f"It imports {min(qt)} when it is loaded; only the widgets that a canvas names may do so.")
    return collect(plugin, entry_point.name)


def collect(plugin: object, name: str) -> Contributions:
    """Asks an imported plugin what it offers, and checks every answer.

    Raises:
        PluginError: a hook that does not exist, raises, or answers with something else than it should.
    """
    manager = _register(plugin, name)
    answers = {hook: _answers(manager, hook, expected) for hook, expected in COLLECTED.items()}
    for spec in answers["studio_models"]:
        _guard(functools.partial(_check_model, spec), f"in its model {spec.id!r}")
    for spec in answers["studio_datasets"]:
        _check_dataset(spec)
    for hook, field in CALLED.items():
        for spec in answers[hook]:
            _check_called(spec, field)
    return Contributions(manager, *(tuple(answers[hook]) for hook in COLLECTED))


def resolve(reference: str) -> Any:
    """The object that a `module:name` reference stands for."""
    return EntryPoint(name=reference, value=reference, group=ENTRY_POINT_GROUP).load()


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("ganvas")
    manager.add_hookspecs(hooks)
    return manager


def _register(plugin: object, name: str) -> pluggy.PluginManager:
    # A manager for each plugin: a hook wrapper can then touch nobody else's answers, nor a raising hook end them.
    manager = _manager()
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(_misspelt(manager) or f"It has an invalid hook: {_sentence(error)}") from error
    callers = manager.get_hookcallers(plugin)
    if not callers:
        raise PluginError("It has no hooks; mark its functions with `studio.api.hookimpl`.")
    return manager


def _misspelt(manager: pluggy.PluginManager) -> str:
    known = [name for name in vars(hooks) if name.startswith("studio_")]
    unknown = sorted(name for name in vars(manager.hook) if not name.startswith("_") and name not in known)
    if not unknown:
        return ""
    near = difflib.get_close_matches(unknown[0], known, n=1)
    return f"It has a hook that does not exist, {unknown[0]}" + (f"; the nearest is {near[0]}." if near else ".")


def _answers(manager: pluggy.PluginManager, hook: str, expected: type) -> list[Any]:
    caller = getattr(manager.hook, hook)
    specs = _guard(lambda: [spec for answer in caller() for spec in _iterate(answer, hook)], f"in its hook {hook}")
    for spec in specs:
        if not isinstance(spec, expected):
            raise PluginError(f"Its hook {hook} gave {_describe(spec)} where {expected.__name__} is expected.")
    ids = [spec.id for spec in specs]
    for repeated in {id_ for id_ in ids if ids.count(id_) > 1}:
        raise PluginError(f"Its hook {hook} gave the id {repeated!r} twice.")
    return specs


def _iterate(answer: object, hook: str) -> Iterable[Any]:
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise PluginError(f"Its hook {hook} gave {_describe(answer)} where a list is expected.")
    return answer


def _check_model(spec: ModelSpec) -> None:
    _require(isinstance(spec.id, str) and MODEL_ID.fullmatch(spec.id), spec, "id is not lower case, digits and dashes")
    _require(isinstance(spec.title, str) and spec.title, spec, "title is empty")
    _require(
        isinstance(spec.model, str) and REFERENCE.fullmatch(spec.model), spec, "class is not given as module:Class"
    )
    _require(isinstance(spec.data, DataKind), spec, "data is not a DataKind")
    _require(all(isinstance(one, type) for one in spec.capabilities), spec, "capabilities are not all Protocols")
    hp = spec.hyperparameters
    _require(isinstance(hp, type) and issubclass(hp, Hyperparameters), spec, "hyperparameters are not Hyperparameters")
    hp.build([])
    for name, preset in spec.presets.items():
        _check_preset(spec, name, preset)


def _check_dataset(spec: DatasetSpec) -> None:
    kind = "dataset"
    _require(isinstance(spec.id, str) and spec.id.strip() == spec.id != "", spec, "id is no name", kind)
    _require(spec.id not in {one.id for one in BUILT_IN}, spec, "id is that of data of the studio itself", kind)
    _require(isinstance(spec.kind, DataKind), spec, "kind is not a DataKind", kind)
    _require(
        isinstance(spec.source, str) and REFERENCE.fullmatch(spec.source), spec, "source is not module:callable", kind
    )


def _check_called(spec: Called, field: str) -> None:
    kind = type(spec).__name__.removesuffix("Spec").lower()
    _require(
        isinstance(spec.id, str) and MODEL_ID.fullmatch(spec.id), spec, "id is not lower case, digits and dashes", kind
    )
    _require(isinstance(spec.title, str) and spec.title, spec, "title is empty", kind)
    reference = getattr(spec, field)
    _require(
        isinstance(reference, str) and REFERENCE.fullmatch(reference), spec, f"{field} is not module:callable", kind
    )
    if isinstance(spec, ExporterSpec):
        _require(spec.id not in OWN_FORMATS, spec, "id is that of a format of the studio itself", kind)
    endings = () if isinstance(spec, MetricSpec) else _endings(spec)
    _require(
        all(isinstance(one, str) and SUFFIX.fullmatch(one) for one in endings), spec, "ending is not like .abc", kind
    )


def _endings(spec: ImporterSpec | ExporterSpec) -> tuple[str, ...]:
    return spec.suffixes if isinstance(spec, ImporterSpec) else (spec.suffix,)


def _check_preset(spec: ModelSpec, name: str, preset: Preset) -> None:
    _require(isinstance(preset, Preset), spec, f"preset {name!r} is not a Preset")
    _require(isinstance(preset.steps, int) and preset.steps > 0, spec, f"preset {name!r} has no steps")
    try:
        spec.hyperparameters.build(preset.values.items())
    except StudioError as error:
        raise PluginError(f"The preset {name!r} of its model {spec.id!r} is invalid: {error}") from error


def _require(condition: object, spec: ModelSpec | DatasetSpec | Called, problem: str, kind: str = "model") -> None:
    if not condition:
        raise PluginError(f"Its {kind} {spec.id!r} is invalid: the {problem}.")


def _guard(action: Callable[[], T], when: str) -> T:
    try:
        return action()
    except (KeyboardInterrupt, PluginError):
        raise
    except ModuleNotFoundError as error:
        raise PluginError(f"It needs the module {error.name!r}, which is not installed.") from error
    except SyntaxError as error:
        where = Path(error.filename or "its code").name
        raise PluginError(f"It has a syntax error in {where}, line {error.lineno}: {error.msg}.") from error
    except SystemExit as error:
        raise PluginError(f"It called exit({error.code!r}) {when}.") from error
    except BaseException as error:
        raise PluginError(f"It raised {type(error).__name__} {when}: {_sentence(error)}") from error


def _sentence(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or ["no message"]
    text = lines[0][:300]
    return text if text.endswith((".", "?")) else f"{text}."


def _describe(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"


def _qt_loaded() -> set[str]:
    return {package for package in QT_PACKAGES if package in sys.modules}
