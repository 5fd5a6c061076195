"""How the command starts: quickly, with or without a window, and what becomes of errors."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio import __version__
from studio.api import StudioError
from studio.cli.surroundings import Surroundings
from tests.cli.conftest import Command, call


@pytest.mark.parametrize(
    "arguments", [["--help"], ["plugins"], ["plugins", "--json"], ["--version"], ["train", "--help"]]
)
def test_the_quick_commands_import_nothing_slow(ganvas: Command, arguments: list[str]) -> None:
    code = f"""
import sys
from studio.cli.main import main
code = main({arguments!r})
slow = {{"torch", "numpy", "pydantic", "rich", "PIL", "PySide6", "studio.api"}} & set(sys.modules)
sys.exit(f"imported: {{slow}}" if slow else code)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, stdout=subprocess.DEVNULL)


def test_the_version_is_told() -> None:
    assert call("--version").out == f"ganvas {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["fly"], ["train"], ["train", "gan"], ["models", "--colour"], ["sample", "latest"]]
)
def test_a_misused_command_ends_with_2(arguments: list[str]) -> None:
    said = call(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"demo": False, "safe_mode": False, "in_process": False}),
        (["--safe-mode"], {"demo": False, "safe_mode": True, "in_process": False}),
        (["demo"], {"demo": True, "safe_mode": False, "in_process": False}),
        (["--in-process", "demo"], {"demo": True, "safe_mode": False, "in_process": True}),
    ],
)
def test_the_studio_opens(
    arguments: list[str], expected: dict[str, bool], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[dict[str, Any]] = []

    def open_studio(**options: Any) -> int:
        opened.append(options)
        return 7

    monkeypatch.setattr("studio.gui.app.open_studio", open_studio)
    assert call(*arguments).code == 7
    assert opened == [{**expected, "home": home}]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_no_window_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = call("demo")
    assert said.code == 2
    assert said.err.startswith("There is no screen to open a window on. Train without one: ")


def test_without_qt_no_window_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = call()
    assert said.code == 2
    assert said.err.startswith("The window needs PySide6, which is not installed here. ")


def test_what_a_person_can_mend_is_one_sentence_and_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Surroundings, "listing", _raise(StudioError("The disk is full.", "Free some space.")))
    said = call("plugins")
    assert (said.code, said.out, said.err) == (2, "", "The disk is full. Free some space.\n")


def test_a_bug_is_a_traceback_and_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Surroundings, "listing", _raise(ZeroDivisionError("nothing to divide by")))
    said = call("plugins", "--json")
    assert said.code == 1
    assert said.out == ""
    assert "ZeroDivisionError: nothing to divide by" in said.err
    assert "ganvas doctor --report" in said.err


def _raise(error: Exception) -> Any:
    def raising(*_: Any, **__: Any) -> None:
        raise error

    return raising
