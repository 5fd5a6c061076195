"""check_plugin(): the conformance kit, which authors run in their tests.

```python
def test_conformance():
    report = check_plugin(my_plugin)
    assert report.ok, report
```

`build`, `random_batch` and `train_step` are the bare loop that it uses, for a plugin's own learning tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from studio.api.conformance.declarations import check_declarations, check_spec
from studio.api.conformance.report import Check, Inspector, Report
from studio.api.model import ModelSpec

if TYPE_CHECKING:
    from studio.api.conformance.workbench import build, data_info, random_batch, train_step

__all__ = ["Check", "Report", "build", "check_model", "check_plugin", "data_info", "random_batch", "train_step"]


def check_plugin(module: ModuleType) -> Report:
    """Checks the hooks of a plugin's module, what importing it loads, and every model that it offers.

    Takes seconds a model, on the CPU. Never raises for a faulty plugin: what goes wrong is a failed check, with its
    reason.
    """
    inspector = Inspector(module.__name__)
    models = check_declarations(module, inspector)
    checks = [check for spec in models for check in check_model(spec).checks]
    return Report((*inspector.checks, *checks))


def check_model(spec: ModelSpec, values: Mapping[str, Any] | None = None) -> Report:
    """Checks one model: its declarations, its training on random data of its kind, its capabilities.

    Args:
        spec: what the plugin says of it.
        values: hyperparameters to try it with; the smallest valid resolution and a batch of 4 where they say nothing.
    """
    from studio.api.conformance import rendering, training, workbench

    inspector = Inspector(spec.id)
    check_spec(spec, inspector)
    with workbench.quiet_random_state():
        model = training.check_training(spec, values or {}, inspector)
        if model is not None:
            rendering.check_capabilities(spec, model, inspector)
    return Report(tuple(inspector.checks))


def __getattr__(name: str) -> Any:
    """The bare loop's functions, which need torch, when they are first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from studio.api.conformance import workbench

    return getattr(workbench, name)
