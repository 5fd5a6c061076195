"""The whole window in a process of its own: it is up at once, and ends cleanly when it is asked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

WATCHED = """
import sys
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
import studio.gui.app as app
from studio.gui.main_window import MainWindow

class Watched(MainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        print("shown", sorted({"torch", "numpy", "pydantic", "pyqtgraph"} & set(sys.modules)), flush=True)

    def attach(self, studio, pages=None):
        super().attach(studio, pages)
        QGuiApplication.clipboard().setMimeData(QMimeData())  # somebody copies a picture
        print("attached", flush=True)

app.MainWindow = Watched
"""

TRAINING = """
def begin(studio):
    from studio.engine.commands import TrainPlan
    values = {"resolution": 16, "width": 4, "batch": 8, "log_every": 1}
    studio.session.train(TrainPlan("gan", sys.argv[1], values, steps=1_000_000))

app.begin_demo = begin
"""

OPENED = """
code = app.open_studio(demo=True, safe_mode=True)
print("torch:", "torch" in sys.modules)
sys.exit(code)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run(script: str, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "GANVAS_HOME": str(tmp_path / "home")},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_it_does_without_torch_itself_and_leaves_a_checkpoint_when_asked_to_end(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number, picture in enumerate(np.random.default_rng(0).integers(0, 255, (16, 16, 16, 3), dtype=np.uint8)):
        Image.fromarray(picture).save(pictures / f"{number}.png")
    process = start(WATCHED + TRAINING + OPENED, str(pictures))
    assert line(process) == "shown []"
    assert line(process) == "attached"
    runs = tmp_path / "home" / "runs"
    wait_for(lambda: any(path.stat().st_size for path in runs.glob("*/metrics.jsonl")))
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert out == "torch: False\n"
    assert not list((tmp_path / "home" / "engines").iterdir())
    (run,) = runs.iterdir()
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "stopped"
    assert record["step"] > 0
    assert list((run / "checkpoints").iterdir())
