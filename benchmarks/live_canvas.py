"""A live latent canvas while DCGAN trains: pictures shown a second, and how long each took from asking to screen.

    uv run python -m benchmarks.live_canvas [--seconds 20] [--resolution 64] [--batch 64] [--width 64] [--device auto]

Two rounds: `weights`, where nobody touches anything and the canvas follows the weights, and `hand`, where a slider is
dragged all the time. Wanted on two CPU cores: 7 pictures a second and a p95 of 150 ms; on a GPU 30 and 33 ms.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from studio.engine.commands import TrainPlan
from studio.engine.events import DeviceReady, Failed, Rendered, RunOpened, StepLogged
from studio.engine.plugins import PluginHost
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import WorkerOptions
from studio.gui.canvases.host import CanvasHost
from studio.gui.canvases.latent import LatentCanvas
from studio.gui.event_pump import EventPump
from studio.gui.jobs import Jobs
from studio.gui.studio import Studio
from studio.gui.theme import DARK, apply_theme

HAND_MS = 16


class TimedSession(TrainingSession):
    """Remembers when each picture was asked for."""

    def __init__(self, host: PluginHost, store: RunStore) -> None:
        super().__init__(host, store, WorkerOptions(leave_cores=1))
        self.asked: dict[int, float] = {}

    def render(self, client, run, request, *, held=False):
        asked = time.monotonic()
        serial = super().render(client, run, request, held=held)
        self.asked[serial] = asked
        return serial


class Measurement:
    """The times of pictures shown since `begin`."""

    def __init__(self, session: TimedSession, pump: EventPump) -> None:
        self._session = session
        self.step = 0
        self.begin()
        pump.subscribe(Rendered, self._take)
        pump.subscribe(StepLogged, self._train)

    def begin(self) -> None:
        """Forgets what was before."""
        self.shown: list[float] = []
        self.latencies: list[float] = []
        self.weights: set[int] = set()

    def _take(self, answers: Sequence[Rendered]) -> None:
        for answer in answers:
            now = time.monotonic()
            self.shown.append(now)
            self.latencies.append((now - self._session.asked[answer.serial]) * 1000)
            self.weights.add(answer.step)

    def _train(self, news: Sequence[StepLogged]) -> None:
        self.step = news[-1].step

    def report(self, name: str) -> None:
        """Prints one line."""
        seconds = self.shown[-1] - self.shown[0]
        latencies = sorted(self.latencies)
        p95 = latencies[math.ceil(len(latencies) * 0.95) - 1]
        print(
            f"{name}: {(len(self.shown) - 1) / seconds:.1f} pictures/s of {len(self.weights) / seconds:.1f} weights/s, "
            f"latency median {statistics.median(latencies):.0f} ms, p95 {p95:.0f} ms ({len(self.shown)} pictures)"
        )


def wait(milliseconds: int) -> None:
    """Lets the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(pump: EventPump, kind: type) -> list:
    """The first events of a kind."""
    loop, found = QEventLoop(), []

    def take(events: Sequence) -> None:
        found.extend(events)
        loop.quit()

    def fail(events: Sequence[Failed]) -> None:
        raise SystemExit(f"{events[0].message} {events[0].remedy}\n{events[0].detail}")

    pump.subscribe(kind, take)
    pump.subscribe(Failed, fail)
    loop.exec()
    pump.unsubscribe(kind, take)
    pump.unsubscribe(Failed, fail)
    return found


def measure(canvas: LatentCanvas, measurement: Measurement, seconds: int) -> None:
    """Both rounds."""
    wait(3000)
    measurement.begin()
    wait(seconds * 1000)
    measurement.report("weights")
    slider = canvas.panel.point.psi
    hand = QTimer()
    hand.setInterval(HAND_MS)
    hand.timeout.connect(lambda: slider.changed.emit(0.5 + 0.5 * math.sin(time.monotonic())))
    hand.start()
    wait(1000)
    measurement.begin()
    wait(seconds * 1000)
    measurement.report("hand   ")
    hand.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()
    app = QApplication([])
    apply_theme(app, DARK)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        host, store = PluginHost.discover(home), RunStore(home)
        session = TimedSession(host, store)
        pump, jobs = EventPump(session.drain), Jobs()
        settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        studio = Studio(host, store, session, pump, jobs, settings)
        pump.start()
        session.start()
        print(wait_for(pump, DeviceReady)[0].name, f"{os.cpu_count()} cores")
        values = {"resolution": options.resolution, "batch": options.batch, "width": options.width, "log_every": 1}
        session.train(TrainPlan("gan", "demo:icons", values, steps=10**6, device=options.device))
        opened = wait_for(pump, RunOpened)[0]
        door = CanvasHost(studio, opened.run, opened.facts, "bench")
        measurement = Measurement(session, pump)
        canvas = LatentCanvas(door, compact=True)
        canvas.show()
        measure(canvas, measurement, options.seconds)
        print(f"trained to step {measurement.step}")
        door.close()
        canvas.close()
        pump.stop()
        jobs.close()
        session.close()


if __name__ == "__main__":
    main()
