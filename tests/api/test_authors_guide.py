"""The plugin in the authors' guide is found, keeps the contract and trains, exactly as it is printed there."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from studio.api.testing import check_plugin
from studio.engine.plugins import PluginHost

GUIDE = Path(__file__).parents[2] / "docs" / "authors" / "plugins.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    offers, does, *_ = blocks("python")
    package = tmp_path / "site" / "least_squares"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(offers)
    (package / "model.py").write_text(does)
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    yield importlib.import_module("least_squares")
    for name in [name for name in sys.modules if name.startswith("least_squares")]:
        del sys.modules[name]


def test_it_keeps_the_contract(plugin: ModuleType) -> None:
    report = check_plugin(plugin)
    assert report.ok, str(report)


def test_it_is_found_through_its_entry_point(plugin: ModuleType, tmp_path: Path) -> None:
    [(name, value)] = tomllib.loads(blocks("toml")[0])["project"]["entry-points"]["ganvas.plugins"].items()
    host = PluginHost.discover(tmp_path / "home", entry_points=[EntryPoint(name, value, "ganvas.plugins")])
    [status] = host.plugins
    assert (status.ok, status.models) == (True, ("least-squares",))
    assert host.load_model("least-squares").__name__ == "LeastSquares"
