"""Every way a plugin can go wrong when it is found: it is listed with the reason, and everything else works."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import filelock
import pytest

from studio.engine import plugin_probe
from studio.engine.plugins import PluginHost, PluginStatus
from tests.engine.plugin_shelf import FAULTY, GOOD, shelf_on_path

NOISY = """
import os, sys
print("\\x1b[31m garbage \\udcff", file=sys.stderr)
os.write(1, b"\\x00\\xff" * 50_000)

@hookimpl
def studio_models():
    print("more garbage")
    return [spec("noisy")]
"""

HANGS = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(3600)
"""

LEAVES_A_PROCESS = """
import subprocess, sys
code = "import filelock, sys, time; filelock.FileLock(sys.argv[1]).acquire(); print('held', flush=True); time.sleep(99)"
child = subprocess.Popen([sys.executable, "-c", code, {lock!r}], stdout=subprocess.PIPE)
child.stdout.readline()

import threading, time
threading.Thread(target=time.sleep, args=(3600,)).start()
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PluginHost]:
    with shelf_on_path(tmp_path_factory.mktemp("shelf")) as shelf:
        (shelf.folder / "PySide6.py").touch()
        shelf.add("good", GOOD)
        shelf.add("noisy", NOISY)
        for name, (source, _) in FAULTY.items():
            shelf.add(name, source)
        shelf.register("nowhere", "shelf_nowhere")
        shelf.register("gibberish", "not a module!")
        yield PluginHost.discover(tmp_path_factory.mktemp("home"), entry_points=shelf.entry_points())


def status_of(host: PluginHost, name: str) -> PluginStatus:
    return next(status for status in host.plugins if status.id == name)


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_plugin_is_listed_with_its_reason(host: PluginHost, name: str) -> None:
    status = status_of(host, name)
    assert not status.ok
    assert FAULTY[name][1] in status.error
    assert status.error.endswith(".")
    assert "\n" not in status.error
    assert (status.distribution, status.version) == (f"ganvas-{name.replace('_', '-')}", "1.0")


@pytest.mark.parametrize("name", ["nowhere", "gibberish"])
def test_an_entry_point_that_leads_nowhere_is_listed(host: PluginHost, name: str) -> None:
    assert not status_of(host, name).ok


@pytest.mark.parametrize("name", ["raises", "syntax", "hook_raises", "missing", "segfaults"])
def test_the_detail_shows_where_it_happened(host: PluginHost, name: str) -> None:
    assert f"shelf_{name}.py" in status_of(host, name).detail


def test_the_others_work(host: PluginHost) -> None:
    assert {status.id for status in host.plugins if status.ok} == {"good", "noisy"}
    assert list(host.models()) == ["good", "noisy"]


def test_what_a_plugin_prints_goes_nowhere(host: PluginHost, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(host, "noisy").ok
    assert capfd.readouterr() == ("", "")


def test_a_plugin_that_hangs_is_ended_and_shows_where(tmp_path: Path) -> None:
    with shelf_on_path(tmp_path / "shelf") as shelf:
        shelf.add("hangs", HANGS)
        (status,) = PluginHost.listing(tmp_path / "home", entry_points=shelf.entry_points(), limit=2.0)
    assert status.error == "It was not loaded after 2 seconds."
    assert "shelf_hangs.py" in status.detail


def test_on_a_busy_machine_a_slow_plugin_is_not_called_hung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_minute_ago = SimpleNamespace(monotonic=lambda: time.monotonic() - 60)
    monkeypatch.setattr(plugin_probe, "time", a_minute_ago)
    with shelf_on_path(tmp_path / "shelf") as shelf:
        shelf.add("slow", f"import time\ntime.sleep(2)\n{GOOD}")
        (status,) = PluginHost.listing(tmp_path / "home", entry_points=shelf.entry_points(), limit=0.5)
    assert status.ok, status.detail


def test_no_process_and_no_thread_is_left(tmp_path: Path) -> None:
    lock = tmp_path / "held.lock"
    threads = threading.active_count()
    children = _children()
    with shelf_on_path(tmp_path / "shelf") as shelf:
        shelf.add("leaves", LEAVES_A_PROCESS.format(lock=str(lock)) + GOOD)
        (status,) = PluginHost.listing(tmp_path / "home", entry_points=shelf.entry_points())
    assert status.ok, status
    with filelock.FileLock(lock, timeout=60):  # released by the death of the process that held it
        assert threading.active_count() == threads
        assert _children() == children


def test_a_plugin_that_breaks_only_here_is_kept_out_and_remembered(tmp_path: Path) -> None:
    here = f"import os\nif os.getpid() == {os.getpid()}:\n    raise SystemExit('not here')\n"
    with shelf_on_path(tmp_path / "shelf") as shelf:
        shelf.add("good", GOOD)
        shelf.add("shy", here + GOOD.replace("good", "shy"))
        host = PluginHost.discover(tmp_path / "home", entry_points=shelf.entry_points())
        again = PluginHost.listing(tmp_path / "home", entry_points=shelf.entry_points())
    assert list(host.models()) == ["good"]
    assert "called exit('not here')" in status_of(host, "shy").error
    assert again == host.plugins


def _children() -> set[str]:
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        pytest.skip("needs /proc")
    return {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
