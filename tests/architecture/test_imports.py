"""The direction of imports that import-linter cannot see: what gets loaded when nobody asked for it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

EVERY_PLUGIN = [entry.value for entry in importlib.metadata.entry_points(group="ganvas.plugins")]
ENGINE = ["studio.engine.worker", "studio.engine.start", "studio.engine.sampling", "studio.data.inspect", "studio.edit"]


def loaded_after(*modules: str) -> set[str]:
    """The top-level packages in `sys.modules` of a new interpreter that has imported `modules`."""
    code = f"import sys, importlib\nfor m in {modules!r}: importlib.import_module(m)\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in result.stdout.split()}


def test_the_engine_and_every_plugin_load_without_qt() -> None:
    assert not loaded_after(*ENGINE, *EVERY_PLUGIN) & {"PySide6", "pyqtgraph", "qtawesome", "superqt", "shiboken6"}


@pytest.mark.parametrize(
    "modules", [["studio.api", *EVERY_PLUGIN], ["studio.cli.main"], ["studio.gui.main_window"], ["studio.edit.latent"]]
)
def test_torch_is_imported_late(modules: list[str]) -> None:
    assert "torch" not in loaded_after(*modules)
