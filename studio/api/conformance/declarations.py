"""What a plugin says of itself: its hooks, its specs, its hyperparameters, and what importing it costs."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import pluggy

from studio.api import hooks
from studio.api.canvas import CanvasSpec
from studio.api.conformance.report import Inspector, require
from studio.api.data import DatasetSpec
from studio.api.files import ExporterSpec, ImporterSpec
from studio.api.hyperparameters import Hyperparameters
from studio.api.metrics import MetricSpec
from studio.api.model import GanModel, ModelSpec

PRODUCTS: Mapping[str, tuple[type, str]] = {
    "studio_models": (ModelSpec, "model"),
    "studio_datasets": (DatasetSpec, "source"),
    "studio_canvases": (CanvasSpec, "widget"),
    "studio_metrics": (MetricSpec, "metric"),
    "studio_importers": (ImporterSpec, "reader"),
    "studio_exporters": (ExporterSpec, "writer"),
}
QT = ("PySide6", "PyQt6", "PySide2", "PyQt5", "pyqtgraph", "qtpy")
SECONDS = 120

_PROBE = """
import importlib, json, sys
def loaded(names):
    return [name for name in names if name in sys.modules]
plugin, models, qt = json.loads(sys.argv[1])
importlib.import_module(plugin)
at_import = loaded(["torch", *qt])
for model in models:
    importlib.import_module(model)
print(json.dumps([at_import, loaded(qt)]))
"""


def check_declarations(module: ModuleType, inspector: Inspector) -> list[ModelSpec]:
    """Checks the hooks and all that they return; gives the models that can be tried."""
    manager = pluggy.PluginManager("ganvas")
    manager.add_hookspecs(hooks)
    with inspector.check("every hook has a known name and known arguments"):
        manager.register(module)
        manager.check_pending()
    models: list[ModelSpec] = []
    for hook, (kind, reference) in PRODUCTS.items():
        products: list[Any] = []
        if callable(getattr(module, hook, None)):
            with inspector.check(f"{hook} returns {kind.__name__}s"):
                products = _products(manager, hook, kind)
        for product in products:
            with inspector.check(f"{product.id}: its {reference} can be found"):
                _find_module(getattr(product, reference))
            if isinstance(product, ImporterSpec | ExporterSpec):
                with inspector.check(f"{product.id}: its file endings are lower case, with the dot"):
                    _check_endings(product)
        models += [product for product in products if isinstance(product, ModelSpec)]
    with inspector.check("importing it loads neither torch nor Qt, and its models load no Qt"):
        _probe_imports(module, models)
    return models


def check_spec(spec: ModelSpec, inspector: Inspector) -> None:
    """Checks what a model says of itself: words, hyperparameters, presets."""
    with inspector.check("id, title and summary can be shown and typed"):
        require(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", spec.id), "id: lower case, digits and single dashes only.")
        require(spec.title and spec.summary, "title or summary is empty.")
        require("\n" not in spec.summary, "summary is more than one line.")
    with inspector.check("every hyperparameter is described, and its default is valid"):
        require(issubclass(spec.hyperparameters, Hyperparameters), "hyperparameters is not a Hyperparameters type.")
        spec.hyperparameters.build([])
        for info in spec.hyperparameters.describe():
            require(info.description, f"{info.name} has no description.")
            above_zero = info.minimum is not None and info.minimum > 0
            require(not info.log or above_zero, f"{info.name} is logarithmic but has no lower bound above 0.")
    with inspector.check("there are presets quick and paper, and all presets are valid"):
        missing = {"quick", "paper"} - set(spec.presets)
        require(not missing, f"There is no preset {' and no preset '.join(sorted(missing))}.")
        for name, preset in spec.presets.items():
            spec.hyperparameters.build(preset.values.items())
            require(preset.steps > 0, f"{name} has {preset.steps} steps.")
            require(preset.summary, f"{name} has no summary.")
    with inspector.check("its capabilities are Protocols that canvases can ask for"):
        for capability in spec.capabilities:
            require(getattr(capability, "_is_runtime_protocol", False), f"{capability!r} is no runtime Protocol.")


def model_class(spec: ModelSpec) -> type[GanModel]:
    """The class that `spec.model` names.

    Raises:
        BrokenPromiseError: it is not there, or is not a GanModel.
    """
    module_name, _, class_name = spec.model.partition(":")
    found = getattr(importlib.import_module(module_name), class_name, None)
    require(isinstance(found, type) and issubclass(found, GanModel), f"{spec.model} is not a subclass of GanModel.")
    assert isinstance(found, type)
    return found


def _products(manager: pluggy.PluginManager, hook: str, kind: type) -> list[Any]:
    returned = getattr(manager.hook, hook)()
    require(returned, "It returned None.")
    products = [product for part in returned for product in part]
    for product in products:
        require(isinstance(product, kind), f"It returned {product!r}.")
    return products


def _check_endings(spec: ImporterSpec | ExporterSpec) -> None:
    for ending in spec.suffixes if isinstance(spec, ImporterSpec) else (spec.suffix,):
        require(re.fullmatch(r"(\.[a-z0-9_-]+)+", ending), f"{ending!r} is not of the form .abc.")


def _find_module(reference: str) -> None:
    module_name, colon, name = reference.partition(":")
    require(colon and name, f"{reference!r} is not of the form module:name.")
    require(importlib.util.find_spec(module_name), f"There is no module {module_name}.")


def _probe_imports(module: ModuleType, models: Sequence[ModelSpec]) -> None:
    asked = json.dumps([module.__name__, [spec.model.partition(":")[0] for spec in models], QT])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.run(
        [sys.executable, "-c", _PROBE, asked],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    require(child.returncode == 0, f"It cannot be imported in a fresh process: {child.stderr.strip()[-300:]}")
    at_import, by_models = json.loads(child.stdout.splitlines()[-1])
    require(not at_import, f"Importing {module.__name__} loads {', '.join(at_import)}.")
    require(not by_models, f"Importing its models loads {', '.join(by_models)}.")
