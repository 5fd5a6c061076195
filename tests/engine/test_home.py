"""Where the home is."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.api import StudioError
from studio.engine.home import home_folder, make_home


def test_the_environment_moves_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GANVAS_HOME", str(tmp_path))
    assert home_folder() == tmp_path
    monkeypatch.setenv("GANVAS_HOME", "~/studio")
    assert home_folder() == Path.home() / "studio"
    monkeypatch.setenv("GANVAS_HOME", "here")
    assert home_folder() == Path.cwd() / "here"


def test_the_home_is_the_platforms_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANVAS_HOME", raising=False)
    assert home_folder().is_absolute()
    assert "ganvas" in str(home_folder())


def test_the_home_is_made(tmp_path: Path) -> None:
    make_home(tmp_path / "deep" / "home")
    make_home(tmp_path / "deep" / "home")
    assert (tmp_path / "deep" / "home").is_dir()


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match="cannot be made: .* Set GANVAS_HOME"):
        make_home(tmp_path / "file" / "home")
