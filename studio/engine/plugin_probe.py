"""Loads plugins in processes of their own and reports how it went, without importing any of them here."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

LIMIT_SECONDS = 10.0
START_SECONDS = 60.0
MOST_PATIENCE = 6.0


@dataclass(frozen=True)
class Finding:
    """What came of loading a plugin.

    Attributes:
        models: the ids of its models.
        offers: kind and id of everything else.
        error: one sentence; empty where it works.
        detail: traceback and output.
        settled: False where the check itself could not be made, so that it should be made again.
    """

    models: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    error: str = ""
    detail: str = ""
    settled: bool = True


def probe(entry_points: Sequence[EntryPoint], limit: float = LIMIT_SECONDS) -> list[Finding]:
    """One finding for each plugin, in order; several run at once.

    No plugin gets longer than `limit` seconds, or up to `MOST_PATIENCE` times as long where the machine is that slow.
    """
    if not entry_points:
        return []
    with tempfile.TemporaryDirectory(prefix="ganvas-plugins-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        task = {"limit": limit, "began": time.monotonic(), "plugins": [(one.name, one.value) for one in entry_points]}
        (folder / "plugins.json").write_text(json.dumps(task), "utf-8")
        problem = _run_nursery(folder, START_SECONDS + MOST_PATIENCE * limit * math.ceil(len(entry_points) / 4))
        return [_read(folder / f"{index}.json", problem) for index in range(len(entry_points))]


def _run_nursery(folder: Path, timeout: float) -> str:
    log = folder / "nursery.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "studio.engine.plugin_nursery", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=_environment(),
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return f"The check took longer than {timeout:g} seconds."
        finally:
            _end(process)
    return log.read_text("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    path = [str(Path(entry).absolute()) for entry in sys.path]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    # Forking is safe only while there is one thread, and what a plugin prints must not fail for want of an encoding.
    output = {"PYTHONIOENCODING": "utf-8:backslashreplace"}
    return {**os.environ, **one_thread, **output, "PYTHONPATH": os.pathsep.join(path)}


def _read(path: Path, problem: str) -> Finding:
    try:
        found = json.loads(path.read_text("utf-8"))
        return Finding(tuple(found.get("models", ())), tuple(found.get("offers", ())), found["error"], found["detail"])
    except (OSError, ValueError):
        return Finding(error="It could not be checked.", detail=problem, settled=False)
