"""Everything public is documented, and every hook is documented and has a test."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import studio.api
import studio.nn
from studio.api import hooks

ROOT = Path(__file__).parents[2]
HOOKS = [name for name in vars(hooks) if name.startswith("studio_")]


def modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def public_objects() -> Iterator[tuple[str, object]]:
    for package in (studio.api, studio.nn):
        for module in modules(package):
            yield module.__name__, module
            for name, value in vars(module).items():
                if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                    continue
                if inspect.isclass(value) or inspect.isfunction(value):
                    yield f"{module.__name__}.{name}", value
                if inspect.isclass(value):
                    yield from public_methods(f"{module.__name__}.{name}", value)


def public_methods(owner: str, cls: type) -> Iterator[tuple[str, object]]:
    for name, value in vars(cls).items():
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property | classmethod)):
            yield f"{owner}.{name}", value


def test_every_public_name_of_the_api_and_of_nn_has_a_docstring() -> None:
    inherited = {"forward", "render"}
    bare = [
        name
        for name, value in public_objects()
        if not inspect.getdoc(value) and name.rpartition(".")[2] not in inherited
    ]
    assert bare == []


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_in_the_authors_guide_and_has_a_test(hook: str) -> None:
    assert inspect.getdoc(getattr(hooks, hook))
    assert f"`{hook}`" in (ROOT / "docs" / "authors" / "plugins.md").read_text()
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    assert hook in tests


def test_the_hooks_fit_on_one_page() -> None:
    assert len(inspect.getsource(hooks).splitlines()) <= 80


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("studio", "plugins", "resources")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
