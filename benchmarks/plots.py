"""What live plots cost the GUI thread: redrawing and painting at a million points, and gaps of the event loop.

    uv run python -m benchmarks.plots [--seconds 8] [--width 1000] [--height 420]

Three tables. Redraw: CPU time from new points to pixels, median of 30, for four curves of each length. References:
how far `sys.getrefcount(None)` moves over 300 repaints (it must not fall). Gaps: between the beats of a 4 ms timer,
with the plots at rest and with 300 points a second coming in, as p50, p95, p99 and the longest.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QElapsedTimer, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.engine.events import StepLogged
from studio.gui.event_pump import INTERVAL_MS
from studio.gui.theme import DARK, apply_theme
from studio.gui.training.curves import Curves
from studio.gui.training.plots import PlotPanel

NAMES = ("loss/D", "loss/G", "loss/penalty", "loss/path")
BEAT_MS = 4
POINTS_A_TICK = 10


def curves_of(points: int) -> Curves:
    """Four noisy curves."""
    curves = Curves(0.9)
    x = np.arange(points, dtype=np.float64)
    for seed, name in enumerate(NAMES):
        noise = np.random.default_rng(seed).normal(0, 0.1, points)
        curves.extend(name, x, x / 10, x + 1.7e9, 1 + 0.3 * seed + 0.2 * np.sin(x / points * 9) + noise)
    return curves


def redraw_times(panel: PlotPanel, points: int, rounds: int = 30) -> tuple[float, float]:
    """Milliseconds of the GUI thread to bring the curves up to date, and to paint them."""
    panel.set_run(curves_of(points))
    QApplication.processEvents()
    redraw, paint = [], []
    for number in range(rounds):
        panel.append([StepLogged("", points + number, 0, 0.0, dict.fromkeys(NAMES, 1.0), 0.0, None)])
        begun = time.thread_time()
        panel.view.redraw()
        drawn = time.thread_time()
        panel.view.viewport().repaint()
        redraw.append(drawn - begun)
        paint.append(time.thread_time() - drawn)
    return statistics.median(redraw) * 1000, statistics.median(paint) * 1000


def none_drift(panel: PlotPanel, repaints: int = 300) -> int:
    """How many references to None come or go over some hundred repaints."""
    before = sys.getrefcount(None)
    for _ in range(repaints):
        panel.view.redraw(now=True)
        panel.view.viewport().repaint()
    return sys.getrefcount(None) - before


def gaps(seconds: float, feed: Callable[[], None] | None) -> list[float]:
    """Milliseconds between beats of a 4 ms timer, while `feed` is called as often as the pump would."""
    beats: list[float] = []
    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    pump = QTimer()
    if feed is not None:
        pump.timeout.connect(feed)
        pump.start(INTERVAL_MS)
    beat.start(BEAT_MS)
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < seconds * 1000:
        QApplication.processEvents()
        time.sleep(0.0005)
    beat.stop()
    pump.stop()
    return list(np.diff(beats) * 1000)


def print_gaps(title: str, values: list[float]) -> None:
    p50, p95, p99 = np.percentile(values, (50, 95, 99))
    print(f"{title:<34} {p50:6.1f} {p95:6.1f} {p99:6.1f} {max(values):6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--height", type=int, default=420)
    options = parser.parse_args()
    app = QApplication([])
    apply_theme(app, DARK)
    with tempfile.TemporaryDirectory() as folder:
        panel = PlotPanel(QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat))
        panel.resize(options.width, options.height)
        panel.show()
        measure(panel, options.seconds)


def measure(panel: PlotPanel, seconds: float) -> None:
    print("points     redraw ms  paint ms")
    for points in (2_000, 100_000, 1_000_000):
        redraw, paint = redraw_times(panel, points)
        print(f"{points:>9,}  {redraw:9.1f}  {paint:8.1f}")
    print(f"\nreferences to None over 300 repaints: {none_drift(panel):+d}\n")
    print("gaps, ms                              p50    p95    p99    max")
    print_gaps("at rest", gaps(seconds, None))
    for points in (2_000, 1_000_000):
        panel.set_run(curves_of(points))
        print_gaps(f"live, {points:,} points", gaps(seconds, Feed(panel, points)))


class Feed:
    """Hands the panel ten new points at every tick."""

    def __init__(self, panel: PlotPanel, step: int) -> None:
        self._panel = panel
        self._step = step

    def __call__(self) -> None:
        events = [
            StepLogged("", self._step + number, 0, 0.0, dict.fromkeys(NAMES, 1.0), 0.0, None)
            for number in range(POINTS_A_TICK)
        ]
        self._step += POINTS_A_TICK
        self._panel.append(events)


if __name__ == "__main__":
    main()
