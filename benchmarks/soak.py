"""What an engine that trains and answers in this process holds in memory, minute by minute.

    uv run python -m benchmarks.soak [--minutes 10] [--warm-up 120] [--model gan] [--preset quick]

A canvas asks for pictures all the time, and every second for one of held weights, as a film does; a checkpoint is
written every 20 steps. Prints resident memory every ten seconds, and its slope after the warm-up by least squares:
wanted is less than 5 MB/h. Minutes cannot show that of an hour: the longer it runs, the more the figure means.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from studio.engine.commands import TrainPlan
from studio.engine.events import Failed, RunOpened, StepLogged
from studio.engine.plugins import PluginHost
from studio.engine.previews import SeedsRequest
from studio.engine.runs import RunStore
from studio.engine.session import TrainingSession
from studio.engine.worker import WorkerOptions

SAMPLE_SECONDS = 10.0
KEEP_SECONDS = 1.0
WANTED = 5.0


class Soak:
    """A run in training, and what is asked of it.

    Attributes:
        step: the newest step that was told.
    """

    def __init__(self, home: Path, model: str, preset: str) -> None:
        host = PluginHost.discover(home)
        values = {**host.model(model).presets[preset].values, "checkpoint_every": 20, "log_every": 1}
        self.session = TrainingSession(host, RunStore(home), WorkerOptions(leave_cores=1))
        self.session.start()
        self.session.train(TrainPlan(model, "demo:icons", values, steps=10**9, device="cpu"))
        self.step, self._run, self._kept = 0, "", 0.0

    def live(self, seconds: float) -> None:
        """Asks, keeps and listens."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.session.wait(0.05)
            for event in self.session.drain():
                match event:
                    case RunOpened(run):
                        self._run = run
                    case StepLogged(step=step):
                        self.step = step
                    case Failed(message):
                        raise SystemExit(message)
            if self._run:
                self._ask()

    def _ask(self) -> None:
        self.session.render("canvas", self._run, SeedsRequest(1, 4))
        if time.monotonic() - self._kept > KEEP_SECONDS:
            self._kept = time.monotonic()
            self.session.cancel("film")
            self.session.render("film", self._run, SeedsRequest(1, 1), held=True)


def resident_megabytes() -> float:
    """Resident memory, after collecting what nobody needs. Linux alone."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--warm-up", type=float, default=120.0, help="seconds")
    parser.add_argument("--model", default="gan")
    parser.add_argument("--preset", default="quick")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        soak = Soak(Path(home), options.model, options.preset)
        soak.live(options.warm_up)
        began, first = time.monotonic(), soak.step
        rows = [(0.0, resident_megabytes())]
        while rows[-1][0] < options.minutes * 60:
            soak.live(SAMPLE_SECONDS)
            rows.append((time.monotonic() - began, resident_megabytes()))
            print(f"{rows[-1][0]:6.0f} s  step {soak.step:7,}  {rows[-1][1]:7.1f} MB", flush=True)
        soak.session.close()
    seconds, megabytes = np.array(rows).T
    slope = np.polyfit(seconds / 3600, megabytes, 1)[0]
    grown = megabytes[-1] - megabytes[0]
    print(f"{grown:+.1f} MB in {soak.step - first:,} steps; {slope:+.1f} MB/h (wanted: less than {WANTED:g})")


if __name__ == "__main__":
    main()
