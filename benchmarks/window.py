"""What the window costs training, and what training costs the window.

    uv run python -m benchmarks.window [--rounds 3] [--seconds 15]

In turn, in one process: the Train page idle; the same DCGAN 64x64 batch 64 in a bare loop; and trained by the device
thread with plots, samples and a live canvas up. A 4 ms timer on the GUI thread measures how late the event loop is.
Reports the p99 gap (target: idle + 15 ms) and pictures per CPU-second of the training thread against the bare loop
(target: 0.90). Wants two free cores: what else runs on the machine shows up in the gaps.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import torch
from PySide6.QtCore import QElapsedTimer, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.training import bare_loop
from studio.data.prepare import prepare
from studio.data.sources import open_source
from studio.engine.commands import TrainPlan
from studio.engine.events import RunState, StepLogged
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import WorkerOptions
from studio.gui.appearance import Appearance
from studio.gui.event_pump import EventPump
from studio.gui.jobs import Jobs
from studio.gui.main_window import MainWindow
from studio.gui.studio import Studio

TICK_MS = 4
VALUES = {"resolution": 64, "batch": 64, "width": 64, "log_every": 1}


class Gaps:
    """How long the event loop kept a 4 ms timer waiting, in milliseconds."""

    def __init__(self) -> None:
        self._clock = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.gaps: list[float] = []

    def measure(self, app: QApplication, seconds: float) -> dict[str, float]:
        """Runs the event loop for a while."""
        self.gaps = []
        self._clock.start()
        self._timer.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            app.processEvents()
            time.sleep(0.0005)
        self._timer.stop()
        return {f"p{q}": float(np.percentile(self.gaps, q)) for q in (50, 95, 99)}

    def _tick(self) -> None:
        self.gaps.append(self._clock.nsecsElapsed() / 1e6)
        self._clock.restart()


def device_thread_seconds() -> float:
    """CPU-seconds of the device thread so far (Linux)."""
    [thread] = [thread for thread in threading.enumerate() if thread.name == "ganvas-device"]
    fields = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Bench:
    """The window with everything that a person would have up, and the bare loop beside it."""

    def __init__(self, app: QApplication, home: Path) -> None:
        self.app = app
        host, store = PluginHost.discover(home), RunStore(home)
        self.bare = bare_loop(host, prepare(open_source("demo:icons"), 64, home / "cache"), VALUES, steps=3)
        self.session = TrainingSession(host, store, WorkerOptions(leave_cores=1))
        settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(Appearance(app, settings), settings)
        self.pump, self.jobs = EventPump(self.session.drain), Jobs()
        self.window.attach(Studio(host, store, self.session, self.pump, self.jobs, settings))
        self.logged: list[StepLogged] = []
        self.pump.subscribe(StepLogged, self.logged.extend)
        self.gaps = Gaps()

    def open(self) -> None:
        """Shows the Train page and begins to train."""
        self.window.resize(1440, 900)
        self.window.show_page("train")
        self.window.show()
        self.pump.start()
        self.session.start()
        self.gaps.measure(self.app, 10)
        self.bare()
        self.session.train(TrainPlan("gan", "demo:icons", VALUES, steps=10**6))
        while not self.logged:
            self.app.processEvents()

    def round(self, seconds: float) -> tuple[float, float]:
        """By how much training raises the p99 gap in ms, and its speed against the bare loop."""
        self.session.pause()
        while self.session.status.state is not RunState.PAUSED:
            self.app.processEvents()
        idle = self.gaps.measure(self.app, seconds)["p99"]
        began = time.thread_time()
        alone = self.bare() / (time.thread_time() - began)
        self.session.proceed()
        self.gaps.measure(self.app, 5)
        images, spent = self.logged[-1].images, device_thread_seconds()
        busy = self.gaps.measure(self.app, seconds)["p99"]
        rate = (self.logged[-1].images - images) / (device_thread_seconds() - spent)
        print(f"gap p99: idle {idle:.1f} ms, training {busy:.1f} ms;  ", end="")
        print(f"pictures per CPU-second: bare {alone:.1f}, window open {rate:.1f}, ratio {rate / alone:.3f}")
        return busy - idle, rate / alone

    def close(self) -> None:
        """Takes everything down."""
        self.session.stop()
        self.pump.stop()
        self.jobs.close()
        self.session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    torch.set_num_threads(1)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(app, Path(folder))
        bench.open()
        late, ratios = zip(*(bench.round(options.seconds) for _ in range(options.rounds)), strict=True)
        print(f"median: p99 gap + {statistics.median(late):.1f} ms (target 15)", end="; ")
        print(f"ratio {statistics.median(ratios):.3f} (target 0.90)")
        bench.close()


if __name__ == "__main__":
    main()
