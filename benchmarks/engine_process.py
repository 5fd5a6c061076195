"""The device thread in this process against one in a process of its own: what a person with a hand on a slider feels.

    uv run python -m benchmarks.engine_process [--rounds 5] [--seconds 8]

The two take turns in one run, the other one paused: DCGAN 64x64 batch 64 trains while a slider of a latent canvas is
dragged all the time. Latency is from asking for a picture to its being drained on the GUI thread; the gap is how long
the event loop kept a 4 ms timer waiting. Wants two free cores: what else runs on the machine shows up in both.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.window import VALUES, Gaps
from studio.engine.commands import TrainPlan
from studio.engine.engine_process import EngineProcess
from studio.engine.events import Rendered, RunOpened, RunState
from studio.engine.places import MakePlace
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import DeviceWorker, WorkerOptions
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.event_pump import EventPump
from studio.gui.jobs import Jobs
from studio.gui.studio import Studio
from studio.gui.theme import DARK, apply_theme

HAND_MS = 16
QUANTILES = (50, 95, 99)


class TimedSession(TrainingSession):
    """Remembers when each picture was asked for."""

    def __init__(self, host: PluginHost, store: RunStore, place: MakePlace) -> None:
        super().__init__(host, store, WorkerOptions(leave_cores=1), place)
        self.asked: dict[int, float] = {}

    def render(self, client, run, request, *, held=False):
        asked = time.monotonic()
        serial = super().render(client, run, request, held=held)
        self.asked[serial] = asked
        return serial


class Side:
    """One place with a run in training and a canvas of it."""

    def __init__(self, app: QApplication, home: Path, host: PluginHost, name: str, place: MakePlace) -> None:
        self.app, self.name = app, name
        self.session = TimedSession(host, RunStore(home), place)
        self.pump, self.jobs = EventPump(self.session.drain), Jobs()
        settings = QSettings(str(home / f"{name}.ini"), QSettings.Format.IniFormat)
        studio = Studio(host, RunStore(home), self.session, self.pump, self.jobs, settings)
        self.opened: list[RunOpened] = []
        self.latencies: list[float] = []
        self.pump.subscribe(RunOpened, self.opened.extend)
        self.pump.subscribe(Rendered, self._take)
        self.pump.start()
        self.session.start()
        self.session.train(TrainPlan("gan", "demo:icons", VALUES, steps=10**6, device="cpu"))
        self.until(lambda: self.opened and self.session.status.state is RunState.TRAINING)
        self.door = CanvasHost(studio, self.opened[0].run, self.opened[0].facts, name)
        self.canvas = LatentCanvas(self.door, compact=True)
        self.canvas.show()
        self.until(lambda: self.latencies)
        self.pause()

    def until(self, holds) -> None:
        """Lets the window live until something holds."""
        while not holds():
            self.app.processEvents()
            time.sleep(0.001)

    def pause(self) -> None:
        """Holds training and the hand."""
        self.session.pause()
        self.until(lambda: self.session.status.state is RunState.PAUSED)
        self.canvas.hide()

    def round(self, gaps: Gaps, seconds: float) -> tuple[list[float], list[float]]:
        """Latencies and gaps in milliseconds."""
        self.canvas.show()
        self.session.proceed()
        slider = self.canvas.panel.point.psi
        hand = QTimer()
        hand.setInterval(HAND_MS)
        hand.timeout.connect(lambda: slider.changed.emit(0.5 + 0.5 * math.sin(time.monotonic())))
        hand.start()
        gaps.measure(self.app, 2)
        self.latencies = []
        gaps.measure(self.app, seconds)
        hand.stop()
        latencies = self.latencies
        self.pause()
        return latencies, list(gaps.gaps)

    def close(self) -> None:
        """Takes everything down."""
        self.door.close()
        self.canvas.close()
        self.pump.stop()
        self.jobs.close()
        self.session.close()

    def _take(self, answers) -> None:
        now = time.monotonic()
        self.latencies.extend((now - self.session.asked[answer.serial]) * 1000 for answer in answers)


def quantiles(values: list[float]) -> str:
    """p50, p95 and p99."""
    return " / ".join(f"{np.percentile(values, q):6.1f}" for q in QUANTILES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    app = QApplication([])
    apply_theme(app, DARK)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        host, gaps = PluginHost.discover(home), Gaps()
        places: dict[str, MakePlace] = {"in-process": DeviceWorker, "child": EngineProcess}
        sides = [Side(app, home, host, name, place) for name, place in places.items()]
        found = {side.name: ([], []) for side in sides}
        print("p50 / p95 / p99 in ms".rjust(40))
        for number in range(options.rounds):
            for side in sides if number % 2 == 0 else sides[::-1]:
                latencies, waits = side.round(gaps, options.seconds)
                found[side.name][0].extend(latencies)
                found[side.name][1].extend(waits)
                print(f"{side.name:10}  latency {quantiles(latencies)}   gap {quantiles(waits)}")
        for name, (latencies, waits) in found.items():
            print(
                f"all: {name:10}  latency {quantiles(latencies)}   gap {quantiles(waits)}   {len(latencies)} pictures"
            )
        for side in sides:
            side.close()


if __name__ == "__main__":
    main()
