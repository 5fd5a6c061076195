"""The process that plugins are first loaded in, each in a child of its own that may raise, exit, hang or crash.

Run as `python -m studio.engine.plugin_nursery FOLDER`. It reads `FOLDER/plugins.json` and leaves one `N.json` for each
plugin there. `studio.api` is imported once, here; where the platform can fork safely, the children start with it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from importlib.metadata import EntryPoint
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from studio.api import ENTRY_POINT_GROUP
from studio.engine.plugin_loading import PluginError, load
from studio.engine.plugin_probe import MOST_PATIENCE

AT_ONCE = max(4, os.cpu_count() or 1)
MEMORY_LIMIT = 4 * 2**30
OUTPUT_LIMIT = 16 * 2**20
OUTPUT_SHOWN = 4000


class Child:
    """One plugin being loaded: for `limit` seconds of a machine at rest, `patience` times as many of this one."""

    def __init__(self, folder: Path, index: int, name: str, value: str, limit: float, patience: float) -> None:
        self._result = folder / f"{index}.json"
        self._output = folder / f"{index}.txt"
        self._limit = limit
        self._process = _start((name, value, self._result, self._output, limit * patience))
        self.deadline = time.monotonic() + limit * patience

    @property
    def sentinel(self) -> int:
        """Becomes ready when the process has ended."""
        return self._process.sentinel

    def finish(self) -> None:
        """Ends the process and all that it started, and leaves a result whatever happened."""
        if time.monotonic() < self.deadline:
            self._process.join(1.0)  # the sentinel is ready a moment before the process can be waited for
        late = self._process.is_alive()
        _end_group(self._process)
        self._process.join()
        if not self._result.exists():
            _write(self._result, {"error": self._ending(late), "detail": ""})
        with contextlib.suppress(OSError):
            self._add_output()
        self._process.close()

    def _ending(self, late: bool) -> str:
        code = self._process.exitcode or 0
        if late:
            return f"It was not loaded after {self._limit:g} seconds."
        if code < 0:
            return f"It crashed Python with {signal.Signals(-code).name} while it was loaded."
        return f"It ended the Python process with exit code {code} while it was loaded."

    def _add_output(self) -> None:
        result = json.loads(self._result.read_text("utf-8"))
        output = self._output.read_bytes()[-OUTPUT_SHOWN:].decode("utf-8", "replace").strip()
        if output:
            result["detail"] = f"{result['detail']}\nIts output:\n{output}".strip()
            _write(self._result, result)


def main() -> None:
    """Loads every plugin that `plugins.json` names."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = Path(sys.argv[1])
    task = json.loads((folder / "plugins.json").read_text("utf-8"))
    slow = patience(time.monotonic() - task["began"], time.process_time())
    waiting = deque(enumerate(task["plugins"]))
    running: list[Child] = []
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                index, (name, value) = waiting.popleft()
                running.append(Child(folder, index, name, value, task["limit"], slow))
            running = _wait_for_one(running)
    finally:
        for child in running:
            child.deadline = 0.0
            child.finish()


def patience(elapsed: float, computed: float) -> float:
    """How many times as long as on a machine at rest things take here, 1 to 6, by what it took to get this far.

    A plugin that imports torch takes seconds anyhow, and is not to be called hung because the machine is busy.

    Args:
        elapsed: seconds since this process was begun.
        computed: seconds of a processor that it has had.
    """
    return min(max(elapsed / max(computed, 0.01), 1.0), MOST_PATIENCE)


def _wait_for_one(running: list[Child]) -> list[Child]:
    first = min(child.deadline for child in running)
    ended = wait([child.sentinel for child in running], max(0.0, first - time.monotonic()))
    still = []
    for child in running:
        if child.sentinel in ended or time.monotonic() >= child.deadline:
            child.finish()
        else:
            still.append(child)
    return still


def _start(arguments: tuple[str, str, Path, Path, float]) -> BaseProcess:
    process: BaseProcess
    if sys.platform == "linux":
        process = multiprocessing.get_context("fork").Process(target=_load_and_leave, args=arguments)
    else:
        process = multiprocessing.get_context("spawn").Process(target=_load_and_leave, args=arguments)
    process.start()
    return process


def _load_and_leave(name: str, value: str, result: Path, output: Path, limit: float) -> None:
    _confine(output)
    faulthandler.enable()
    faulthandler.dump_traceback_later(limit * 0.9)
    try:
        found = load(EntryPoint(name, value, ENTRY_POINT_GROUP))
        _write(result, {"models": found.model_ids, "offers": found.offers, "error": "", "detail": ""})
    except PluginError as fault:
        _write(result, {"error": str(fault), "detail": fault.detail})
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # Exit handlers and threads of the plugin's get no say.


def _confine(output: Path) -> None:
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if sys.platform != "win32":
        import resource

        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))


def _end_group(process: BaseProcess) -> None:
    if sys.platform != "win32" and process.pid:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _write(path: Path, result: dict[str, Any]) -> None:
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(result), "utf-8")
    beside.replace(path)


if __name__ == "__main__":
    main()
