"""What every test gets: a home of its own, few torch threads, and failure when it leaves something behind."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests that learn for minutes")
    parser.addoption("--from-event", default=0, type=int, help="where the long runs of random events begin")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mark = pytest.mark.skip(reason="learns for minutes; --slow runs it")
    if config.getoption("--slow"):
        mark = pytest.mark.timeout(3600)
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(mark)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANVAS_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _leaves_no_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(timeout=30)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"


@pytest.fixture(autouse=True)
def _logs_no_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, f"errors were logged: {errors}"


@pytest.fixture(autouse=True)
def _leaves_the_environment_alone() -> Iterator[None]:
    before = dict(os.environ)
    yield
    changed = {name for name in before.keys() | os.environ.keys() if before.get(name) != os.environ.get(name)}
    ours = {name for name in changed if not name.startswith(("PYTEST_", "TORCH"))} - {"GANVAS_HOME"}
    assert not ours, f"environment changed: {ours}"
