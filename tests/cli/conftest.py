"""A `ganvas` command to call in this process, with a toy plugin installed and, where asked for, a run on disk."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.cli.main import main
from tests.engine.plugin_shelf import PluginShelf

TRAINED = ("train", "toy", "--device", "cpu", "--seed", "3")


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Said]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that knows an installed toy plugin, and a broken one."""
    shelf = PluginShelf(tmp_path_factory.mktemp("packages"))
    shelf.register("toy", "tests.cli.toy_plugin", distribution="ganvas-toy", version="3.1")
    shelf.register("toys", "tests.cli.toy_pictures_plugin", distribution="ganvas-toys", version="1.0")
    shelf.register("metrics", "tests.cli.toy_metrics_plugin", distribution="ganvas-metrics", version="1.0")
    shelf.register("formats", "tests.cli.toy_formats_plugin", distribution="ganvas-formats", version="1.0")
    shelf.add("broken", "raise ValueError('bad weather')")
    home = tmp_path_factory.mktemp("installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, str(shelf.folder)])
        patch.setenv("GANVAS_HOME", str(home))
        assert call("plugins").code == 0
        yield home


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for index in range(10):
        Image.fromarray(random.integers(0, 255, (8, 8, 3), np.uint8)).save(folder / f"{index}.png")
    return folder


@pytest.fixture(scope="session")
def trained(installed: Path, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one finished run."""
    home = tmp_path_factory.mktemp("trained")
    shutil.copytree(installed, home, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANVAS_HOME", str(home))
        said = call(*TRAINED, "--data", str(pictures))
    assert said.code == 0, said
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ganvas(installed: Path, home: Path) -> Command:
    """Calls the command in an own home without runs."""
    shutil.copytree(installed, home)
    return call


@pytest.fixture
def ganvas_with_run(trained: Path, home: Path) -> Command:
    """Calls the command in an own home with one finished run."""
    shutil.copytree(trained, home)
    return call


def call(*arguments: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())
