"""The composition root of the window: makes every object, connects them, and takes them down in order."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio.engine.home import home_folder
from studio.gui.appearance import Appearance
from studio.gui.demo import begin_demo
from studio.gui.event_pump import EventPump
from studio.gui.faults import Faults
from studio.gui.garbage import GarbageCollector
from studio.gui.jobs import Jobs
from studio.gui.main_window import MainWindow
from studio.gui.signals import SignalCatcher

if TYPE_CHECKING:
    from studio.engine.events import Event, Failed
    from studio.engine.places import MakePlace
    from studio.engine.plugins import PluginHost
    from studio.engine.session import TrainingSession

log = logging.getLogger(__name__)

CLOSE_SECONDS = 60.0
WITHOUT_A_DESKTOP = ("eglfs", "linuxfb", "minimal", "offscreen", "vnc")


def main(argv: Sequence[str] | None = None) -> int:
    """`ganvas-studio`: the window without a terminal."""
    parser = argparse.ArgumentParser(prog="ganvas-studio", description="Opens the studio.")
    parser.add_argument("--demo", action="store_true", help="begin to train on the demo data")
    parser.add_argument("--safe-mode", action="store_true", help="built-in plugins alone")
    parser.add_argument("--in-process", action="store_true", help="train in the window's own process")
    options = parser.parse_args(argv)
    return open_studio(demo=options.demo, safe_mode=options.safe_mode, in_process=options.in_process)


def open_studio(
    *, demo: bool = False, safe_mode: bool = False, in_process: bool = False, home: Path | None = None
) -> int:
    """Opens the window and returns when it is closed: the exit status.

    Args:
        demo: begins to train `gan` on the demo icons and shows it.
        safe_mode: finds the built-in plugins alone.
        in_process: trains in this process, not in one that a crash may end without the window.
        home: where runs, caches, logs and settings are; the usual place where None.
    """
    home = home or home_folder()
    with ExitStack() as undo:
        faults = undo.enter_context(Faults(home / "logs"))
        opened = _Opened(_application(), home, faults, undo, demo=demo, safe_mode=safe_mode, in_process=in_process)
        return opened.exec()


def _application() -> QApplication:
    QCoreApplication.setApplicationName("Ganvas")
    QGuiApplication.setDesktopFileName("ganvas")
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])


def _empty_own_clipboard() -> None:
    """Where no desktop has what was copied, Qt deletes it when Python has ended already: a crash."""
    if QGuiApplication.platformName() in WITHOUT_A_DESKTOP:
        QGuiApplication.clipboard().clear()


class _Opened:
    """One opened studio: the window at once, the plugins and the engine as soon as it is up."""

    def __init__(
        self,
        app: QApplication,
        home: Path,
        faults: Faults,
        undo: ExitStack,
        *,
        demo: bool,
        safe_mode: bool,
        in_process: bool,
    ) -> None:
        self._app = app
        self._home = home
        self._faults = faults
        self._undo = undo
        self._demo = demo
        self._safe_mode = safe_mode
        self._in_process = in_process
        self._session: TrainingSession | None = None
        self._settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        self._appearance = Appearance(app, self._settings)
        self._window = MainWindow(self._appearance, self._settings)
        self._jobs = Jobs()
        self._pump = EventPump(self._drain)
        self._garbage = GarbageCollector()
        signals = SignalCatcher(self._window.stop_and_close, self._end_at_once)
        undo.callback(signals.close)

    def exec(self) -> int:
        """Runs until the window is closed, then takes everything down."""
        if self._demo:
            self._window.show_page("train")
        self._window.show()
        self._garbage.start()
        self._pump.start()
        QTimer.singleShot(0, self._window, self._find_plugins)
        try:
            return self._app.exec()
        finally:
            self._take_down()

    def _find_plugins(self) -> None:
        """After the first paint, off the GUI thread: a plugin not seen before is tried in a process of its own."""

        def find() -> PluginHost:
            from studio.engine.plugins import PluginHost

            return PluginHost.discover(self._home, safe_mode=self._safe_mode)

        self._jobs.run(self._window, find, self._furnish, self._give_up)

    def _give_up(self, error: Exception) -> None:
        """There is nothing to show without plugins but why there are none."""
        self._faults.report(error)
        for told in self._faults.drain():
            self._window.tell_why_not(cast("Failed", told))

    def _furnish(self, host: PluginHost) -> None:
        from studio.engine.events import DeviceReady
        from studio.engine.runs import RunStore
        from studio.engine.session import TrainingSession
        from studio.engine.worker import WorkerOptions
        from studio.gui.studio import Studio

        store = RunStore(self._home)
        self._session = TrainingSession(host, store, WorkerOptions(leave_cores=1, nice=10), self._place())
        self._pump.subscribe(DeviceReady, lambda _events: self._garbage.freeze())
        self._studio = Studio(host, store, self._session, self._pump, self._jobs, self._settings)
        self._window.attach(self._studio)
        self._session.start()
        if self._demo:
            begin_demo(self._studio)

    def _place(self) -> MakePlace:
        from studio.engine.engine_process import EngineProcess
        from studio.engine.places import ProcessOptions
        from studio.engine.worker import DeviceWorker

        if self._in_process:
            return DeviceWorker
        return partial(EngineProcess, process=ProcessOptions(safe_mode=self._safe_mode))

    def _drain(self) -> list[Event]:
        told = self._session.drain() if self._session else []
        return [*told, *self._faults.drain()]

    def _take_down(self) -> None:
        self._pump.stop()
        self._jobs.close()
        if self._session is not None and not self._session.close(CLOSE_SECONDS):
            log.error("The device thread did not end in %.0f s.", CLOSE_SECONDS)
        self._garbage.stop()
        self._settings.sync()
        _empty_own_clipboard()

    def _end_at_once(self) -> None:
        """The second Ctrl-C: no more waiting. What was saved before is kept."""
        logging.shutdown()
        os._exit(130)
